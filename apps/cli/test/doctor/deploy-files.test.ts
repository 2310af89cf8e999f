import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineDeployFiles, readDeployFiles } from '../../src/doctor/checks/zeabur.ts';
import { projectFolder } from '../../src/start/program-paths.ts';
import { temporaryFolder } from '../run-cli.ts';
import { diagnose } from './diagnosis.ts';

const causesOf = (path: string, text: string) => examineDeployFiles([{ path, text }]).map(({ cause }) => cause);
const zeaburJson = (env: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ services: { 'video-proxy': { env: { PORT: '8080', ...env } } } });

test('the placeholder of the incident is found in ./zeabur.json', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'zeabur.json'), zeaburJson({ AI_ML_API_KEY: 'your-aimlapi-key-here' }));
  const diagnosis = await diagnose({ PROVIDER: 'sandbox' }, [], folder.path);
  expect(diagnosis.of('zeabur_placeholder')).toMatchObject({
    status: 'fail',
    finding: expect.stringContaining('AI_ML_API_KEY'),
  });
  expect(diagnosis.code).toBe(1);
});

describe('files for Zeabur', () => {
  test.each(['<your key>', `\${AI_ML_API_KEY}`, 'sk-aimlapi-xxx...', 'YOUR_API_KEY', 'changeme', '***'])(
    '%s is a placeholder in JSON',
    (value) => {
      expect(causesOf('zeabur.json', zeaburJson({ AI_ML_API_KEY: value }))).toEqual(['zeabur_placeholder']);
    },
  );

  test('other shapes of a variable are read as well', () => {
    expect(causesOf('zeabur.json', JSON.stringify({ env: [{ key: 'AI_ML_API_KEY', value: 'changeme' }] }))).toEqual([
      'zeabur_placeholder',
    ]);
    expect(causesOf('zeabur.json', JSON.stringify({ env: { AI_ML_API_KEY: { default: 'changeme' } } }))).toEqual([
      'zeabur_placeholder',
    ]);
  });

  test('a placeholder in a template is found, a reference that the platform fills in is not one', () => {
    expect(causesOf('template.yaml', 'env:\n  AI_ML_API_KEY:\n    default: sk-xxx\n')).toEqual(['zeabur_placeholder']);
    expect(causesOf('template.yaml', `env:\n  CLIENT_KEYS:\n    default: \${PASSWORD}\n  AI_ML_API_KEY: ""\n`)).toEqual(
      ['ok'],
    );
  });

  test('a committed key is found and not printed', () => {
    const key = 'sk-aimlapi-0123456789abcdef0123456789abcdef';
    const findings = examineDeployFiles([{ path: 'zeabur.json', text: zeaburJson({ AI_ML_API_KEY: key }) }]);
    expect(findings).toEqual([expect.objectContaining({ status: 'fail', cause: 'zeabur_key_committed' })]);
    expect(JSON.stringify(findings)).not.toContain(key);
  });

  test('a file that is not JSON is a warning', () => {
    expect(causesOf('zeabur.json', '{ services: }')).toEqual(['zeabur_unreadable']);
  });

  test('the files of this project are clean', () => {
    expect(examineDeployFiles(readDeployFiles([projectFolder()]))).toEqual([expect.objectContaining({ status: 'ok' })]);
  });

  test('files under deploy/ are looked at, too', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'deploy', 'zeabur'), { recursive: true });
    await writeFile(join(folder.path, 'deploy', 'zeabur', 'template.yaml'), 'AI_ML_API_KEY: <key>\n');
    expect(examineDeployFiles(readDeployFiles([folder.path]))).toEqual([
      expect.objectContaining({ cause: 'zeabur_placeholder' }),
    ]);
  });
});
