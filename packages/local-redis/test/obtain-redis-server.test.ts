import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedisServer } from '../src/redis-server/find.mjs';
import { obtainRedisServer } from '../src/redis-server/obtain.mjs';
import { runCommand } from '../src/redis-server/run-command.mjs';
import { fakeMachine, REDIS_SERVER } from './fake-programs.ts';

const DOCKER_WITH_IMAGE = `case "$1" in
  context) echo unix:///var/run/docker.sock ;;
  version | image) echo yes ;;
esac`;

const DOCKER_THAT_CAN_PULL = `case "$1" in
  context) echo unix:///var/run/docker.sock ;;
  version) echo 28 ;;
  image) exit 1 ;;
  pull) exit 0 ;;
esac`;

const DOCKER_WITHOUT_DAEMON = 'case "$1" in context) echo unix:///var/run/docker.sock ;; *) exit 1 ;; esac';
const DOCKER_ELSEWHERE = 'case "$1" in context) echo tcp://10.0.0.1:2375 ;; *) echo yes ;; esac';

/** Installs like Debian: the server arrives under the name redis-check-rdb. */
const APT = `case " $* " in
  *" install "*) printf '#!/bin/sh\\n${REDIS_SERVER}\\n' > "$BIN/redis-check-rdb"; chmod +x "$BIN/redis-check-rdb" ;;
esac`;

const APT_WITH_EMPTY_LISTS = `case " $* " in
  *" update "*) touch "$BIN/lists" ;;
  *" install "*) [ -e "$BIN/lists" ] || exit 100; printf '#!/bin/sh\\n${REDIS_SERVER}\\n' > "$BIN/redis-check-rdb"; chmod +x "$BIN/redis-check-rdb" ;;
esac`;

/** Refuses to install, but lets anybody download; dpkg-deb then unpacks the same layout. */
const APT_THAT_ONLY_DOWNLOADS = `case " $* " in
  *" --print-uris "*) echo "'http://deb/redis-tools_5%3a7.0.15_amd64.deb' redis-tools_5%3a7.0.15_amd64.deb 991988 SHA256:00" ;;
  *" download "*) touch redis-tools_5%3a7.0.15_amd64.deb ;;
  *) exit 100 ;;
esac`;
const DPKG_DEB = `mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
printf '#!/bin/sh\\n${REDIS_SERVER}\\necho "libraries $LD_LIBRARY_PATH"\\n' > "$3/usr/bin/redis-check-rdb"
chmod +x "$3/usr/bin/redis-check-rdb"`;

const SUDO = 'shift; exec "$@"';

async function obtain(scripts: Record<string, string>, { mayInstall = true } = {}) {
  const machine = await fakeMachine(scripts);
  const said: string[] = [];
  const server = await obtainRedisServer({ ...machine, mayInstall, say: (line) => said.push(line) });
  return { machine, said: said.join('\n'), server };
}

test('a redis-server on PATH comes before Docker, and nothing is said or done', async () => {
  const { machine, said, server } = await obtain({
    'redis-server': REDIS_SERVER,
    docker: DOCKER_WITH_IMAGE,
    'apt-get': APT,
  });

  expect(server).toEqual({ kind: 'binary', path: join(machine.bin, 'redis-server') });
  expect(said).toBe('');
});

test('Docker comes before the package manager', async () => {
  const { server } = await obtain({ docker: DOCKER_WITH_IMAGE, 'apt-get': APT, sudo: SUDO });

  expect(server).toEqual({ kind: 'docker', image: 'redis:7-alpine' });
});

test('a Docker image that is missing is pulled', async () => {
  const { server, said } = await obtain({ docker: DOCKER_THAT_CAN_PULL, 'apt-get': APT, sudo: SUDO });

  expect(server.kind).toBe('docker');
  expect(said).toContain('pulling');
});

test.for([
  ['without a daemon', DOCKER_WITHOUT_DAEMON],
  ['on another machine', DOCKER_ELSEWHERE],
])('Docker %s is passed over', async ([, docker = '']) => {
  const { server } = await obtain({ docker, 'apt-get': APT, sudo: SUDO });

  expect(server.kind).toBe('binary');
});

test('Debian’s redis-tools is enough: its server is run by a link of the right name', async () => {
  const { machine, said, server } = await obtain({ 'apt-get': APT, sudo: SUDO });

  expect(server).toEqual({ kind: 'binary', path: join(machine.privateDir, 'redis-server') });
  expect(said).toContain('installing Debian');
  expect(await findRedisServer(machine)).toEqual(server);
});

test('redis-tools that are installed already need no installation', async () => {
  const { server, said } = await obtain(
    { 'redis-check-rdb': REDIS_SERVER, docker: DOCKER_WITH_IMAGE },
    { mayInstall: false },
  );

  expect(server.kind).toBe('binary');
  expect(said).toBe('');
});

test('empty package lists are updated first', async () => {
  const { server, said } = await obtain({ 'apt-get': APT_WITH_EMPTY_LISTS, sudo: SUDO });

  expect(server.kind).toBe('binary');
  expect(said).toContain('updating the package lists');
});

test('what may not be installed is unpacked privately and finds its libraries', async () => {
  const { machine, server } = await obtain({ 'apt-get': APT_THAT_ONLY_DOWNLOADS, 'dpkg-deb': DPKG_DEB, sudo: SUDO });

  const path = join(machine.privateDir, 'redis-server');
  expect(server).toEqual({ kind: 'binary', path });
  const { stdout } = await runCommand(path, ['--version'], { env: process.env, timeoutMs: 5_000 });
  expect(stdout).toContain(`libraries ${join(machine.privateDir, 'unpacked/usr/lib/x86_64-linux-gnu')}`);
});

test('Homebrew’s redis is found although its directory is not on PATH', async () => {
  const brew = `case "$1" in
    install) mkdir -p "$BIN/brewed/bin"; printf '#!/bin/sh\\n' > "$BIN/brewed/bin/redis-server"; chmod +x "$BIN/brewed/bin/redis-server" ;;
    --prefix) echo "$BIN/brewed" ;;
  esac`;
  const { machine, server } = await obtain({ brew });

  expect(server).toEqual({ kind: 'binary', path: join(machine.bin, 'brewed/bin/redis-server') });
  expect((await findRedisServer(machine)).kind).toBe('binary');
});

test('when nothing may be installed, nothing is, and the words say what to do', async () => {
  const { machine, server } = await obtain({ 'apt-get': APT, sudo: SUDO }, { mayInstall: false });

  expect(server).toMatchObject({
    kind: 'missing',
    reason: expect.stringMatching(/apt-get install redis-server.*REDIS_URL/),
  });
  expect(await findRedisServer(machine)).toMatchObject({ kind: 'missing' });
});

test('when none can be had, the words say why and what to do', async () => {
  const { server } = await obtain({ 'apt-get': 'exit 100', sudo: SUDO });

  expect(server).toMatchObject({
    kind: 'missing',
    reason: expect.stringMatching(/cannot download redis-tools.*REDIS_URL/),
  });
});
