import { describe, expect, it } from 'vitest';
import { fieldsFromJson, JsonError, parseJson, stringifyJson } from '../../src/expression/json.ts';
import { JsonLineReader } from '../../src/expression/json-bytes.ts';
import type { Value } from '../../src/expression/values.ts';
import { fc } from '../property.ts';

const WANTED = new Set(['unit_id', 'n', 'x', 'y']);

const decode = (bytes: Uint8Array, from: number, to: number) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));

function readerOf(wanted: ReadonlySet<string> = WANTED): JsonLineReader<Uint8Array> {
  return new JsonLineReader(wanted, 'apart', decode);
}

/** Bytes of a line between two others, and where it begins. */
function placed(line: Uint8Array): { readonly bytes: Uint8Array; readonly from: number } {
  const before = new TextEncoder().encode('{"x":"before"}\n');
  return { bytes: Uint8Array.from([...before, ...line, 10, 123, 125, 10]), from: before.length };
}

type Members = readonly (readonly [string, string])[];

function written(fields: ReadonlyMap<string, Value>): Members {
  return [...fields]
    .filter(([name]) => WANTED.has(name))
    .map(([name, value]) => [name, stringifyJson(value)] as const);
}

/** What the reader of text makes of the same bytes; null: it is no JSON object. */
function reference(line: Uint8Array): Members | null {
  try {
    return written(fieldsFromJson(decode(line, 0, line.length)));
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

const text = fc.oneof(
  fc.constantFrom(
    'win',
    'lose',
    '',
    'é',
    '你好',
    '\ud83d\ude00',
    'a"b',
    'c\\d',
    '\u0007',
    '\u007f',
    '\u2028',
  ),
  fc.string({ maxLength: 6 }),
);
const scalar = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '0',
    '-0',
    '7',
    '-12',
    '1.0',
    '-0.50',
    '123456789012345',
    '1234567890123456',
    '1e3',
    '2E-4',
  ),
  fc.constantFrom('01', '1.', '-', '.5', '1e', 'tru', 'nul', 'NaN', '+1', '"a', "'a'"),
  fc.constantFrom('true', 'false', 'null'),
);
const value = fc.oneof(
  scalar,
  scalar,
  fc.json({ maxDepth: 3 }),
  fc.integer({ min: 55, max: 64 }).map((depth) => `${'['.repeat(depth)}1${']'.repeat(depth)}`),
);
const member = fc
  .tuple(
    fc.constantFrom(
      '"unit_id"',
      '"apart"',
      '"n"',
      '"x"',
      '"y"',
      '"_metadata"',
      '"\\u006e"',
      '"é"',
      'n',
      '""',
    ),
    fc.constantFrom(':', ':', ':', ':', ' :', ': ', ''),
    value,
  )
  .map((parts) => parts.join(''));
const line = fc
  .tuple(
    fc.constantFrom('', '', '', ' ', '\ufeff', '['),
    fc.array(member, { maxLength: 6 }),
    fc.constantFrom(',', ',', ',', ', '),
    fc.constantFrom('}', '}', '}', '}\r', '} \t', '}}', ',}', ''),
  )
  .map(([before, members, between, end]) => `${before}{${members.join(between)}${end}`);

describe('the reader of lines', () => {
  it('gives the wanted members of any line as the reader of text does, or leaves the line to it', () => {
    const reader = readerOf();
    fc.assert(
      fc.property(line, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }), (plain, changes) => {
        const whole = new TextEncoder().encode(plain);
        for (const [at, code] of changes) if (whole.length > 0) whole[at % whole.length] = code;
        // A line has no line feed in it.
        const bytes = whole.map((code) => (code === 10 ? 32 : code));
        const { bytes: all, from } = placed(bytes);
        const fields = reader.read(all, from);
        if (fields === null) return;
        expect(reader.end).toBe(from + bytes.length);
        expect(written(fields)).toEqual(reference(bytes));
        const apart = fieldsFromJson(decode(bytes, 0, bytes.length)).get('apart');
        expect([fields.has('apart'), reader.apart]).toEqual([false, apart]);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads every line that this program could have written, save its lists and objects where they are wanted', () => {
    const reader = readerOf(new Set(['a', 'b']));
    const plainText = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .map((one) => one.replace(/[\\"\p{Cc}]/gu, ''));
    const plain = fc.oneof(plainText, fc.integer(), fc.boolean(), fc.constant(null));
    const more = fc.array(fc.oneof(plain, fc.dictionary(plainText, plain, { maxKeys: 3 })), { maxLength: 3 });
    fc.assert(
      fc.property(plain, plain, more, (a, b, rest) => {
        const { bytes, from } = placed(
          new TextEncoder().encode(JSON.stringify({ rest, a, more: { rest }, b })),
        );
        const fields = reader.read(bytes, from);
        expect([fields?.get('a'), fields?.get('b')]).toEqual([a, b]);
      }),
    );
  });

  it('reads numbers as exactly as the reader of text', () => {
    const reader = readerOf();
    const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.constantFrom('', '-'), digits, fc.option(digits), (sign, whole, decimals) => {
        const text = `${sign}${whole.replace(/^0+(?=.)/, '')}${decimals === null ? '' : `.${decimals}`}`;
        const { bytes, from } = placed(new TextEncoder().encode(`{"x":${text}}`));
        expect(reader.read(bytes, from)?.get('x')).toEqual(parseJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('has every other member in one of the lines at least', () => {
    const reader = readerOf(new Set(['x']));
    const names = ['{"a":1,"x":2}', '{"a":1,"x":2}', '{"x":2,"b":{}}', '{"a":1,"x":2}'].map((one) => {
      const { bytes, from } = placed(new TextEncoder().encode(one));
      return [...(reader.read(bytes, from) ?? [])].filter(([name]) => name !== 'x');
    });
    expect(names.slice(0, 3)).toEqual([[['a', null]], [], [['b', null]]]);
  });

  it('keeps texts apart that only look like one another', () => {
    const reader = readerOf();
    const read = (...codes: number[]) => {
      const { bytes, from } = placed(
        Uint8Array.from([...new TextEncoder().encode('{"x":"'), ...codes, 34, 125]),
      );
      return reader.read(bytes, from)?.get('x');
    };
    expect([read(0xc3, 0xa9), read(0xe9), read(0xe9), read(0xc3, 0xa9)]).toEqual([
      'é',
      '\ufffd',
      '\ufffd',
      'é',
    ]);
    expect([read(65, 66, 67), read(65, 68, 67), read(65, 66, 67)]).toEqual(['ABC', 'ADC', 'ABC']);
  });

  it('holds no bytes of lines that it has read', () => {
    const reader = readerOf();
    const bytes = new TextEncoder().encode('{"x":"first"}\n');
    expect(reader.read(bytes, 0)?.get('x')).toBe('first');
    bytes.set(new TextEncoder().encode('{"y":"other"}\n'));
    expect([...(reader.read(bytes, 0) ?? [])]).toEqual([['y', 'other']]);
  });
});
