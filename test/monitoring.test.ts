import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startInstallation } from './installation.ts';
import { samplesIn, scrape, scrapeWorker } from './scrape.ts';

const folder = fileURLToPath(new URL('../deploy/prometheus', import.meta.url));
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/grafana/video-proxy.json')) as {
  panels: { title: string; targets?: { expr: string }[] }[];
};
const queries = [
  ...rules.map(({ alert, expr }) => ({ asks: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ asks: title, expr }))),
];

const ofOthers = new Set(['up']);
/** A metric in a query, and the labels that are chosen by. */
function selectorsIn(query: string): { metric: string; labels: string[] }[] {
  return [...query.matchAll(/\b((?:video_proxy|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', matchers = '']) => ({
      metric: metric.replace(/_(bucket|count|sum)$/, ''),
      labels: [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
    }),
  );
}

test('dashboard and alerts ask only for what the processes tell', { timeout: 60_000 }, async () => {
  const opsKey = 'operators-key';
  await using installation = await startInstallation({ OPS_KEY: opsKey, CLIENT_KEYS: 'ann=key-of-ann' });
  const [api, worker] = await Promise.all([
    installation.startApi(),
    installation.startWorker({ WORKER_METRICS_PORT: '0' }),
  ]);
  const authorization = { authorization: 'Bearer key-of-ann' };
  await api.ended((await api.create('a kite', authorization)).id, authorization);
  const told = (await scrape(`${api.url}/metrics`, opsKey)) + (await scrapeWorker(worker, opsKey));
  const metrics = new Set([...told.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const labelsOf = (metric: string) =>
    samplesIn(told)
      .filter(({ name }) => name.replace(/_(bucket|count|sum)$/, '') === metric)
      .flatMap(({ labels }) => Object.keys(labels));

  const unknown = queries.flatMap(({ asks, expr }) =>
    selectorsIn(expr)
      .filter(({ metric }) => !ofOthers.has(metric))
      .flatMap(({ metric, labels }) => {
        if (!metrics.has(metric)) return [`${asks}: ${metric}`];
        const known = labelsOf(metric);
        return labels.filter((label) => !known.includes(label)).map((label) => `${asks}: ${metric}{${label}}`);
      }),
  );
  expect(unknown).toEqual([]);

  const own = [...metrics].filter((name) => name?.startsWith('video_proxy_'));
  const documented = read('docs/operations.md');
  expect(own.filter((name) => !documented.includes(`\`${name}`))).toEqual([]);
});

test('every query of the dashboard asks for a metric', () => {
  expect(queries.filter(({ expr }) => selectorsIn(expr).length === 0)).toEqual([]);
});

test.each(rules)('the alert $alert leads to its heading in docs/operations.md', ({ annotations }) => {
  const [path, anchor] = annotations.runbook_url.split('#');
  expect(path).toBe('docs/operations.md');
  const [, alerts = ''] = read('docs/operations.md').split('\n## Alerts\n');
  const runbooks = [...(alerts.split('\n## ')[0] ?? '').matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  expect(runbooks).toContain(anchor);
});

const run = promisify(execFile);
const hasPromtool = await run('promtool', ['--version']).then(
  () => true,
  () => false,
);

describe.skipIf(!hasPromtool)('promtool', () => {
  test('takes the alerts', async () => {
    expect((await run('promtool', ['check', 'rules', 'alerts.yaml'], { cwd: folder })).stdout).toContain('SUCCESS');
  });

  test('sees each alert begin when it should, and not before', async () => {
    const { stdout } = await run('promtool', ['test', 'rules', 'alerts.test.yaml'], { cwd: folder });
    expect(stdout).toContain('SUCCESS');
    const tested = readFileSync(`${folder}/alerts.test.yaml`, 'utf8');
    expect(rules.filter(({ alert }) => !tested.includes(`alertname: ${alert}`))).toEqual([]);
  });
});
