// What a typed column, `_item` and `_overflow` must hold for an item: docs/types.md said a second time,
// independently of the program. To teach it a new SQL type, add a judge to `judges`.
import { Buffer } from 'node:buffer';

import { fitsDecimal, fitsDouble, fitsInt64, sameDecimal } from './decimal.mjs';
import { JsonNumber } from './json_text.mjs';

const setElementTag = { SS: 'S', NS: 'N', BS: 'B' };
const byteOrder = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const lowerAscii = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const elementsOf = ({ tag, value }) =>
  tag === 'L' ? value : setElementTag[tag] && value.map((one) => ({ tag: setElementTag[tag], value: one }));

// Which attribute names a sample shows, at every depth: {fields: Map of name to the same, element}.
export function makeNames() {
  return { fields: new Map(), element: null };
}

export function addNames(names, attribute) {
  if (attribute.tag === 'M') addItemNames(names, attribute.value);
  for (const element of elementsOf(attribute) ?? []) {
    if (element.tag === 'M' || element.tag === 'L') addNames((names.element ??= makeNames()), element);
  }
}

export function addItemNames(names, item) {
  for (const [name, attribute] of item) {
    if (!names.fields.has(name)) names.fields.set(name, makeNames());
    addNames(names.fields.get(name), attribute);
  }
}

// Pairs the SQL names, in their order, with attribute names: keys first, then by bytes. Throws when
// they are not the same in number, or a name that collides with no other is not exact.
export function pairNames(sqlNames, attributeNames, keyNames = []) {
  const others = [...attributeNames].filter((name) => !keyNames.includes(name)).sort(byteOrder);
  const ordered = [...keyNames, ...others];
  if (ordered.length !== sqlNames.length) {
    throw new Error(`${sqlNames.length} columns for ${ordered.length} attributes: ${JSON.stringify(sqlNames)}`);
  }
  const alike = new Map();
  for (const name of ordered) alike.set(lowerAscii(name), (alike.get(lowerAscii(name)) ?? 0) + 1);
  ordered.forEach((name, i) => {
    const exact = sqlNames[i] === name;
    const suffixed = sqlNames[i].startsWith(`${name}_`) && /^[0-9]+$/.test(sqlNames[i].slice(name.length + 1));
    if (!exact && !(suffixed && alike.get(lowerAscii(name)) > 1)) {
      throw new Error(`attribute ${JSON.stringify(name)} is column ${JSON.stringify(sqlNames[i])}`);
    }
  });
  if (new Set(sqlNames.map(lowerAscii)).size !== sqlNames.length) throw new Error('two columns of one name');
  return ordered;
}

// Plain JSON of a value: null when `json` is that, else what is wrong.
function plainTrouble(attribute, json) {
  const { tag, value } = attribute;
  if (tag === 'S' || tag === 'B' || tag === 'BOOL') return json === value ? null : { attribute, cell: json };
  if (tag === 'NULL') return json === null ? null : { attribute, cell: json };
  if (tag === 'N') {
    return json instanceof JsonNumber && json.text === value ? null : { attribute, cell: json };
  }
  if (tag === 'M') {
    if (!(json instanceof Map) || json.size !== value.size) return { attribute, cell: json };
    for (const [name, field] of value) {
      const trouble = plainTrouble(field, json.get(name));
      if (trouble) return trouble;
    }
    return null;
  }
  const elements = elementsOf(attribute);
  if (!Array.isArray(json) || json.length !== elements.length) return { attribute, cell: json };
  for (let i = 0; i < elements.length; ++i) {
    const trouble = plainTrouble(elements[i], json[i]);
    if (trouble) return trouble;
  }
  return null;
}

const whole = { whole: true };
const lost = { whole: false };
const wrong = (attribute, type, cell) => ({ whole: false, trouble: { attribute, cell, type } });

// A number that fits is in the cell, any other value is NULL there.
const number = (fits) => (attribute, type, cell) => {
  if (attribute.tag !== 'N' || !fits(attribute.value, type)) return cell === null ? lost : wrong(attribute, type, cell);
  return cell instanceof JsonNumber && sameDecimal(cell.text, attribute.value) ? whole : wrong(attribute, type, cell);
};

const scalar = (texts) => (attribute, type, cell) => {
  const text = texts[attribute.tag];
  if (!text) return cell === null ? lost : wrong(attribute, type, cell);
  return cell === text(attribute.value) ? whole : wrong(attribute, type, cell);
};

