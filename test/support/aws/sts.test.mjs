import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sign } from './sigv4.mjs';
import { startSts, stsErrors } from './sts.mjs';

const user = { accessKeyId: 'AKIDUSER', secretAccessKey: 'user/secret' };
const inner = { accessKeyId: 'ASIAINNER', secretAccessKey: 'inner+secret', sessionToken: 'inner/token==' };
const outer = { accessKeyId: 'ASIAOUTER', secretAccessKey: 'outer secret', sessionToken: 'outer<&>token' };
const innerArn = 'arn:aws:iam::123456789012:role/inner';
const outerArn = 'arn:aws:iam::123456789012:role/path/outer';
const webArn = 'arn:aws:iam::123456789012:role/web';
const roles = {
  [innerArn]: { credentials: inner, externalId: 'partner:7' },
  [outerArn]: { credentials: outer, trusts: ['ASIAINNER'], expires: '2030-01-02T03:04:05Z', durationSecondsMax: 43_200 },
  [webArn]: { credentials: inner, webIdentityToken: 'header.payload.signature' },
};

async function withSts(use, options = {}) {
  const sts = await startSts({ callers: [user], roles, ...options });
  try {
    await use(sts);
  } finally {
    await sts.stop();
  }
}

async function send(sts, parameters, { caller, headers = {}, ...changes } = {}) {
  const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString();
  const { host } = new URL(sts.url);
  const unsigned = { host, 'content-type': 'application/x-www-form-urlencoded', ...headers };
  const request = { method: 'POST', target: '/', headers: unsigned, body };
  const scope = { region: 'us-west-2', service: 'sts', ...changes };
  const response = await fetch(sts.url, {
    ...request,
    headers: caller ? sign(request, caller, scope) : unsigned,
  });
  const text = await response.text();
  const element = (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return { status: response.status, text, element };
}

const assumeInner = {
  Action: 'AssumeRole', RoleArn: innerArn, RoleSessionName: 'sumac-test', ExternalId: 'partner:7',
};

test('gives credentials for a role, and those may assume the next one', async () => {
  await withSts(async (sts) => {
    const first = await send(sts, assumeInner, { caller: user });
    assert.equal(first.status, 200, first.text);
    assert.equal(first.element('AccessKeyId'), inner.accessKeyId);
    assert.equal(first.element('SessionToken'), inner.sessionToken);
    assert.equal(first.element('Arn'), 'arn:aws:sts::123456789012:assumed-role/inner/sumac-test');
    const remaining = new Date(first.element('Expiration')) - Date.now();
    assert.ok(Math.abs(remaining - 3_600_000) < 60_000, `${remaining} ms`);

    const assumeOuter = { Action: 'AssumeRole', RoleArn: outerArn, RoleSessionName: 'x@y' };
    const second = await send(sts, assumeOuter, { caller: inner });
    assert.equal(second.element('AccessKeyId'), outer.accessKeyId, second.text);
    assert.equal(second.element('SessionToken'), 'outer&lt;&amp;&gt;token');
    assert.equal(second.element('Expiration'), '2030-01-02T03:04:05Z');
    assert.deepEqual(sts.problems, []);
    assert.deepEqual(
      sts.assumed.map(({ roleArn, accessKeyId, externalId }) => [roleArn, accessKeyId, externalId]),
      [[innerArn, 'AKIDUSER', 'partner:7'], [outerArn, 'ASIAINNER', undefined]],
    );
    // A chained session ends after an hour at most.
    const long = await send(sts, { ...assumeOuter, DurationSeconds: 3601 }, { caller: inner });
    assert.match(long.element('Message'), /1 hour session limit/);
  });
});

const assumeWeb = {
  Action: 'AssumeRoleWithWebIdentity', RoleArn: webArn, RoleSessionName: 'web',
  WebIdentityToken: 'header.payload.signature',
};

const wrong = [
  ['another secret', assumeInner, { caller: { ...user, secretAccessKey: 'x' } }, 403, 'SignatureDoesNotMatch'],
  ['a caller nobody knows', assumeInner, { caller: { ...user, accessKeyId: 'AKIDX' } }, 403, 'InvalidClientTokenId'],
  ['no signature', assumeInner, {}, 403, 'MissingAuthenticationToken'],
  ['another region', assumeInner, { caller: user, region: 'eu-west-1' }, 403, 'SignatureDoesNotMatch'],
  ['another service', assumeInner, { caller: user, service: 'dynamodb' }, 403, 'SignatureDoesNotMatch'],
  ['an old signature', assumeInner, { caller: user, date: new Date(Date.now() - 3_600_000) }, 403, 'SignatureDoesNotMatch'],
  ['another version', { ...assumeInner, Version: '2012-01-01' }, { caller: user }, 400, 'InvalidAction'],
  ['another operation', { ...assumeInner, Action: 'GetCallerIdentity' }, { caller: user }, 400, 'InvalidAction'],
  ['no session name', { Action: 'AssumeRole', RoleArn: innerArn }, { caller: user }, 400, 'ValidationError'],
  ['a bad session name', { ...assumeInner, RoleSessionName: 'a b' }, { caller: user }, 400, 'ValidationError'],
  ['a long session name', { ...assumeInner, RoleSessionName: 'a'.repeat(65) }, { caller: user }, 400, 'ValidationError'],
  ['a bad external id', { ...assumeInner, ExternalId: 'a b' }, { caller: user }, 400, 'ValidationError'],
  ['too short a duration', { ...assumeInner, DurationSeconds: '899' }, { caller: user }, 400, 'ValidationError'],
  ['too long a duration', { ...assumeInner, DurationSeconds: '43201' }, { caller: user }, 400, 'ValidationError'],
  ['another external id', { ...assumeInner, ExternalId: 'partner:8' }, { caller: user }, 403, 'AccessDenied'],
  ['a role nobody has', { ...assumeInner, RoleArn: `${innerArn}x` }, { caller: user }, 403, 'AccessDenied'],
  ['a caller the role does not trust', { ...assumeInner, RoleArn: outerArn }, { caller: user }, 403, 'AccessDenied'],
  ['another web identity', { Action: 'AssumeRoleWithWebIdentity', RoleArn: webArn, RoleSessionName: 'web', WebIdentityToken: 'a.b.c' }, {}, 400, 'InvalidIdentityToken'],
  ['a web identity with the end of its line', { ...assumeWeb, WebIdentityToken: 'header.payload.signature\n' }, {}, 400, 'InvalidIdentityToken'],
];
for (const [name, parameters, options, status, code] of wrong) {
  test(`refuses ${name}`, async () => {
    await withSts(async (sts) => {
      const answer = await send(sts, parameters, options);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.element('Code'), code, answer.text);
      assert.match(answer.text, /^<ErrorResponse xmlns=.*<RequestId>/s);
      assert.equal(sts.problems.length, 1, sts.problems.join('; '));
    });
  });
}

