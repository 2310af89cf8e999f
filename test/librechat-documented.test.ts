import { readFileSync } from 'node:fs';
import { configSchema } from 'librechat-data-provider';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startInstallation } from './installation.ts';

const pages = ['README.md', 'README.zh-CN.md', 'docs/librechat.md', 'docs/librechat.zh-CN.md'];

/** The yaml on a page that is for LibreChat's own file; the rest is for compose. */
function yamlOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, body = '']) => body);
  return blocks.filter((block) => !/^services:/m.test(block));
}

describe.each(pages)('%s', (page) => {
  test('shows only yaml that LibreChat takes', () => {
    const blocks = yamlOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      const written = parse(block);
      const read = configSchema.parse({ version: '1.3.0', ...written });
      // Nothing is dropped as unknown.
      for (const name of Object.keys(written)) expect(read).toHaveProperty([name]);
      expect(read.mcpServers?.['video']).toEqual(
        written.mcpServers?.video && expect.objectContaining(written.mcpServers.video),
      );
    }
  });
});

test('what the pages show for an address is what the service says for it', { timeout: 60_000 }, async () => {
  await using installation = await startInstallation();
  const api = await installation.startApi();
  const served = async (address: string) =>
    (await fetch(`${api.url}/librechat/librechat.yaml?address=${encodeURIComponent(address)}`)).text();

  for (const page of pages.filter((path) => path.startsWith('docs/'))) {
    const blocks = yamlOf(page);
    expect(blocks).toContain(await served('http://video-proxy:8080'));
    const onZeabur = parse(await served('http://video-proxy.zeabur.internal:8080'));
    const { mcpSettings, actions } = onZeabur;
    expect(blocks.map((block) => parse(block))).toContainEqual({ mcpSettings, actions });
  }
  const inReadme = parse(yamlOf('README.md')[0] ?? '');
  expect(parse(await served('http://video-proxy:8080'))).toMatchObject(inReadme);
});
