// SQL that tries to get out of what is served: every case of escapes.sql must be refused, read nothing,
// write nothing and ask nobody.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { run, spicepodText, startServer, withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const canary = 'canary-4711';

async function readCases() {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'escapes.sql');
  const parts = { statements: [], tables: [], wrappers: [] };
  let part = parts.statements;
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('@')) part = parts[line.slice(1)];
    else part.push(line.replaceAll('\\n', '\n').replaceAll('\\u200b', '\u200b'));
  }
  const wrapped = parts.tables.flatMap((table) =>
    parts.wrappers.map((wrapper) => wrapper.replace('{table}', table)),
  );
  return [...parts.statements, ...wrapped];
}

// Writes down who asks, and gives the canary.
async function startTrap() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end(`secret\n${canary}\n`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { url: `http://127.0.0.1:${server.address().port}`, asked, stop };
}

// Files with the canary in them, all readable by the process.
async function writeCanaries(folder) {
  const path = (name) => join(folder, name);
  await writeFile(path('canary.csv'), `secret\n${canary}\n`);
  await writeFile(path('canary.json'), `{"secret": "${canary}"}\n`);
  await writeFile(path('canary.txt'), canary);
  await writeFile(path('lines.csv'), 'line\none\ntwo\n');
  const made = await run(sumac, ['sql', '--from', `file:${path('lines.csv')}`, '-c',
    `COPY (SELECT '${canary}' AS secret) TO '${path('canary.parquet')}' (FORMAT parquet);
     ATTACH '${path('canary.db')}' AS made; CREATE TABLE made.t AS SELECT '${canary}' AS secret; DETACH made`]);
  assert.equal(made.code, 0, made.stderr);
  return {
    csv: path('canary.csv'), json: path('canary.json'), text: path('canary.txt'), data: path('lines.csv'),
    parquet: path('canary.parquet'), database: path('canary.db'), new: path('new'), folder,
  };
}

const filled = (sql, values) =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), sql);

async function ask(server, body) {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body,
  });
  return { status: response.status, text: await response.text() };
}

async function contentsOf(folder) {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(names.map(async (name) => {
    const text = await readFile(join(folder, name), 'latin1').catch(() => 'folder');
    return `${name}: ${text}`;
  }));
}

test('nothing gets out of served SQL', async (t) => {
  const cases = await readCases();
  assert.ok(cases.length > 700, `${cases.length} cases`);
  const trap = await startTrap();
  try {
    await withTemporaryFolder((files) => withTemporaryFolder(async (folder) => {
      const values = { ...(await writeCanaries(files)), http: trap.url };
      const pod = spicepodText(dynalite.endpoint, ['users', ['lines', { from: `file:${values.data}` }],
        ['kept', { from: 'dynamodb:users', accelerated: true }]]);
      const inFile = pod.replace('      enabled: true', '      enabled: true\n      engine: duckdb\n      mode: file');
      await writeFile(join(folder, 'spicepod.yaml'), inFile);
      const server = await startServer(sumac, folder, { env: { SPICE_CANARY: canary } });
      try {
        const before = await contentsOf(files);
        const escaped = [];
        for (const one of cases) {
          const mayAnswer = one.startsWith('? ');
          const sql = filled(mayAnswer ? one.slice(2) : one, values);
          const { status, text } = await ask(server, sql);
          const refused = status === 400 || (mayAnswer && status === 200);
          if (!refused || text.includes(canary) || text.includes(folder) || (mayAnswer && text.includes('/'))) escaped.push(`${sql}\n  ${status}: ${text.slice(0, 300)}`);
        }
        assert.deepEqual(escaped, []);
        assert.deepEqual(await contentsOf(files), before);
        assert.deepEqual(trap.asked, []);
        t.diagnostic(`${cases.length} cases`);
        // It serves as before, and what it serves can be described.
        for (const [sql, answer] of [
          ['SELECT count(*) AS n FROM users', '[{"n":10}]'],
          ['SELECT count(*) AS n FROM kept', '[{"n":10}]'],
          ['SELECT line FROM lines ORDER BY line', '[{"line":"one"},{"line":"two"}]'],
          ['SHOW DATABASES', '[{"database_name":"spice"}]'],
          ["SELECT count(*) > 3 AS some FROM information_schema.columns WHERE table_name = 'users'", '[{"some":true}]'],
          ["SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'lines'", '[{"n":1}]'],
        ]) {
          assert.deepEqual(await ask(server, sql), { status: 200, text: answer }, sql);
        }
      } finally {
        await server.stop();
      }
    }));
  } finally {
    await trap.stop();
  }
});
