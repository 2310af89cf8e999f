import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildConsole, builtConsole, press, settled, signIn } from './console-page.ts';
import { type Api, type Installation, providerKey, startInstallation } from './installation.ts';
import { englishOn, openPage, violationsOf } from './seen-page.ts';

const path = findBrowser(process.env);
const operatorKey = 'key-of-the-operators';
const incidentRequestId = 'hRNOI9BMsuLeZ76UNdGhS';
const firstLoadMaxBytes = 200_000;
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(buildConsole, 120_000);

test('the first load of the console is at most 200 KB', async () => {
  const page = await readFile(join(builtConsole, 'index.html'));
  const loaded = Array.from(page.toString().matchAll(/(?:src|href)="\/ops\/([^"]+)"/g), ([, file]) => file ?? '');
  expect(loaded.length).toBeGreaterThan(1);
  const files = await Promise.all(loaded.map((file) => readFile(join(builtConsole, file))));
  const bytes = [page, ...files].reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  expect(bytes).toBeLessThanOrEqual(firstLoadMaxBytes);
});

describe.skipIf(path === null)('the console in a browser (needs Chromium)', { timeout: 120_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser(path ?? '');
  });
  afterAll(() => browser.close());

  describe('the incident, with fifty jobs', () => {
    const newKey = 'b'.repeat(32);

    async function keyFile(): Promise<string> {
      const directory = await mkdtemp(join(tmpdir(), 'console-key-'));
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      await writeFile(join(directory, 'key'), providerKey);
      return join(directory, 'key');
    }

    /** Two jobs go well; then the provider refuses the key, and 48 come that fail of it or wait. */
    async function suffer({ sandbox: { control } }: Installation, api: Api): Promise<string[]> {
      const first = await api.create('the first');
      await api.ended(first.id);
      const second = await api.create('the second');
      await expect.poll(() => control.creates().accepted).toBe(2);
      control.script('create', 'incident answer-delay=1', 1_000);
      control.script('billing', 'incident', 1_000);
      const later: string[] = [];
      for (let n = 3; n <= 50; n += 1) later.push((await api.create(`a red balloon, take ${n}`)).id);
      await expect
        .poll(async () => {
          const jobs = await Promise.all(later.map((id) => api.read(id)));
          return jobs.filter(({ status, hold }) => status === 'failed' || hold !== null).length;
        })
        .toBe(48);
      return [first.id, second.id, ...later];
    }

    const countFailed = async (api: Api, ids: readonly string[]) =>
      (await Promise.all(ids.map((id) => api.read(id)))).filter(({ status }) => status === 'failed').length;

    test('an operator sees the refused key, mends it, watches the jobs go, retries what failed, and finds it all in the audit', async () => {
      const file = await keyFile();
      await using installation = await startInstallation({
        AI_ML_API_KEY: '',
        AI_ML_API_KEY_FILE: file,
        OPS_KEY: operatorKey,
        SUBMIT_CONCURRENCY: '6',
        PROBE_INTERVAL_SECONDS: '3600',
      });
      const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
      const ids = await suffer(installation, api);
      const failed = await countFailed(api, ids);
      expect(failed).toBeGreaterThan(0);

      const { page, complaints } = await openPage(browser, `${api.url}/ops`, {
        locale: 'en-GB',
        viewport: { width: 1280, height: 800 },
      });
      await signIn(page, 'not the key');
      await page.getByRole('alert').waitFor();
      await signIn(page, operatorKey, 'Ada 小林');

      // The cause, and what the support of the provider will ask for, without a click or a scroll.
      await page.getByRole('heading', { name: 'The provider refuses the API key' }).waitFor();
      const quoted = await page.locator('.attention').getByText(incidentRequestId).boundingBox();
      expect(quoted?.y).toBeLessThan(800);

      await page.locator('.attention').getByRole('link', { name: 'Open' }).first().click();
      await page.getByRole('heading', { name: 'What to do, in order' }).waitFor();
      installation.sandbox.control.reset();
      installation.sandbox.control.setState({ apiKey: newKey });
      await writeFile(file, newKey);
      await page.getByRole('button', { name: 'Read the key again' }).click();
      await page.getByRole('button', { name: 'Ask the provider now' }).click();
      await page.getByRole('status').filter({ hasText: 'Accepted' }).first().waitFor();

      await press(page, 'g', 'o');
      await page
        .locator('.figure', { hasText: 'Waiting' })
        .locator('strong', { hasText: /^0$/ })
        .waitFor({ timeout: 90_000 });

      await press(page, 'g', 'f');
      const group = page.locator('.group', { hasText: 'Key rejected by the provider' });
      await group.getByText('Safe to retry').waitFor();
      expect(await group.locator('.group-count').textContent()).toBe(String(failed));
      await group.getByRole('button', { name: 'Preview retry' }).click();
      const dialog = page.getByRole('dialog');
      const jobs = failed === 1 ? '1 job' : `${failed} jobs`;
      await dialog.getByText(`${jobs} would be sent again`).waitFor();
      await dialog.getByLabel('Reason').fill('the key was replaced');
      await dialog.getByRole('button', { name: `Retry ${jobs}` }).click();
      await dialog.getByText('Finished').waitFor();
      await dialog.getByText(`${failed} done`).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByText('No failures in this time.').waitFor();
      const ended = await Promise.all(ids.map((id) => api.ended(id)));
      expect(ended.filter(({ status }) => status !== 'completed')).toEqual([]);

      await press(page, 'g', 'a');
      for (const action of ['Retry many', 'Ask the provider', 'Read the key again']) {
        const entry = page.locator('.audit > li', { hasText: action }).first();
        await entry.locator('.badge', { hasText: 'done' }).waitFor();
        await entry.getByText('Ada 小林').waitFor();
      }
      await page.getByText('the key was replaced').waitFor();
      // A browser reports the two refused sign-ins as errors.
      expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    });
  });

  describe('every page', () => {
    let installation: Installation;
    let api: Api;
    const hostile = `<script>document.title = 'stolen'</script><img src=x onerror="document.title = 'stolen'"> \u202Eمرحبا \u{1F3AC}\u200B ${'x'.repeat(5_000)} ${'word '.repeat(3_000)}`;
    const jobIds: string[] = [];

    beforeAll(async () => {
      installation = await startInstallation({ OPS_KEY: operatorKey, OPS_READ_KEY: 'key-to-look-with' });
      [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
      for (const prompt of [hostile, 'a fox [sandbox:moderation]']) {
        const { id } = await api.create(prompt);
        await api.ended(id);
        jobIds.push(id);
      }
    });

    afterAll(() => installation[Symbol.asyncDispose]());

    const places = () => [
      '',
      '/failures',
      '/jobs?status=failed',
      ...jobIds.map((id) => `/jobs/${id}`),
      '/credential',
      '/dispatch',
      '/audit',
    ];

    test.each([
      ['light', 1280, 'en-GB'],
      ['dark', 1280, 'zh-CN'],
      ['dark', 375, 'en-GB'],
      ['light', 375, 'zh-CN'],
    ] as const)(
      'keeps nobody out, is no wider than the screen and runs nothing of a prompt: %s, %i, %s',
      async (colorScheme, width, locale) => {
        const { page, context, complaints } = await openPage(browser, `${api.url}/ops`, {
          colorScheme,
          locale,
          viewport: { width, height: 800 },
        });
        onTestFinished(() => context.close());
        await page.locator('input').first().fill(operatorKey);
        await page.locator('button[type=submit]').click();
        await settled(page);
        for (const place of places()) {
          await page.goto(`${api.url}/ops${place}`);
          await settled(page);
          expect(await violationsOf(page), place).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth'), place).toBeLessThanOrEqual(width);
          expect(await page.title(), place).not.toContain('stolen');
        }
        expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
      },
    );

    describe('in Chinese', () => {
      const operator = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' };

      async function post(path: string, body: object): Promise<{ id: string }> {
        const response = await fetch(`${api.url}${path}`, {
          method: 'POST',
          headers: operator,
          body: JSON.stringify(body),
        });
        expect(response.ok, `${path}: ${response.status}`).toBe(true);
        return (await response.json()) as { id: string };
      }

      async function signedIn(): Promise<Page> {
        const { page, context } = await openPage(browser, `${api.url}/ops`, { locale: 'zh-CN' });
        onTestFinished(() => context.close());
        await page.getByLabel('运维密钥').fill(operatorKey);
        await page.getByRole('button', { name: '登录' }).click();
        await page.getByRole('heading', { name: '总览' }).waitFor();
        return page;
      }

      /** It waits for its turn while the picture goes that it was to begin with. */
      async function withoutItsPicture(): Promise<string> {
        const form = new FormData();
        form.set('purpose', 'user_data');
        form.set('file', new Blob([png]), '风筝.png');
        const upload = await fetch(`${api.url}/v1/files`, { method: 'POST', body: form });
        const file = (await upload.json()) as { id: string };
        await post('/ops/api/dispatch/pause', { reason: '供应商维护' });
        const model = 'google/veo-3.1-i2v';
        const response = await fetch(`${api.url}/v1/jobs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model, prompt: '风筝', parameters: { image_url: file.id } }),
        });
        const { id } = (await response.json()) as { id: string };
        await fetch(`${api.url}/v1/files/${file.id}`, { method: 'DELETE' });
        await post('/ops/api/dispatch/resume', {});
        return id;
      }

      /** What the service itself has to find words for: an answer that stayed away, a file that is none, a request that cannot be sent. */
      const misfortunes: Readonly<Record<string, string>> = {
        'reset accepted': '连接中断',
        'html accepted': '答复是一个网页',
        'poll-empty': '正文为空',
        'poll-reset': '连接中断',
        'fails=null': '没有说明错误',
        'invalid-payload': '视频供应商拒绝了这个请求',
        'too-large': '请求超过了视频供应商接受的大小',
        'file-html': 'HTML 网页',
        'file-empty': '文件是空的',
        'file-truncated': '视频文件不完整',
        'file-no-index': '缺少索引',
        'file-audio-only': '音频文件',
      };

      test('no page of a job that met with misfortune, and none that its owner sees, says a sentence of English', async () => {
        const expected = new Map([[await withoutItsPicture(), '已被删除']]);
        for (const [words, text] of Object.entries(misfortunes)) {
          expected.set((await api.create(`风筝 [sandbox:${words}]`)).id, text);
        }
        const jobs = await Promise.all([...expected.keys()].map((id) => api.ended(id)));
        const page = await signedIn();
        for (const { id, links } of jobs) {
          await page.goto(`${api.url}/ops/jobs/${id}`);
          await settled(page);
          const text = await page.locator('main').innerText();
          expect(text).toContain(expected.get(id));
          expect(text).not.toMatch(/undefined|NaN/);
          expect(await englishOn(page), expected.get(id) ?? '').toEqual([]);
          await page.goto(links.watch);
          expect(await englishOn(page), links.watch).toEqual([]);
        }
      });

      async function readAll(page: Page, places: readonly string[]): Promise<void> {
        for (const place of places) {
          await page.goto(`${api.url}/ops${place}`);
          await settled(page);
          expect(await englishOn(page), place).toEqual([]);
        }
      }

      test('no other page does either, nor a preview, nor what comes of a question that the provider does not answer', async () => {
        const page = await signedIn();
        await readAll(page, ['', '/jobs?status=failed', '/dispatch', '/audit', '/failures']);
        await page.getByRole('button', { name: '预览删除' }).first().click();
        await page.getByRole('dialog').getByText('将被删除').waitFor();
        expect(await englishOn(page)).toEqual([]);
        await readAll(page, ['/credential']);
        installation.sandbox.control.script('billing', 'reset', 2);
        await page.getByRole('button', { name: '立即询问供应商' }).click();
        await page.getByText('供应商没有答复：连接中断').waitFor();
        expect(await englishOn(page)).toEqual([]);
        await page.goto(`${api.url}/v/01k00000000000000000000000nothing`);
        expect(await englishOn(page)).toEqual([]);
      });

      test('nor does any while the provider limits requests or refuses the key, but for what it says itself', async () => {
        const { control } = installation.sandbox;
        const page = await signedIn();
        control.script('create', 'rate-limited', 1_000);
        const limited = await api.create('风筝');
        await expect
          .poll(async () => (await api.read(limited.id)).hold)
          .toMatchObject({ code: 'provider_rate_limited' });
        await readAll(page, ['', '/dispatch', `/jobs/${limited.id}`]);
        control.reset();
        await api.ended(limited.id);

        control.script('create', 'incident', 1_000);
        control.script('billing', 'incident', 1_000);
        const refused = await api.ended((await api.create('风筝')).id);
        const waiting = await api.create('风筝');
        await expect.poll(async () => (await api.read(waiting.id)).hold).not.toBeNull();
        await readAll(page, ['', '/dispatch', `/jobs/${refused.id}`, `/jobs/${waiting.id}`, '/credential']);
        await page.getByRole('button', { name: '立即询问供应商' }).click();
        await page.getByText('供应商拒绝了这个账户').waitFor();
        expect(await englishOn(page)).toEqual([]);
        await page.goto(waiting.links.watch);
        expect(await englishOn(page)).toEqual([]);
        control.reset();
        await api.ended(waiting.id);
      });
    });

    test('who may only look finds nothing to order with', async () => {
      const { page, context } = await openPage(browser, `${api.url}/ops`, { locale: 'en-GB' });
      onTestFinished(() => context.close());
      await signIn(page, 'key-to-look-with');
      await settled(page);
      await page.goto(`${api.url}/ops/failures`);
      await settled(page);
      await page.locator('.group').first().waitFor();
      expect(await page.getByRole('button', { name: /Preview/ }).count()).toBe(0);
    });

    test('a page that breaks says so, and the others work', async () => {
      const { page, context } = await openPage(browser, `${api.url}/ops`, { locale: 'en-GB' });
      onTestFinished(() => context.close());
      await signIn(page, operatorKey);
      await settled(page);
      await page.route('**/ops/api/audit*', (route) => route.fulfill({ json: { entries: 'none of this' } }));
      await press(page, 'g', 'a');
      await page.getByRole('alert').getByText('This page cannot be shown').waitFor();
      await press(page, 'g', 'f');
      await page.getByRole('heading', { name: 'Failures' }).waitFor();
      await page.locator('.group').first().waitFor();
    });

    test('a search is in the address, and found again by it', async () => {
      const { page, context } = await openPage(browser, `${api.url}/ops`, { locale: 'en-GB' });
      onTestFinished(() => context.close());
      await signIn(page, operatorKey);
      await settled(page);
      await press(page, '/');
      await page.waitForSelector('input[type=search]:focus');
      await page.keyboard.type(jobIds[1] ?? '');
      await press(page, 'Enter');
      await page.waitForURL((url) => url.href.includes(jobIds[1] ?? 'none'));
      await page.reload();
      await settled(page);
      await page
        .getByText((jobIds[1] ?? '').slice(-8))
        .first()
        .waitFor();
    });
  });
});
