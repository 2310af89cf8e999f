import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolders, readEnvFile, withEnvFile } from '../../src/env-file.ts';
import { temporaryFolder } from '../run-cli.ts';
import { diagnose } from './diagnosis.ts';

const key = 'sk-aimlapi-0123456789abcdef0123456789abcdef';

test('a .env file is loaded', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, '.env'), `AI_ML_API_KEY=${key}\nAIMLAPI_BASE_URL=http://127.0.0.1:9\n`);
  const diagnosis = await diagnose({}, [], folder.path);
  expect(diagnosis.checks.find(({ id }) => id === 'api_key')).toMatchObject({ status: 'ok' });
  expect(diagnosis.checks.find(({ id }) => id === 'env_file')?.finding).toContain(join(folder.path, '.env'));
});

test('a .env file that says something else than the environment is named, and the environment wins', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, '.env'), 'PROVIDER=aimlapi\nAI_ML_API_KEY="quoted-in-the-file"\n');
  const diagnosis = await diagnose({ PROVIDER: 'sandbox' }, [], folder.path);
  expect(diagnosis.of('env_file_differs')).toMatchObject({
    status: 'warn',
    finding: expect.stringContaining('PROVIDER'),
  });
  expect(diagnosis.of('env_file_quotes')).toMatchObject({ status: 'warn' });
  expect(diagnosis.of('key_missing')).toBeUndefined();
});

test('the environment wins over the file, an empty variable included', () => {
  const file = { path: '.env', values: { PORT: '1', HOST: 'a' }, quotedNames: [] };
  expect(withEnvFile({ PORT: '2', HOST: '' }, file)).toEqual({ PORT: '2', HOST: '' });
});

test('a byte order mark and Windows line ends do no harm', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, '.env'), '\uFEFFPORT=9000\r\nHOST=::1\r\n');
  expect(readEnvFile([folder.path])?.values).toEqual({ PORT: '9000', HOST: '::1' });
});

test('a subfolder of the project finds its .env, a folder elsewhere does not', async () => {
  await using project = await temporaryFolder();
  const inside = join(project.path, 'docs');
  await mkdir(inside);
  expect(projectFolders(inside, project.path)).toEqual([inside, project.path]);
  expect(projectFolders(project.path, project.path)).toEqual([project.path]);
  expect(projectFolders('/somewhere/else', project.path)).toEqual(['/somewhere/else']);
  expect(projectFolders(`${project.path}-other`, project.path)).toEqual([`${project.path}-other`]);
});
