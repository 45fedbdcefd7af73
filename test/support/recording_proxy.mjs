// Passes requests on to a DynamoDB endpoint and remembers what they asked for.
import { createServer } from 'node:http';

const denied = JSON.stringify({
  __type: 'com.amazon.coral.service#AccessDeniedException',
  Message: 'User: somebody is not authorized to perform this',
});

const missingIndex = (name) => JSON.stringify({
  __type: 'com.amazon.coral.validate#ValidationException',
  message: `The table does not have the specified index: ${name}`,
});

// Resolves to {url, requests, stop()}; `requests` is [{operation, body, scanned}], in the order of
// arrival: `scanned` is how many items the answer says were evaluated, once it has come.
// Operations in `deny` are refused, of an index as 'Query by_city'; indexes in `gone` are not there.
export async function startRecordingProxy(endpoint, { deny = [], gone = [] } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const headers = { ...request.headers };
    for (const name of ['host', 'connection', 'content-length', 'accept-encoding', 'expect']) delete headers[name];
    const operation = headers['x-amz-target']?.split('.')[1];
    const recorded = { operation, body: JSON.parse(body.toString('utf8')) };
    requests.push(recorded);
    if (deny.includes(operation) || deny.includes(`${operation} ${recorded.body.IndexName}`)) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(denied);
      return;
    }
    if (gone.includes(recorded.body.IndexName)) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(missingIndex(recorded.body.IndexName));
      return;
    }
    const answer = await fetch(endpoint, { method: 'POST', headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    recorded.scanned = Number(/"ScannedCount":\s*(\d+)/.exec(bytes.toString('utf8'))?.[1] ?? 0);
    const kept = [...answer.headers].filter(([name]) => name === 'content-type' || name.startsWith('x-amz'));
    response.writeHead(answer.status, { ...Object.fromEntries(kept), 'content-length': bytes.length });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, requests, stop };
}