// A judge says of a cell whether it carries the value wholly, or what is wrong with it. The value is
// not NULL.
const judges = {
  VARCHAR: scalar({ S: (text) => text, N: (text) => text, B: (base64) => base64, BOOL: String }),
  BOOLEAN: scalar({ BOOL: (value) => value }),
  BLOB: scalar({ B: (base64) => Buffer.from(base64, 'base64').toString('hex') }),
  BIGINT: number(fitsInt64),
  DOUBLE: number(fitsDouble),
  DECIMAL: number((text, { width, scale }) => fitsDecimal(text, width, scale)),
  JSON: (attribute, type, cell, { parse }) => {
    const trouble = typeof cell === 'string' ? plainTrouble(attribute, parse(cell)) : { attribute, cell };
    return trouble ? { whole: false, trouble: { ...trouble, type } } : whole;
  },
  LIST: (attribute, type, cell, context) => {
    const elements = elementsOf(attribute);
    if (!elements) return cell === null ? lost : wrong(attribute, type, cell);
    if (!Array.isArray(cell) || cell.length !== elements.length) return wrong(attribute, type, cell);
    const names = context.names?.element;
    return allOf(elements.map((element, i) => judge(element, type.element, cell[i], { ...context, names })));
  },
  STRUCT: (attribute, type, cell, context) => {
    if (attribute.tag !== 'M') return cell === null ? lost : wrong(attribute, type, cell);
    if (!(cell instanceof Map)) return wrong(attribute, type, cell);
    const { fields } = context.names;
    const names = pairNames(type.fields.map(({ name }) => name), fields.keys());
    const verdicts = names.map((name, i) =>
      judge(attribute.value.get(name), type.fields[i].type, cell.get(type.fields[i].name), {
        ...context,
        names: fields.get(name),
      }));
    if ([...attribute.value.keys()].some((name) => !fields.has(name))) verdicts.push(lost);
    return allOf(verdicts);
  },
};

function allOf(verdicts) {
  return verdicts.find(({ trouble }) => trouble) ?? { whole: verdicts.every((verdict) => verdict.whole) };
}

// `attribute` may be absent (undefined); NULL and absent are both NULL of any type. `context` has
// `names`, those of the attribute in the sample, and `parse`, a reader of exact JSON.
export function judge(attribute, type, cell = null, context) {
  if (attribute === undefined || attribute.tag === 'NULL') return cell === null ? whole : wrong(attribute, type, cell);
  const judgeOfType = judges[type.name];
  if (!judgeOfType) throw new Error(`the oracle does not know the type ${type.name} yet`);
  return judgeOfType(attribute, type, cell, context);
}

// `_overflow` must have exactly the attributes named in `lostNames`, as plain JSON.
export function overflowTrouble(item, lostNames, overflow) {
  if (lostNames.length === 0) return overflow === null ? null : { cell: overflow };
  if (!(overflow instanceof Map)) return { attribute: item.get(lostNames[0]), cell: overflow };
  const surplus = [...overflow.keys()].find((name) => !lostNames.includes(name));
  if (surplus !== undefined) return { attribute: item.get(surplus), cell: overflow.get(surplus), surplus };
  for (const name of lostNames) {
    const attribute = item.get(name);
    const trouble = overflow.has(name) ? plainTrouble(attribute, overflow.get(name)) : { attribute };
    if (trouble) return { ...trouble, name };
  }
  return null;
}

// Whether two values are the same, tag for tag, digit for digit; else the innermost pair that differs.
export function difference(expected, actual) {
  if (expected?.tag !== actual?.tag) return { attribute: expected, cell: actual };
  if (expected.tag === 'M') return itemDifference(expected.value, actual.value);
  const different = { attribute: expected, cell: actual };
  if (!Array.isArray(expected.value)) return expected.value === actual.value ? null : different;
  if (expected.value.length !== actual.value.length) return different;
  for (let i = 0; i < expected.value.length; ++i) {
    const [a, b] = [expected.value[i], actual.value[i]];
    const differs = expected.tag === 'L' ? difference(a, b) : a !== b && different;
    if (differs) return differs;
  }
  return null;
}

export function itemDifference(expected, actual) {
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const differs = difference(expected.get(name), actual.get(name));
    if (differs) return { name, ...differs };
  }
  return null;
}
