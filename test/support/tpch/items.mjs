// Rows of the TPC-H shape as items of DynamoDB, and the tables that hold them.

// As DynamoDB gives numbers back: without zeros at the end and without a sign before 0.
export function numberText(text) {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

const attributes = {
  integer: (text) => ({ N: numberText(text) }),
  money: (text) => ({ N: numberText(text) }),
  // DynamoDB has no dates.
  date: (text) => ({ S: text }),
  text: (text) => ({ S: text }),
};

// What CreateTable takes; every key is a number.
export const tableDefinition = ({ name, keys }) => ({
  TableName: name,
  KeySchema: keys.map((key, index) => ({ AttributeName: key, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
  AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'N' })),
});

export const asItem = ({ columns }, row) =>
  Object.fromEntries(columns.map(({ name, kind }) => [name, attributes[kind](row[name])]));

// The items of all rows, one after the other, so that a large table is not held twice.
export function* itemsOf(table, rows) {
  for (const row of rows) yield asItem(table, row);
}
