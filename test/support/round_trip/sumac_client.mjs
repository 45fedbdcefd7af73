// Asks a served Sumac over HTTP, without losing a digit of the answer.
import { parseExactJson } from './json_text.mjs';
import { parseColumnType } from './column_type.mjs';

export const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text) => `'${text.replaceAll("'", "''")}'`;

async function post(url, sql) {
  const response = await fetch(`${url}/v1/sql`, {
    method: 'POST',
    // What is asked for is to be read.
    headers: { 'Content-Type': 'text/plain', Accept: 'application/x-ndjson', 'Cache-Control': 'no-cache' },
    body: sql,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${text.trim()}\n  for ${sql.slice(0, 2_000)}`);
  return text;
}

// Rows as Maps; a NULL is left out.
export async function query(url, sql) {
  const text = await post(url, sql);
  return text.split('\n').filter((line) => line !== '').map(parseExactJson);
}

// [{name, type}] in their order.
export async function columnsOf(url, table) {
  const rows = await query(
    url,
    `SELECT column_name, data_type FROM duckdb_columns()
     WHERE database_name = 'spice' AND table_name = ${literal(table)} ORDER BY column_index`,
  );
  return rows.map((row) => ({ name: row.get('column_name'), type: parseColumnType(row.get('data_type')) }));
}