test('gives credentials for a web identity, and wants no signature', async () => {
  await withSts(async (sts) => {
    const answer = await send(sts, { ...assumeWeb, DurationSeconds: '900' });
    assert.equal(answer.element('SecretAccessKey'), inner.secretAccessKey, answer.text);
    assert.match(answer.text, /<AssumeRoleWithWebIdentityResult>/);
    assert.deepEqual(sts.problems, []);
    await send(sts, assumeWeb, { caller: user });
    assert.match(sts.problems.join(), /must not be signed/);
  });
});

test('notes what the service would let pass', async () => {
  await withSts(async (sts) => {
    await send(sts, { ...assumeWeb, Colour: 'red' });
    await send(sts, assumeWeb, { headers: { 'content-type': 'text/plain' } });
    assert.match(sts.problems[0], /no parameter Colour/);
    assert.match(sts.problems[1], /content type is text\/plain/);
  });
});

test('answers with faults, each as often as it is meant, and with the next credentials', async () => {
  const faults = [
    { ...stsErrors.identityProviderUnreachable(), count: 2 },
    { cut: true },
    { malformed: true },
  ];
  const list = { ...roles, [webArn]: { ...roles[webArn], credentials: [inner, outer] } };
  await withSts(async (sts) => {
    for (let i = 0; i < 2; ++i) {
      assert.equal((await send(sts, assumeWeb)).element('Code'), 'IDPCommunicationError');
    }
    await assert.rejects(send(sts, assumeWeb));
    const half = await send(sts, assumeWeb);
    assert.ok(!half.text.endsWith('</AssumeRoleWithWebIdentityResponse>\n'));
    assert.equal((await send(sts, assumeWeb)).element('AccessKeyId'), outer.accessKeyId);
    assert.equal(sts.requests.length, 5);
    assert.deepEqual(sts.problems, []);
  }, { faults, roles: list });
});
