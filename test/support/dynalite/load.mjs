// Makes tables and fills them over DynamoDB's own HTTP interface, as any client would. Works against
// any emulator that does not check signatures.
import { setTimeout as delay } from 'node:timers/promises';

const batchItemsMax = 25; // BatchWriteItem's bound
const writersAtOnce = 8;
const attemptsMax = 10;

// Calls one operation and returns its decoded answer; throws with the service's own message.
export async function call(endpoint, operation, request) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      'X-Amz-Date': '20260101T000000Z',
      // The emulator wants to see a signature but does not check it.
      Authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-west-2/dynamodb/aws4_request, ' +
        'SignedHeaders=host;x-amz-date;x-amz-target, Signature=00',
    },
    body: JSON.stringify(request),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${operation}: ${answer.__type}: ${answer.message ?? answer.Message ?? ''}`);
  }
  return answer;
}

export async function createTable(endpoint, { TableName, KeySchema, AttributeDefinitions }) {
  await call(endpoint, 'CreateTable', {
    TableName,
    KeySchema,
    AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
  });
  for (;;) {
    const { Table } = await call(endpoint, 'DescribeTable', { TableName });
    if (Table.TableStatus === 'ACTIVE') return;
    await delay(5);
  }
}

async function writeBatch(endpoint, tableName, items) {
  let pending = items.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 0; attempt < attemptsMax; ++attempt) {
    const answer = await call(endpoint, 'BatchWriteItem', { RequestItems: { [tableName]: pending } });
    pending = answer.UnprocessedItems?.[tableName] ?? [];
    if (pending.length === 0) return;
  }
  throw new Error(`BatchWriteItem: ${pending.length} items of ${tableName} stay unprocessed`);
}

// Writes all `items` (any iterable of items in DynamoDB JSON), several batches at a time.
export async function loadItems(endpoint, tableName, items) {
  const iterator = items[Symbol.iterator]();
  const nextBatch = () => {
    const batch = [];
    while (batch.length < batchItemsMax) {
      const { value, done } = iterator.next();
      if (done) break;
      batch.push(value);
    }
    return batch;
  };
  const writer = async () => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      await writeBatch(endpoint, tableName, batch);
    }
  };
  await Promise.all(Array.from({ length: writersAtOnce }, writer));
}
