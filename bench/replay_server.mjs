// Starts the fake DynamoDB as a replay server for tables of the shapes in page_shapes.h.
import { createInterface } from 'node:readline';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { output, start } from './processes.mjs';

export const distinctPages = 16;
const seed = 4;

// What one shape's items are: {path, items, jsonBytesPerItem}. Written once into `folder`.
export async function prepareItems(build, folder, shape, pages = distinctPages) {
  await mkdir(folder, { recursive: true });
  const writer = join(build, 'bench/write_items');
  const path = join(folder, `${shape}_${pages}_${seed}.jsonl`);
  if (!existsSync(path) || statSync(path).mtimeMs < statSync(writer).mtimeMs) {
    const text = await output(writer, [shape, String(pages), String(seed)]);
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
  }
  const text = await readFile(path);
  let items = 0;
  for (const byte of text) items += byte === 10 ? 1 : 0;
  // A line's end stands for the comma in the page.
  return { path, items, jsonBytesPerItem: text.length / items };
}

// A table of `pages` pages. Its items are all alike in number per page only if `pages` is a multiple
// of distinctPages.
export const table = (prepared, name, pages, throughput = {}) => ({
  TableName: name,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
  items_path: prepared.path,
  replayed_pages: pages,
  throughput,
});

// The same items, once, in a table that is read in every way.
export function wholeTable(prepared, name) {
  const { replayed_pages: _, ...definition } = table(prepared, name);
  return definition;
}

// Resolves to {url, statistics(), stop()}. statistics() tells what was read since the last call.
export async function startReplayServer(build, folder, { tables, service, gzip = false }) {
  const path = join(folder, `server_${process.pid}_${performance.now()}.json`);
  const configuration = {
    signers: [{ access_key_id: 'test', secret_access_key: 'test' }],
    check_signatures: false,
    log_requests: false,
    connections_max: 1024,
    gzip,
    tables,
    ...(service ? { service } : {}),
  };
  await writeFile(path, JSON.stringify(configuration));
  const child = start(join(build, 'test/support/fake_dynamodb/fake_dynamodb_server'), [path]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (begin) => {
    const { value, done } = await lines.next();
    if (done || !value.startsWith(begin)) throw new Error(`the server failed: ${child.errors}`);
    return value.slice(begin.length);
  };
  const url = await nextLine('ready ');
  const statistics = async () => {
    child.stdin.write('statistics\n');
    return JSON.parse(await nextLine('statistics '));
  };
  const stop = async () => {
    child.stdin.end();
    await child.exited;
  };
  return { url, statistics, stop };
}
