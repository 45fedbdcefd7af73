// What every end-to-end test needs: the program (SUMAC=build/dev/sumac unless set), dynalite with the
// seeds, and a folder with a Spicepod.
import { dirname, join, resolve } from 'node:path';

import { startDynalite } from '../support/dynalite/server.mjs';
import { run } from '../support/program.mjs';

export const sumac = resolve(process.env.SUMAC ?? 'build/dev/sumac');
// Built beside it, unless set.
export const fakeDynamodbServer = resolve(
  process.env.FAKE_DYNAMODB_SERVER ??
    join(dirname(sumac), 'test/support/fake_dynamodb/fake_dynamodb_server'),
);
export const fast = process.env.SUMAC_FAST === 'true';

// Starts dynalite once for a test file. Use as: const dynalite = sharedDynalite(before, after, ...).
export function sharedDynalite(before, after, ...startArguments) {
  const shared = {};
  before(async () => Object.assign(shared, await startDynalite(...startArguments)));
  after(() => shared.stop?.());
  return shared;
}

// Runs `sumac sql` on the Spicepod in `folder`.
export const sql = (folder, text, ...more) =>
  run(sumac, ['sql', '--spicepod', folder, '-c', text, ...more]);
