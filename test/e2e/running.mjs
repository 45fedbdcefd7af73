// A running `sumac run` over datasets, asked for answers and for what it has counted.
import assert from 'node:assert/strict';

import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sumac } from './setting.mjs';

// Starts `sumac run` over `datasets` (see writeSpicepod) at `endpoint`, and calls use({csv, metric}):
// csv(sql) resolves to the answer; metric(name, dataset) to a count, 0 of what has not been counted.
export const withRunning = (endpoint, datasets, use, { env } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, endpoint, datasets);
    const server = await startServer(sumac, folder, { env, more: ['--metrics', '127.0.0.1:0'] });
    const [, metrics] = /Sumac metrics listening on (\S+)/.exec(server.stderr());
    const csv = async (sql) => {
      const response = await fetch(`${server.url}/v1/sql`, {
        method: 'POST',
        // What is counted is what was read.
        headers: { 'Content-Type': 'text/plain', Accept: 'text/csv', 'Cache-Control': 'no-cache' },
        body: sql,
      });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      return text;
    };
    const metric = async (name, dataset) => {
      const text = await (await fetch(`http://${metrics}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${name}{name="${dataset}"} `));
      return line === undefined ? 0 : Number(line.split(' ').at(-1));
    };
    try {
      await use({ csv, metric });
    } finally {
      await server.stop();
    }
  });
