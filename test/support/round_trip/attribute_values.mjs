// Random attribute values of every DynamoDB type, in the shape that the AWS SDK for JavaScript takes.
// A maker is a function of a random source and, where values nest, of the depth still allowed.
import { allNames } from './attribute_names.mjs';

const fragments = [
  '', 'a', 'B', ' ', '0', '"', "'", '\\', '/', '\u0000', '\u0001', '\u001f', '\u007f', '\b', '\t', '\n', '\r', '\f', '\u0085',
  '\u2028', '\u2029', '\ufeff', '\ufffd', '\uffff', 'é', 'e\u0301', 'ß', '東', '🗼', '👨‍👩‍👧', '\u{10ffff}', '\u{1d11e}', '\u202e',
  '\\u0041', '{"S":"x"}', 'null', 'true', '1e5', '2024-02-29', '2024-02-29T12:34:56.789Z', ',', '}', ']', "';--", '%00',
];

export function makeString(random) {
  const count = random.chance(0.1) ? random.between(20, 200) : random.between(0, 6);
  return { S: Array.from({ length: count }, () => random.pick(fragments)).join('') };
}

const borders = [
  2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 15n, 10n ** 16n, 10n ** 17n, 10n ** 18n, 10n ** 19n,
];
const nines = (count) => '9'.repeat(count);
const corners = [
  '0', '-0', '0.0', '1', '-1', '10', '100', '1E2', '1e-1', '0.1', '0.10', '-0.5', '1E-130', '-1E-130', '9.99E125',
  `${nines(1)}.${nines(37)}E125`, `-9.${nines(37)}E+125`, nines(38), `-${nines(38)}`, `0.${nines(38)}`, '1E37', '1E38',
  '123456789.000000001', '0.3', '1.7976931348623157', '5E-100', '4.35', '1.005', '9007199254740993',
];
const signed = (random, text) => (random.chance(0.5) ? `-${text}` : text);

export const makeCornerNumber = (random) => ({ N: random.pick(corners) });
// Around the bounds of machine integers.
export const makeInteger = (random) => ({
  N: signed(random, String(random.chance(0.3)
    ? random.pick(borders) % 2n ** 62n + BigInt(random.between(-2, 2) + 2)
    : BigInt(random.digits(random.between(1, 18))))),
});
export const makeBorderInteger = (random) => ({
  N: signed(random, String(random.pick(borders) + BigInt(random.between(-2, 2)))),
});
export const makeWideInteger = (random) => ({
  N: signed(random, random.chance(0.1) ? nines(38) : `${random.between(1, 9)}${random.digits(random.between(18, 37))}`),
});
// At most 15 digits: always a double.
export const makeDouble = (random) => ({
  N: signed(random, `${random.digits(random.between(1, 8))}.${random.digits(random.between(1, 7))}`),
});
// What a double is written as in its shortest form: up to 17 digits.
export const makeShortestDouble = (random) => ({ N: String(random.between(-1_000, 1_000) / random.between(1, 1_000)) });
// 16 to 18 digits, of which doubles hold few.
export const makeNearDouble = (random) => ({
  N: signed(random, `0.${random.between(1, 9)}${random.digits(random.between(15, 17))}`),
});
export const makeWideDouble = (random) => ({
  N: signed(random, `${random.between(1, 9)}.${random.digits(random.between(0, 14))}E${random.between(-130, 125)}`),
});
// Up to 19 digits on either side of the point: no double, always DECIMAL(38, 19).
export const makeDecimal = (random) => ({
  N: signed(random, `${random.digits(random.between(1, 19))}.${random.digits(random.between(1, 19))}`),
});
// 1 to 38 digits at any place.
export function makeAnyNumber(random) {
  if (random.chance(0.2)) return makeCornerNumber(random);
  if (random.chance(0.2)) return makeBorderInteger(random);
  const digits = random.between(1, 38);
  const exponent = random.chance(0.5) ? random.between(-38, 5) : random.between(-130, 125);
  const fraction = digits > 1 ? `.${random.digits(digits - 1)}` : '';
  return { N: signed(random, `${random.between(1, 9)}${fraction}E${exponent}`) };
}

export const makeBoolean = (random) => ({ BOOL: random.chance(0.5) });
export const makeNull = () => ({ NULL: true });
export function makeBinary(random) {
  if (random.chance(0.05)) return { B: Uint8Array.from({ length: 256 }, (_, i) => i) };
  return { B: random.bytes(random.between(0, 12)) };
}

const distinct = (values, key) => [...new Map(values.map((value) => [key(value), value])).values()];
const many = (random, low, high, make) => Array.from({ length: random.between(low, high) }, () => make(random));

export const makeStringSet = (random) => ({
  SS: distinct(many(random, 1, 4, (r) => makeString(r).S || 'not empty'), (text) => text),
});
export const makeNumberSet = (makeNumber) => (random) => ({
  // Two spellings of one number would be a duplicate.
  NS: distinct(many(random, 1, 4, (r) => makeNumber(r).N), (text) => Number(text)),
});
export const makeBinarySet = (random) => ({
  BS: distinct(many(random, 1, 3, (r) => r.bytes(r.between(1, 6))), (bytes) => bytes.join()),
});

export const makeList = (makeElement, high = 4) => (random) => ({ L: many(random, 0, high, makeElement) });
// `fields` is {name: maker}; each is there with a probability of 0.8.
export const makeMap = (fields) => (random) => ({
  M: Object.fromEntries(
    Object.entries(fields).filter(() => random.chance(0.8)).map(([name, make]) => [name, make(random)]),
  ),
});

const scalars = [makeString, makeAnyNumber, makeAnyNumber, makeBoolean, makeNull, makeBinary];
const sets = [makeStringSet, makeNumberSet(makeAnyNumber), makeBinarySet];
const shortNames = allNames.filter((name) => name.length < 50);

// Anything at all.
export function makeAny(random, depth = 4) {
  const nested = depth > 0 && random.chance(0.35);
  if (!nested) return random.pick(random.chance(0.2) ? sets : scalars)(random);
  if (random.chance(0.5)) return makeList((r) => makeAny(r, depth - 1))(random);
  const names = distinct(many(random, 0, 4, (r) => r.pick(shortNames)), (name) => name);
  return { M: Object.fromEntries(names.map((name) => [name, makeAny(random, depth - 1)])) };
}

// Maps and lists in turn, one in the other: `levels` of them around a scalar.
export function nest(levels, innermost = { S: 'innermost' }) {
  let value = innermost;
  for (let level = 0; level < levels; ++level) value = level % 2 === 0 ? { M: { n: value } } : { L: [value] };
  return value;
}
