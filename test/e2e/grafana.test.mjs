// The dashboard of examples/grafana asks for metrics that there are, by labels that they have.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

// {metric: {type, labels}} of docs/metrics.md.
async function documented() {
  const metrics = {};
  for (const line of (await read('docs/metrics.md')).split('\n')) {
    const row = /^\| `(\w+)` \| (\w+) \| ([^|]*)\|/.exec(line);
    if (row) metrics[row[1]] = { type: row[2], labels: [...row[3].matchAll(/`(\w+)`/g)].map((one) => one[1]) };
  }
  return metrics;
}

const known = /\b(?:dataset|accelerated|results_cache|query|http|flight)_\w+/g;

test('the Grafana dashboard asks for metrics of docs/metrics.md', async () => {
  const metrics = await documented();
  const board = JSON.parse(await read('examples/grafana/sumac.json'));
  const variables = board.templating.list.map((one) => one.name);
  assert.deepEqual(variables, ['datasource', 'dataset']);
  const panels = board.panels.filter((panel) => panel.type !== 'row');
  const ids = board.panels.map((panel) => panel.id);
  assert.equal(new Set(ids).size, ids.length);
  const shown = new Set();
  for (const panel of panels) {
    assert.equal(panel.datasource.uid, '${datasource}', panel.title);
    assert.ok(panel.gridPos.x + panel.gridPos.w <= 24, panel.title);
    for (const { expr, legendFormat } of panel.targets) {
      const labels = new Set();
      // Label names look like metrics ("dataset_name"); they stand in braces and after `by`.
      const bare = expr.replace(/\{[^}]*\}|by \([^)]*\)/g, '');
      for (const [name] of bare.matchAll(known)) {
        const metric = metrics[name] ?? metrics[name.replace(/_bucket$/, '')];
        assert.ok(metric, `${panel.title}: ${name} is not in docs/metrics.md`);
        shown.add(metrics[name] ? name : name.replace(/_bucket$/, ''));
        const rated = new RegExp(`(?:rate|increase)\\(${name}\\b`).test(expr);
        assert.equal(rated, metric.type !== 'gauge' && panel.title !== 'Attributes without a column', `${panel.title}: ${expr}`);
        metric.labels.forEach((label) => labels.add(label));
      }
      labels.add('le');
      const asked = [...expr.matchAll(/\{([^}]*)\}|by \(([^)]*)\)/g)].flatMap(([, filter, by]) =>
        filter !== undefined ? [...filter.matchAll(/(\w+)=~/g)].map((one) => one[1]) : by.split(', '),
      );
      const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((one) => one[1]);
      for (const label of [...asked, ...legend]) assert.ok(labels.has(label), `${panel.title}: no label ${label} in ${expr}`);
    }
  }
  assert.ok(shown.size >= 29, `${shown.size} metrics`);
});
