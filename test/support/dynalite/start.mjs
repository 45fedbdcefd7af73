// Runs dynalite, in memory, on the loopback interface, with tables filled from the seeds.
//
// Prints one line, `ready http://127.0.0.1:PORT`, once every table is filled, and runs until its
// standard input closes or it gets SIGTERM or SIGINT: so it cannot outlive the program that started
// it and holds the other end of the pipe.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import dynalite from 'dynalite';

import { generatedTable, generateUsers } from './generate.mjs';
import { createTable, loadItems } from './load.mjs';

const usage = `usage: node start.mjs [--port N] [--seeds DIR] [--generate TABLE=COUNT]... [--expected FILE]
  --port N                port to listen on; 0, the default, takes a free one
  --seeds DIR             folder of JSON seed files (default: the seeds beside this folder; "none")
  --generate TABLE=COUNT  also make a table of COUNT users, the same on every run
  --expected FILE         write the sums over the generated tables to FILE, as JSON`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      seeds: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../seeds') },
      generate: { type: 'string', multiple: true, default: [] },
      expected: { type: 'string' },
    },
  });
  const generate = values.generate.map((argument) => {
    const match = /^([A-Za-z0-9_.-]{3,255})=([0-9]+)$/.exec(argument);
    if (!match) throw new Error(`--generate ${argument}: wanted TABLE=COUNT`);
    return { table: match[1], count: Number(match[2]) };
  });
  return { ...values, port: Number(values.port), generate };
}

async function loadSeeds(endpoint, folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  for (const file of files) {
    const seed = JSON.parse(await readFile(join(folder, file), 'utf8'));
    await createTable(endpoint, seed);
    await loadItems(endpoint, seed.TableName, seed.Items);
  }
}

async function loadGenerated(endpoint, generate, expectedFile) {
  const expected = {};
  for (const { table, count } of generate) {
    await createTable(endpoint, generatedTable(table));
    await loadItems(endpoint, table, generateUsers(count, (expected[table] = {})));
  }
  if (expectedFile) await writeFile(expectedFile, JSON.stringify(expected, null, 2));
}

function stopWithParent() {
  const stop = () => process.exit(0);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdin.on('end', stop);
  process.stdin.on('error', stop);
  process.stdin.resume();
}

async function main() {
  let options;
  try {
    options = readArguments();
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
  stopWithParent();
  const server = dynalite({ createTableMs: 0 });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  if (options.seeds !== 'none') await loadSeeds(endpoint, options.seeds);
  await loadGenerated(endpoint, options.generate, options.expected);
  console.log(`ready ${endpoint}`);
}

main().catch((error) => {
  console.error(`dynalite: ${error.message}`);
  process.exit(1);
});
