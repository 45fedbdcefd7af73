// Holds signing and checking to the example that AWS publishes with the algorithm ("get-vanilla").
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkSignature, sign } from './sigv4.mjs';

const caller = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const scope = { region: 'us-east-1', service: 'service' };
const date = new Date('2015-08-30T12:36:00Z');
const request = { method: 'GET', target: '/', headers: { host: 'example.amazonaws.com' }, body: '' };
const published = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

const signed = (changes = {}, credentials = caller) => ({
  ...request,
  headers: sign(request, credentials, { ...scope, date, ...changes }),
});
const check = (received, changes = {}) =>
  checkSignature(received, [caller], { ...scope, now: date, ...changes });

test('signs as AWS does', () => {
  assert.match(signed().headers.authorization, new RegExp(`Signature=${published}$`));
  assert.equal(check(signed()).caller, caller);
});

const refusals = [
  ['no signature', request, {}, 'MissingAuthenticationToken', /missing/i],
  ['half a header', { ...request, headers: { ...request.headers, authorization: 'AWS4-HMAC-SHA256 x' } }, {}, 'IncompleteSignature', /five elements/],
  ['another key id', signed({}, { ...caller, accessKeyId: 'AKIDOTHER' }), {}, 'InvalidClientTokenId', /invalid/],
  ['another secret', signed({}, { ...caller, secretAccessKey: 'x' }), {}, 'SignatureDoesNotMatch', /does not match/],
  ['a token nobody gave', signed({}, { ...caller, sessionToken: 't' }), {}, 'InvalidClientTokenId', /invalid/],
  ['another body', { ...signed(), body: 'x' }, {}, 'SignatureDoesNotMatch', /does not match/],
  ['another target', { ...signed(), target: '/?a=b' }, {}, 'SignatureDoesNotMatch', /does not match/],
  ['another region', signed({ region: 'us-west-2' }), {}, 'SignatureDoesNotMatch', /valid region, not 'us-west-2'/],
  ['another service', signed({ service: 'dynamodb' }), {}, 'SignatureDoesNotMatch', /correct service: 'service'/],
  ['16 minutes late', signed(), { now: new Date('2015-08-30T12:52:00Z') }, 'SignatureDoesNotMatch', /expired: 20150830T123600Z is now earlier than 20150830T123700Z \(20150830T125200Z - 15 min\.\)/],
  ['16 minutes early', signed(), { now: new Date('2015-08-30T12:20:00Z') }, 'SignatureDoesNotMatch', /not yet current: 20150830T123600Z is still later than 20150830T123500Z/],
];
for (const [name, received, changes, code, message] of refusals) {
  test(`refuses ${name}`, () => {
    const { refusal } = check(received, changes);
    assert.equal(refusal.code, code);
    assert.match(refusal.message, message);
  });
}

test('a header that must be signed and is not is refused', () => {
  const received = signed();
  received.headers['x-amz-security-token'] = 't';
  assert.match(check(received).refusal.message, /'x-amz-security-token' must be a 'SignedHeader'/);
});
