// Exact decimal numbers from their text: never through a JavaScript number.

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

// {digits, exponent}: the value is digits * 10^exponent, digits a BigInt without trailing zeros.
// Zero is {0n, 0}. Null when `text` is no number.
export function parseDecimal(text) {
  const match = pattern.exec(text);
  if (!match || (match[2] === '' && !match[3])) return null;
  const [, sign, whole, fraction = '', power = '0'] = match;
  const significant = (whole + fraction).replace(/^0+/, '');
  const stripped = significant.replace(/0+$/, '');
  if (stripped === '') return { digits: 0n, exponent: 0 };
  const magnitude = BigInt(stripped);
  return {
    digits: sign === '-' ? -magnitude : magnitude,
    exponent: Number(power) - fraction.length + (significant.length - stripped.length),
  };
}

// One text for all spellings of a value.
export function canonicalDecimal(text) {
  const number = parseDecimal(text);
  return number && `${number.digits}e${number.exponent}`;
}

export const sameDecimal = (a, b) => canonicalDecimal(a) !== null && canonicalDecimal(a) === canonicalDecimal(b);

export function fitsInt64(text) {
  const { digits, exponent } = parseDecimal(text);
  if (exponent < 0 || exponent > 19) return false;
  const value = digits * 10n ** BigInt(exponent);
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

export function fitsDecimal(text, width, scale) {
  const { digits, exponent } = parseDecimal(text);
  if (-exponent > scale) return false;
  const integer = String(digits < 0n ? -digits : digits).length + exponent + scale;
  return digits === 0n || integer <= width;
}

// Whether the nearest double, written in its shortest form, has the same digits. The only place with
// a JavaScript number: what a double keeps is what is asked here.
export const fitsDouble = (text) => sameDecimal(String(Number(text)), text);
