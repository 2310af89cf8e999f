import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildConsole, press, settled, signIn } from './console-page.ts';
import { type Api, type Installation, startInstallation } from './installation.ts';
import { openPage, violationsOf } from './seen-page.ts';

const path = findBrowser(process.env);
const operatorKey = 'key-of-the-operators';

/** Runs in the page. */
const play = `(async () => {
  const video = document.querySelector('video');
  video.muted = true;
  await video.play();
  return { width: video.videoWidth, failed: video.error?.message ?? null };
})()`;

describe.skipIf(path === null)('orders in the console (needs Chromium)', { timeout: 60_000 }, () => {
  let browser: Browser;
  let installation: Installation;
  let api: Api;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    await buildConsole();
    browser = await startBrowser(path ?? '');
    receiver = await startWebhookReceiver();
    installation = await startInstallation({
      OPS_KEY: operatorKey,
      PROBE_INTERVAL_SECONDS: '3600',
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      CLIENT_WEBHOOKS: `local=${receiver.url}`,
      OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
    });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await installation[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function open(place: string, options: BrowserContextOptions = {}): Promise<Page> {
    const seen = await openPage(browser, `${api.url}/ops${place}`, { locale: 'en-GB', ...options });
    onTestFinished(() => seen.context.close());
    await signIn(seen.page, operatorKey, 'Ada');
    await settled(seen.page);
    return seen.page;
  }

  const failed = async () => (await api.ended((await api.create('a kite [sandbox:moderation]')).id)).id;

  test('the video of a job plays in its page', async () => {
    const { id } = await api.ended((await api.create('a kite')).id);
    const page = await open(`/jobs/${id}`);
    expect(await page.evaluate(play)).toEqual({ width: 640, failed: null });
  });

  test('one job is sent again only after a preview, and the audit has the reason', async () => {
    const id = await failed();
    const page = await open(`/jobs/${id}`);
    await page.getByRole('button', { name: 'Retry' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 job would be sent again').waitFor();
    expect((await api.read(id)).attempt).toBe(1);
    await dialog.getByLabel('Reason').fill('the rules have changed');
    await dialog.getByRole('button', { name: 'Retry 1 job' }).click();
    await page.getByText('The job was sent again.').waitFor();
    expect(await api.ended(id)).toMatchObject({ attempt: 2 });
    await page.goto(`${api.url}/ops/audit?target=${id}`);
    await page.getByText('the rules have changed').waitFor();
  });

  test('a deleted job is gone, and who looks at it is told', async () => {
    const id = await failed();
    const page = await open(`/jobs/${id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 job' }).click();
    await page.waitForURL(`${api.url}/ops/jobs`);
    await page.goto(`${api.url}/ops/jobs/${id}`);
    await page.getByText('There is no such job').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'a preview keeps nobody out, closes on Esc without an order, and gives the focus back: %s',
    async (colorScheme) => {
      const id = await failed();
      const page = await open(`/jobs/${id}`, { colorScheme, viewport: { width: 375, height: 720 } });
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByText('would be deleted').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await press(page, 'Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('button:focus', { hasText: 'Delete' }).waitFor();
      expect((await api.read(id)).status).toBe('failed');
    },
  );

  test('a webhook that its receiver did not take is sent again with a click, and the audit has it', async () => {
    receiver.answer(500);
    const { id } = await api.ended((await api.create('a kite')).id);
    const calls = () => receiver.calls.filter(({ body }) => body.includes(id)).length;
    await expect.poll(calls).toBeGreaterThan(0);
    const page = await open(`/jobs/${id}`);
    const delivery = page.locator('li', { hasText: 'video.completed' });
    await delivery.getByText('it answered 500').waitFor();
    receiver.answer(200);
    await delivery.getByRole('button', { name: 'Send again' }).click();
    await delivery.locator('.badge', { hasText: 'delivered' }).waitFor();
    await page.goto(`${api.url}/ops/audit`);
    const entry = page.locator('.audit > li', { hasText: 'Send a webhook again' }).first();
    await entry.getByText('Ada').waitFor();
  });

  test('a pause is told to who waits in the words of the operator, and ends with a click', async () => {
    const page = await open('/dispatch');
    await page.getByRole('button', { name: 'Pause submissions' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason, shown to users').fill('The provider is being repaired.');
    await dialog.getByRole('button', { name: 'Pause submissions' }).click();
    await page.getByRole('heading', { name: 'Submissions are paused' }).waitFor();
    const { id } = await api.create('a kite');
    const user = 'a-user-with-a-very-long-name'.repeat(4);
    const other = await api.create('a kite', { 'x-librechat-user-id': user });
    await page.getByRole('link', { name: user }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    await expect
      .poll(async () => (await api.read(id)).hold)
      .toMatchObject({ code: 'paused', message: expect.stringContaining('The provider is being repaired.') });
    await page.getByRole('button', { name: 'Resume submissions' }).click();
    await page.getByRole('heading', { name: 'Not paused' }).waitFor();
    for (const job of [id, other.id]) expect((await api.ended(job)).status).toBe('completed');
  });

  test('an order that did not arrive is not carried out later by itself, and the page says that it may not have been', async () => {
    const page = await open('/dispatch');
    await page.getByRole('button', { name: 'Pause submissions' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason, shown to users').fill('never arrives');
    await page.context().setOffline(true);
    await dialog.getByRole('button', { name: 'Pause submissions' }).click();
    await dialog.getByText('The API did not answer, so this may not have been done.').waitFor();
    await page.context().setOffline(false);
    await dialog.getByRole('button', { name: 'Back' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Not paused' }).waitFor();
    await page.goto(`${api.url}/ops/audit`);
    await page.locator('.audit > li').first().waitFor();
    expect(await page.getByText('never arrives').count()).toBe(0);
  });

  test('the queues beneath open without another sign-in', async () => {
    const page = await open('/dispatch');
    await page.getByRole('button', { name: 'Look at the queues beneath' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/ops/queues'));
    await page
      .getByRole('link', { name: /submit/i })
      .first()
      .waitFor();
  });

  test('every page is reached with the keyboard, and its heading has the focus then', async () => {
    const page = await open('');
    for (const [key, heading] of Object.entries({
      f: 'Failures',
      c: 'Credential',
      q: 'Queues & workers',
      a: 'Audit',
    })) {
      await press(page, 'g', key);
      await page.locator('h1:focus', { hasText: heading }).waitFor();
    }
  });

  test('without an operator key whoever works on this machine is not asked for one', async () => {
    const open = await installation.startApi({ OPS_KEY: '' });
    const { page, context } = await openPage(browser, `${open.url}/ops`, { locale: 'en-GB' });
    onTestFinished(() => context.close());
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await page.getByLabel('Operator key').count()).toBe(0);
  });

  test('language and theme are chosen once, and kept', async () => {
    const page = await open('', { colorScheme: 'light' });
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '深色主题' }).click();
    await page.reload();
    await page.getByRole('heading', { name: '总览' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});
