// A scan by the AWS SDK for JavaScript, as programs write it: `concurrency` segments in one process,
// each asking for its next page when the last is there.
//
//   node scan_javascript.mjs document|plain '{"endpoint", "table", "warmUpTable", "concurrency",
//                                            "attributes"?: [NAME, ...], "wrapNumbers"?: true}'
//
// Prints one line of JSON: items, seconds, cpuSeconds, peakBytes. The warm-up table is read first, so
// that what is timed is compiled code on open connections.
import { Agent } from 'node:http';

import { DynamoDBClient, ScanCommand as PlainScan } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand as DocumentScan } from '@aws-sdk/lib-dynamodb';

const [kind, optionsText] = process.argv.slice(2);
const options = JSON.parse(optionsText);

const plainClient = new DynamoDBClient({
  endpoint: options.endpoint,
  region: 'us-west-2',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }) },
});
// Without wrapping, the document client refuses items whose integers a JavaScript number cannot hold.
const unmarshallOptions = { wrapNumbers: options.wrapNumbers ?? false };
const client =
  kind === 'document' ? DynamoDBDocumentClient.from(plainClient, { unmarshallOptions }) : plainClient;
const Scan = kind === 'document' ? DocumentScan : PlainScan;

function projection(attributes) {
  if (!attributes) return {};
  return {
    ProjectionExpression: attributes.map((_, i) => `#n${i}`).join(','),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name, i) => [`#n${i}`, name])),
  };
}

async function scanSegment(table, segment) {
  let items = 0;
  let startKey;
  do {
    const page = await client.send(
      new Scan({
        TableName: table,
        Segment: segment,
        TotalSegments: options.concurrency,
        ExclusiveStartKey: startKey,
        ...projection(options.attributes),
      }),
    );
    items += page.Items.length;
    startKey = page.LastEvaluatedKey;
  } while (startKey);
  return items;
}

async function scan(table) {
  const segments = Array.from({ length: options.concurrency }, (_, i) => scanSegment(table, i));
  return (await Promise.all(segments)).reduce((sum, items) => sum + items, 0);
}

await scan(options.warmUpTable);
const cpuBefore = process.cpuUsage();
const started = performance.now();
const items = await scan(options.table);
const seconds = (performance.now() - started) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const result = {
  items,
  seconds,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(result));
client.destroy();
