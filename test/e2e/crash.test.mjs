// A process that is killed at any moment leaves complete copies. scripts/crash does it hundreds of
// times.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { crash } from '../support/crash/crash.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

test(`killed at random moments, seed ${seed}`, async () => {
  const { rounds, kept, renewed } = await crash({
    program: sumac,
    endpoint: dynalite.endpoint,
    rounds: 8,
    seed,
  });
  assert.equal(kept + renewed, rounds);
});
