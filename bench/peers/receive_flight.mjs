// Receives the answer to a query over Arrow Flight with a client of npm, into its own tables.
// Usage: node receive_flight.mjs spice|lancedb HOST:PORT SQL; prints {"rows": ..., "seconds": ...}.
import lancedb from '@lancedb/arrow-flight-sql-client';
import { SpiceClient } from '@spiceai/spice';

const clients = {
  async spice(address) {
    const client = new SpiceClient({ httpUrl: `http://${address}`, flightUrl: address, flightOnly: true, logging: false });
    return async (sql) => (await client.sql(sql)).numRows;
  },
  async lancedb(address) {
    const client = await lancedb.Client.connect({ host: address, username: '', password: '', insecure: true });
    return async (sql) => {
      let rows = 0;
      for (const batch of await (await client.query(sql)).collectToArrow()) rows += batch.numRows;
      return rows;
    };
  },
};

const [kind, address, sql] = process.argv.slice(2);
const ask = await clients[kind](address);
await ask('SELECT 1 AS warm_up');
const started = performance.now();
const rows = await ask(sql);
console.log(JSON.stringify({ rows, seconds: (performance.now() - started) / 1000 }));
