// Items from every kind of file, and ids that can be told apart.

import { describe, expect, test } from 'vitest';
import { collidingIds } from '../../src/pipeline/id-collision.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { itemsToLines } from '../../src/pipeline/snapshot.ts';
import { fc } from '../property.ts';
import { memoryFolder } from './memory-folder.ts';

const STEPS = 'steps: [{ name: s, expressions: { x: 1 } }]\n';

async function lines(items: string, files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = memoryFolder({ 'pipeline.yaml': `items: ${items}\n${STEPS}`, ...files });
  return [...itemsToLines((await loadPipeline(folder, {}, () => null)).items)];
}

describe('items', () => {
  const EXPECTED = [
    '{"group":"items","id":"a","fields":{"id":"a","size":5,"share":0.50}}'.replace('0.50', '0.5'),
    '{"group":"items","id":"b_c","fields":{"id":"b c","size":-2,"share":1.0}}',
  ];

  test('are the same from YAML, JSON, JSONL, CSV and the configuration itself', async () => {
    const inline = '[{ id: a, size: 5, share: 0.5 }, { id: b c, size: -2, share: 1.0 }]';
    expect(await lines(inline)).toEqual(EXPECTED);
    expect(await lines('rows.yaml', { 'rows.yaml': inline })).toEqual(EXPECTED);
    const json = '{"id":"a","size":5,"share":0.5}\n{"id":"b c","size":-2,"share":1.0}\n';
    expect(await lines('rows.jsonl', { 'rows.jsonl': json })).toEqual(EXPECTED);
    expect(await lines('rows.json', { 'rows.json': `[${json.trim().replace('\n', ',')}]` })).toEqual(
      EXPECTED,
    );
    expect(await lines('rows.csv', { 'rows.csv': 'id,size,share\na,5,0.5\n\n"b c",-2,1.0\n' })).toEqual(
      EXPECTED,
    );
  });

  test('of CSV are numbers only where a cell is written as a JSON number', async () => {
    const csv = 'id,a,b,c,d,e,f\nx,007,1e3,+5,,TRUE,"one\ntwo ""2"""\n';
    expect(await lines('rows.csv', { 'rows.csv': csv })).toEqual([
      '{"group":"items","id":"x","fields":{"id":"x","a":"007","b":1000.0,"c":"+5","d":"","e":"TRUE","f":"one\\ntwo \\"2\\""}}',
    ]);
  });

  test('keep the order of fields, big integers and floats', async () => {
    const row = '{ id: 7, "10": x, "2": y, big: 12345678901234567890, five: 5.0, list: [1, 2.5, null] }';
    expect(await lines(`[${row}]`)).toEqual([
      '{"group":"items","id":"7","fields":{"id":7,"10":"x","2":"y","big":12345678901234567890,"five":5.0,"list":[1,2.5,null]}}',
    ]);
  });

  test('take their id from the field the pipeline names, else from id, else from name', async () => {
    const rows = { 'rows.json': '[{"key":"k","id":"i","name":"n"}]' };
    expect(await lines('{ source: rows.json, id: key }', rows)).toEqual([
      expect.stringContaining('"id":"k"'),
    ]);
    expect(await lines('rows.json', rows)).toEqual([expect.stringContaining('"id":"i"')]);
    expect(await lines('[{ name: n/m o }]')).toEqual([expect.stringContaining('"id":"n-m_o"')]);
  });
});

describe('joined ids', () => {
  function choices(groups: readonly (readonly string[])[], distinct: boolean): string[][] {
    let all: string[][] = [[]];
    for (const group of groups) {
      all = all.flatMap((before) =>
        group.filter((id) => !distinct || !before.includes(id)).map((id) => [...before, id]),
      );
    }
    return all;
  }

  const id = fc.stringMatching(/^[ab]{1,2}(-[ab]{1,2}){0,2}$/);
  const group = fc.uniqueArray(id, { minLength: 1, maxLength: 5 });

  test('collide in a cross product exactly when two choices read the same', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), (groups) => {
        const ids = choices(groups, false).map((choice) => choice.join('-'));
        const found = collidingIds(groups, false);
        expect(found !== null).toBe(new Set(ids).size < ids.length);
        if (found?.kind === 'collision') {
          expect(found.first.join('-')).toBe(found.id);
          expect(found.second.join('-')).toBe(found.id);
          expect(found.first).not.toEqual(found.second);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('collide in a permutation exactly when two choices of different items read the same', () => {
    const many = fc.uniqueArray(id, { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(many, fc.integer({ min: 2, max: 3 }), (ids, positions) => {
        const groups = Array.from({ length: positions }, () => ids);
        const joined = choices(groups, true).map((choice) => choice.join('-'));
        expect(collidingIds(groups, true) !== null).toBe(new Set(joined).size < joined.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('are decided for large groups without trying every choice', () => {
    const large = Array.from({ length: 3000 }, (_, i) => `item-${i}`);
    expect(collidingIds([large, large, large], false)).toBe(null);
  });
});
