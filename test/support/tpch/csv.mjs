// Tables of the TPC-H shape as files: CSV and JSON lines to compare with, dbgen's .tbl to read.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const csvField = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function csvText({ columns }, rows) {
  const lines = rows.map((row) => columns.map(({ name }) => csvField(row[name])).join(','));
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\n');
}

const isNumber = (kind) => kind === 'integer' || kind === 'money';

// Numbers are written digit for digit: 17.00 stays 17.00.
export function jsonLinesText({ columns }, rows) {
  const member = (row) => ({ name, kind }) =>
    `${JSON.stringify(name)}:${isNumber(kind) ? row[name] : JSON.stringify(row[name])}`;
  return rows.map((row) => `{${columns.map(member(row)).join(',')}}\n`).join('');
}

const writers = { csv: csvText, jsonl: jsonLinesText };

// Writes NAME.csv or NAME.jsonl for each of `tables` and returns [[name, path]].
export async function writeTables(folder, tables, rows, format) {
  return Promise.all(tables.map(async (table) => {
    const path = join(folder, `${table.name}.${format}`);
    await writeFile(path, writers[format](table, rows[table.name]));
    return [table.name, path];
  }));
}

// The rows of dbgen's NAME.tbl: fields that each end in a bar, no header and no quotes.
export async function readTbl(path, { columns }) {
  const rows = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const fields = line.replace(/\|$/, '').split('|');
    if (fields.length !== columns.length) {
      throw new Error(`${path}:${rows.length + 1}: ${fields.length} fields, not ${columns.length}`);
    }
    rows.push(Object.fromEntries(columns.map(({ name }, index) => [name, fields[index]])));
  }
  return rows;
}
