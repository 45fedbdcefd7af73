// Tables of the TPC-H shape in DynamoDB and in files, asked through a running `sumac run`.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { parseCsv } from '../../sql/case_file.mjs';
import { createTable, loadItems } from '../dynalite/load.mjs';
import { startServer } from '../program.mjs';
import { itemsOf, tableDefinition } from './items.mjs';
import { tables } from './tables.mjs';

export async function loadIntoDynamodb(endpoint, rows) {
  for (const table of tables) {
    await createTable(endpoint, tableDefinition(table));
    await loadItems(endpoint, table.name, itemsOf(table, rows[table.name]));
  }
}

// How the tables can be kept: the `acceleration` of each dataset; `folder` is where files may be.
export const accelerations = {
  federated: () => null,
  memory: () => ({ enabled: true, engine: 'arrow' }),
  // All datasets share the file.
  file: (folder) => ({
    enabled: true,
    engine: 'duckdb',
    mode: 'file',
    params: { duckdb_file: acceleratedFile(folder) },
  }),
};
export const acceleratedFile = (folder) => join(folder, 'tpch.duckdb');

export const dynamodbDatasets = (endpoint, acceleration) =>
  tables.map(({ name }) => ({
    from: `dynamodb:${name}`,
    name,
    params: {
      endpoint_url: endpoint,
      dynamodb_aws_region: 'us-west-2',
      dynamodb_aws_access_key_id: 'test',
      dynamodb_aws_secret_access_key: 'test',
      // Makes the columns of dates DATE.
      time_format: '2006-01-02',
    },
    ...(acceleration && { acceleration }),
  }));

// `files` is [[name, path]], as writeTables returns it.
export const fileDatasets = (files) => files.map(([name, path]) => ({ from: `file:${path}`, name }));

async function ask(url, sql) {
  const response = await fetch(`${url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Accept: 'text/csv' },
    body: sql,
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const [header, ...rows] = parseCsv(text).map((row) =>
    row.map((cell) => (cell.text === '' && !cell.quoted ? null : cell.text)),
  );
  return { header, rows };
}

// Waits until all datasets have loaded; one that cannot load ends the waiting.
async function untilLoaded({ url, stderr }) {
  for (;;) {
    const states = await (await fetch(`${url}/v1/datasets?status=true`)).json();
    if (states.some(({ status }) => status === 'Error')) throw new Error(`a dataset does not load:\n${stderr()}`);
    if (states.every(({ status }) => status === 'Ready')) return;
    await delay(20);
  }
}

// Serves `datasets` from a Spicepod in `folder` and calls use(ask): ask(sql) resolves to {header, rows},
// rows as answers.mjs takes them.
export async function withDatasets(sumac, folder, datasets, use) {
  // JSON is YAML.
  const pod = { version: 'v1', kind: 'Spicepod', name: 'tpch', datasets };
  await writeFile(join(folder, 'spicepod.yaml'), JSON.stringify(pod, null, 2));
  const server = await startServer(sumac, folder, { ready: false });
  try {
    await untilLoaded(server);
    return await use((sql) => ask(server.url, sql));
  } finally {
    await server.stop();
  }
}

// The rows of a query, whose columns have to be those that are known of it.
export async function answerOf(askServer, { name, columns, sql }) {
  const { header, rows } = await askServer(sql);
  assert.deepEqual(header, columns.map(([column]) => column), `${name}: columns`);
  return rows;
}
