import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A page with everything that was wrong with it so far. */
export interface SeenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about, and requests to other places. */
  readonly complaints: readonly string[];
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<SeenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(url).origin) complaints.push(`asked ${origin}`);
  });
  await page.goto(url);
  return { page, context, complaints };
}

/** What keeps people from using the page as it is now, each with where it is. */
export async function violationsOf(page: Page): Promise<string[]> {
  // A script of the test and not of the page, whose policy would refuse it.
  const results = await page.evaluate(`${axe.source}; axe.run()`);
  const found = (results as { violations: { id: string; nodes: { html: string }[] }[] }).violations;
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
