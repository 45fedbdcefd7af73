// See scripts/crash.
import { resolve } from 'node:path';

import { startDynalite } from '../dynalite/server.mjs';
import { crash } from './crash.mjs';

const [program, rounds, given] = process.argv.slice(2);
const seed = Number(given || Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const dynalite = await startDynalite();
try {
  const counts = await crash({
    program: resolve(program),
    endpoint: dynalite.endpoint,
    rounds: Number(rounds),
    seed,
    say: console.log,
  });
  console.log(`${counts.rounds} rounds: every answer was one complete state (${counts.renewed} of them the new one)`);
} finally {
  await dynalite.stop();
}
