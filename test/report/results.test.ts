import { describe, expect, test } from 'vitest';
import type { FailedUnit, ValidUnit } from '../../src/analysis/record.ts';
import { fromPlain } from '../../src/expression/json.ts';
import { type Fields, makeFloat, type Value } from '../../src/expression/values.ts';
import { csvColumns, csvHeader, csvRow } from '../../src/report/csv.ts';
import { failureLine, resultLine } from '../../src/report/results.ts';
import { fc } from '../property.ts';

const fields = (plain: Record<string, unknown>): Fields =>
  new Map(Object.entries(plain).map(([name, value]) => [name, fromPlain(value)]));
const valid = (plain: Record<string, unknown>): ValidUnit => ({
  kind: 'valid',
  unit: 'pier__rep0007',
  item: 'pier',
  attempts: 2,
  capped: false,
  loops: new Map([['walk', { iterations: 25, capped: false }]]),
  fields: fields(plain),
});

describe('results.jsonl', () => {
  test('has the unit first, its fields flat, internal ones under _metadata last', () => {
    expect(
      resultLine(valid({ _repetition_id: 7, position: 10, path: [5, 6], outcome: 'reached_ship' })),
    ).toBe(
      '{"unit_id":"pier__rep0007","position":10,"path":[5,6],"outcome":"reached_ship",' +
        '"_metadata":{"attempts":2,"capped":false,"loops":{"walk":{"iterations":25,"timeout":false}},"_repetition_id":7}}',
    );
  });

  test('an answer cannot take another unit’s id or write metadata', () => {
    const line = JSON.parse(resultLine(valid({ unit_id: 'other', _metadata: { attempts: 1 }, x: 1 })));
    expect(line.unit_id).toBe('pier__rep0007');
    expect(line._metadata.attempts).toBe(2);
  });

  test('keeps the difference between 5 and 5.0', () => {
    const record = { ...valid({}), fields: new Map<string, Value>([['x', makeFloat(5)]]) };
    expect(resultLine(record)).toContain('"x":5.0');
  });
});

describe('failures.jsonl', () => {
  test('is Octobatch’s failure record', () => {
    const record: FailedUnit = {
      kind: 'failed',
      unit: 'u1',
      item: 'u1',
      attempts: 3,
      fields: fields({ total: 17 }),
      failure: {
        kind: 'invalid',
        step: 'verify',
        issues: [{ path: '/total', rule: 'ranges', message: '25 is above 21' }],
        raw: '{"total": 25}',
      },
    };
    expect(failureLine(record)).toBe(
      '{"unit_id":"u1","stage":"validation","step":"verify","kind":"invalid",' +
        '"input":{"unit_id":"u1","total":17},"raw_response":"{\\"total\\": 25}",' +
        '"errors":[{"path":"/total","rule":"ranges","message":"25 is above 21"}],"retry_count":2}',
    );
  });
});

describe('CSV', () => {
  const columns = csvColumns(['x', '_hidden', 'note', 'x']);

  test('has unit_id first, each column once, and leaves internal fields out', () => {
    expect(csvHeader(columns)).toBe('unit_id,x,note\r\n');
  });

  test('quotes what needs it and leaves absent fields empty', () => {
    expect(csvRow(columns, valid({ note: 'a "b", c\nd' }))).toBe('pier__rep0007,,"a ""b"", c\nd"\r\n');
    expect(csvRow(columns, valid({ x: [1, 2], note: null }))).toBe('pier__rep0007,"[1,2]",\r\n');
  });

  test('no text begins like a formula, while negative numbers stay numbers', () => {
    expect(csvRow(columns, valid({ x: -1, note: '-1+2' }))).toBe("pier__rep0007,-1,'-1+2\r\n");
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (note) => {
        const cell = csvRow(['note'], valid({ note })).slice(0, -2);
        expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

test('a table has an end where answers bring names without end, and says so', () => {
  const columns = csvColumns(Array.from({ length: 5_000 }, (_, i) => `n${i}`));
  expect(columns).toHaveLength(1_001);
  expect(columns.at(-1)).toBe('(further fields are in results.jsonl)');
  expect(csvRow(columns, { unit: 'a', fields: new Map([['n4999', 1]]) })).toMatch(/^a,+\r\n$/);
});
