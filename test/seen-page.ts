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

/** Runs in the page. Names and codes are no sentences; what users and the provider wrote is quoted, and a record is shown as it is. */
const findEnglish = `(() => {
  const sentence = /[A-Za-z][\\w'’]*(?:[,:;]? [A-Za-z][\\w'’]*){2,}/;
  const found = [];
  const look = (text) => { if (sentence.test(text.replace(/“[^”]*”/g, ''))) found.push(text.trim()); };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (parentElement.closest('q, blockquote, pre, code, script, noscript, style') === null) look(data);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    for (const name of ['aria-label', 'title', 'placeholder']) look(element.getAttribute(name) ?? '');
  }
  return found;
})()`;

/** Every sentence of English that the service says on a page which is not in English. */
export async function englishOn(page: Page): Promise<string[]> {
  return (await page.evaluate(findEnglish)) as string[];
}
