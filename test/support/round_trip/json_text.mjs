// Reads JSON without losing anything: numbers stay text, objects keep every name (also `__proto__`)
// and a name that comes twice is an error.

export class JsonNumber {
  constructor(text) {
    this.text = text;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y; // eslint-disable-line no-control-regex
const spacePattern = /[ \t\r\n]*/y;
const words = new Map([['true', true], ['false', false], ['null', null]]);

// Objects become Maps, arrays arrays, numbers JsonNumbers.
export function parseExactJson(text) {
  let at = 0;
  const fail = (why) => {
    throw new Error(`JSON: ${why} at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
  };
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found?.[0];
  };
  const skipSpace = () => match(spacePattern);
  const take = (character) => {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const string = () => {
    skipSpace();
    return JSON.parse(match(stringPattern) ?? fail('no string'));
  };
  const members = () => {
    const object = new Map();
    if (take('}')) return object;
    do {
      const name = string();
      if (object.has(name)) fail(`${JSON.stringify(name)} comes twice`);
      if (!take(':')) fail('no colon');
      object.set(name, value());
    } while (take(','));
    return take('}') ? object : fail('no end of object');
  };
  const elements = () => {
    const array = [];
    if (take(']')) return array;
    do array.push(value());
    while (take(','));
    return take(']') ? array : fail('no end of array');
  };
  function value() {
    if (take('{')) return members();
    if (take('[')) return elements();
    if (text[at] === '"') return string();
    for (const [word, meaning] of words) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return meaning;
    }
    return new JsonNumber(match(numberPattern) ?? fail('no value'));
  }
  const whole = value();
  skipSpace();
  return at === text.length ? whole : fail('something behind the value');
}
