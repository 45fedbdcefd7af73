// TLS and proxies: an authority of one's own, certificates that must be refused, HTTPS_PROXY.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from 'node:tls';

import { makeCertificates } from '../support/aws/certificates.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { startProxy } from '../support/aws/proxy.mjs';
import { startTlsProxy } from '../support/aws/tls_proxy.mjs';
import { run } from '../support/program.mjs';
import { asEnvironment, countUsers, identities, usersTable } from './credential_case.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const { environment } = identities;
const service = 'dynamodb.us-west-2.amazonaws.com';

let folder, certificates, serviceCertificate;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  certificates = await makeCertificates(folder);
  serviceCertificate = await certificates.issue('service', `DNS:${service}`);
});
after(() => rm(folder, { recursive: true, force: true }));

// Starts DynamoDB behind TLS, and a proxy that leads to it; runs the program once.
async function ask({ certificate, endpoint, env = {}, routes, proxyCredentials }) {
  const fake = await startFakeDynamodb(fakeDynamodbServer, { signers: [environment], tables: [usersTable] });
  const tls = await startTlsProxy({ certificate, target: fake.endpoint });
  const proxy = await startProxy({ routes: routes?.(tls), credentials: proxyCredentials });
  try {
    const answer = await run(sumac, countUsers(endpoint ? { endpoint_url: endpoint(tls, fake) } : {}), {
      cwd: folder,
      env: {
        AWS_REGION: 'us-west-2',
        ...asEnvironment(environment),
        ...(typeof env === 'function' ? env({ tls, proxy }) : env),
      },
    });
    await fake.stop();
    return { ...answer, fake, tls, proxy };
  } finally {
    await fake.stop();
    await proxy.stop();
    await tls.stop();
  }
}

function assertAnswered({ code, stdout, stderr, fake, proxy }) {
  assert.equal(stdout, 'n\n3\n', stderr);
  assert.equal(code, 0);
  assert.ok(fake.requests.every((request) => request.signature_right && request.status === 200));
  assert.deepEqual(proxy.problems, []);
}

function assertRefused({ code, stdout, stderr, fake }, expectedCode, ...patterns) {
  assert.equal(stdout, '');
  assert.equal(code, expectedCode, stderr);
  for (const pattern of patterns) assert.match(stderr, pattern);
  assert.deepEqual(fake.requests, []);
}

const trusting = () => ({ AWS_CA_BUNDLE: certificates.authorityPath });
const loopback = (tls) => tls.url;

test('an authority of AWS_CA_BUNDLE is trusted', async () => {
  const answer = await ask({ certificate: certificates.good, endpoint: loopback, env: trusting() });
  assertAnswered(answer);
  assert.ok(answer.tls.connections > 0);
});

// [name, certificate, environment, what the error says, exit code]
const refused = [
  ['an authority that nobody named', 'good', () => ({}), [/certificate/i]],
  ['a certificate that signs itself', 'selfSigned', () => ({}), [/certificate/i]],
  ['a certificate of another name', 'wrongName', trusting, [/certificate|127\.0\.0\.1/i, /name|match/i]],
  ['a certificate that has expired', 'expired', trusting, [/certificate/i, /expired/]],
  ['a bundle that is not there', 'good', () => ({ AWS_CA_BUNDLE: '/nonexistent/bundle.pem' }), [/AWS_CA_BUNDLE/, /\/nonexistent\/bundle\.pem/], 2],
];
for (const [name, certificate, env, patterns, code = 1] of refused) {
  test(`${name} is refused, at once`, async () => {
    const answer = await ask({ certificate: certificates[certificate], endpoint: loopback, env: env() });
    assertRefused(answer, code, ...patterns);
    assert.ok(answer.tls.failures.length <= 2, 'a certificate does not get better by trying again');
  });
}

const serviceRoute = (tls) => ({ [`${service}:443`]: tls.url });
const throughProxy = ({ proxy }) => ({ ...trusting(), HTTPS_PROXY: proxy.url });

test('TLS 1.1 is refused', async () => {
  const server = createServer({
    key: await readFile(certificates.good.keyPath),
    cert: await readFile(certificates.good.certificatePath),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const failures = [];
  server.on('tlsClientError', (error) => failures.push(error.code));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const parameters = { endpoint_url: `https://127.0.0.1:${server.address().port}` };
    const answer = await run(sumac, countUsers(parameters), {
      env: { AWS_REGION: 'us-west-2', ...asEnvironment(environment), ...trusting() },
    });
    assert.equal(answer.code, 1);
    assert.match(answer.stderr, /TLS 1\.2 is needed/);
    assert.ok(failures.length > 0);
  } finally {
    server.close();
  }
});

test('HTTPS_PROXY leads to the service', async () => {
  const answer = await ask({ certificate: serviceCertificate, routes: serviceRoute, env: throughProxy });
  assertAnswered(answer);
  assert.ok(answer.proxy.requests.length > 0);
  for (const { method, target, headers } of answer.proxy.requests) {
    assert.deepEqual([method, target], ['CONNECT', `${service}:443`]);
    assert.equal(headers.authorization, undefined, 'the signature is for the service alone');
  }
  assert.ok(answer.fake.requests.every(({ host }) => host === service));
});

test('configured endpoints may be ignored', async () => {
  const answer = await ask({
    certificate: serviceCertificate,
    routes: serviceRoute,
    env: (context) => ({
      ...throughProxy(context),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    }),
  });
  assertAnswered(answer);
});

test('NO_PROXY passes the proxy by', async () => {
  const answer = await ask({
    certificate: certificates.good,
    endpoint: loopback,
    env: (context) => ({ ...throughProxy(context), NO_PROXY: 'elsewhere.example,127.0.0.1' }),
  });
  assertAnswered(answer);
  assert.deepEqual(answer.proxy.requests, []);
});

test('a proxy that wants a password gets that of its URL, and it is not shown', async () => {
  const password = 'SecretOfProxy';
  const withPassword = (given) => ({ proxy }) => ({
    ...trusting(), HTTPS_PROXY: proxy.url.replace('http://', `http://person:${given}@`),
  });
  const common = { certificate: serviceCertificate, routes: serviceRoute, proxyCredentials: `person:${password}` };
  assertAnswered(await ask({ ...common, env: withPassword(password) }));
  const wrong = await ask({ ...common, env: withPassword('SecretButWrong') });
  assertRefused(wrong, 1, /proxy/, /407/);
  assert.ok(!wrong.stderr.includes('SecretButWrong'), wrong.stderr);
});

test('a clock that is off is put right by the service', async () => {
  const fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [environment], tables: [usersTable], clock_offset_minutes: 20,
  });
  try {
    const answer = await run(sumac, countUsers({ endpoint_url: fake.endpoint }), {
      cwd: folder,
      env: { AWS_REGION: 'us-west-2', ...asEnvironment(environment) },
    });
    assert.equal(answer.stdout, 'n\n3\n', answer.stderr);
    assert.equal(fake.requests.filter(({ error }) => error === 'InvalidSignatureException').length, 1);
  } finally {
    await fake.stop();
  }
});
