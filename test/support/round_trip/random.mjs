// A seeded source of random choices, the same on every machine.

export function makeRandom(seed) {
  let state = seed >>> 0;
  // Mulberry32: 32 bits of state, good enough to mix test data.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  const between = (low, high) => low + below(high - low + 1);
  const chance = (probability) => next() < probability;
  const pick = (list) => list[below(list.length)];
  const digits = (count) => Array.from({ length: count }, () => below(10)).join('');
  const bytes = (count) => Uint8Array.from({ length: count }, () => below(256));
  return { below, between, chance, pick, digits, bytes };
}
