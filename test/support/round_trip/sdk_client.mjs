// Tables written and read back by the AWS SDK for JavaScript: what another client says the service
// holds.
import { setTimeout as delay } from 'node:timers/promises';

import {
  BatchWriteItemCommand, CreateTableCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand,
} from '@aws-sdk/client-dynamodb';

const batchItemsMax = 25; // BatchWriteItem's bound
const writersAtOnce = 8;

export function makeClient(endpoint) {
  // Without one the SDK would ask AWS itself.
  if (!endpoint) throw new Error('no endpoint');
  return new DynamoDBClient({
    endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

const keySchema = (keys) => keys.map(([AttributeName], i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' }));

function indexDefinition({ name, keys, projection = 'ALL' }) {
  const included = Array.isArray(projection);
  return {
    IndexName: name,
    KeySchema: keySchema(keys),
    Projection: included ? { ProjectionType: 'INCLUDE', NonKeyAttributes: projection } : { ProjectionType: projection },
  };
}

// `keys` is [[attribute name, 'S', 'N' or 'B']]: the partition key, and perhaps a sort key. `indexes`
// and `localIndexes` are [{name, keys, projection}], `projection` 'ALL', 'KEYS_ONLY' or a list of
// attributes.
export async function makeTable(client, name, keys, { indexes = [], localIndexes = [] } = {}) {
  const all = new Map([keys, ...[...indexes, ...localIndexes].map((index) => index.keys)].flat());
  await client.send(new CreateTableCommand({
    TableName: name,
    KeySchema: keySchema(keys),
    AttributeDefinitions: [...all].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(indexDefinition) }),
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes.map(indexDefinition) }),
  }));
  const isActive = async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table.TableStatus === 'ACTIVE';
  };
  while (!(await isActive())) await delay(5);
}

// One request for each item: for items that no batch of 16 MB holds.
export async function putItems(client, table, items) {
  for (const Item of items) await client.send(new PutItemCommand({ TableName: table, Item }));
}

async function writeBatch(client, table, items) {
  let pending = items.map((Item) => ({ PutRequest: { Item } }));
  while (pending.length > 0) {
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: pending } }));
    pending = answer.UnprocessedItems?.[table] ?? [];
  }
}

export async function writeItems(client, table, items) {
  const batches = [];
  for (let i = 0; i < items.length; i += batchItemsMax) batches.push(items.slice(i, i + batchItemsMax));
  const writer = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await writeBatch(client, table, batch);
  };
  await Promise.all(Array.from({ length: writersAtOnce }, writer));
}

// All items in the order of an unsegmented Scan.
export async function readItems(client, table) {
  const items = [];
  let ExclusiveStartKey;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items.map(asMap);
}

// The SDK's item with Maps for objects and base64 for binary: {tag, value}. So it compares with what
// DynamoDB's JSON says, name for name and digit for digit.
const asMap = (object) => new Map(Object.entries(object).map(([name, value]) => [name, asAttribute(value)]));

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const converters = {
  B: base64,
  BS: (list) => list.map(base64),
  L: (list) => list.map(asAttribute),
  M: asMap,
};

function asAttribute(value) {
  const tags = Object.keys(value).filter((tag) => value[tag] !== undefined);
  if (tags.length !== 1) throw new Error(`the SDK gives a value of ${tags.length} types`);
  const [tag] = tags;
  return { tag, value: converters[tag] ? converters[tag](value[tag]) : value[tag] };
}

// The same from DynamoDB's JSON, read by parseExactJson.
export function itemFromJson(object) {
  const attribute = (tagged) => {
    const [[tag, value]] = tagged;
    if (tagged.size !== 1) throw new Error(`a value of ${tagged.size} types`);
    if (tag === 'M') return { tag, value: itemFromJson(value) };
    if (tag === 'L') return { tag, value: value.map(attribute) };
    return { tag, value };
  };
  return new Map([...object].map(([name, tagged]) => [name, attribute(tagged)]));
}
