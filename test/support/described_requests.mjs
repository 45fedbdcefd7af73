// Requests as they were recorded (recording_proxy.mjs), as one line each.

// The expression with its names and values in place.
function plainText(expression, body) {
  return expression
    ?.replaceAll(/#n\d+/g, (name) => body.ExpressionAttributeNames[name])
    .replaceAll(/:v\d+/g, (value) => {
      const [[type, text]] = Object.entries(body.ExpressionAttributeValues[value]);
      return type === 'B' ? `base64 ${text}` : text;
    });
}

const keyText = (key) => Object.entries(key).map(([name, value]) => `${name} = ${Object.values(value)[0]}`).join(' AND ');

// "Query: customer = ann: total > 8", "BatchGetItem: id = 1 | id = 2".
export function describe({ operation, body }) {
  if (operation === 'GetItem') return `GetItem: ${keyText(body.Key)}`;
  if (operation === 'BatchGetItem') {
    const [{ Keys: keys }] = Object.values(body.RequestItems);
    return `BatchGetItem: ${keys.map(keyText).sort().join(' | ')}`;
  }
  return [operation + (body.IndexName ? ` ${body.IndexName}` : ''),
    plainText(body.KeyConditionExpression, body), plainText(body.FilterExpression, body)]
    .filter((part) => part !== undefined).join(': ');
}
