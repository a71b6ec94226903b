// Faults: their text form, their shares, and that they belong to requests.
import { describe, expect, test } from 'vitest';
import {
  chooseFate,
  FaultsError,
  NO_FAULTS,
  parseFaults,
  requestHashOf,
} from '../../src/simulator/faults.ts';

describe('the text form of faults', () => {
  test('names shares and a seed', () => {
    expect(parseFaults('malformed=0.05, missing=0.01,seed=7')).toEqual({
      ...NO_FAULTS,
      malformed: 0.05,
      missing: 0.01,
      fenced: 0.05,
      seed: '7',
    });
    expect(parseFaults('')).toEqual(NO_FAULTS);
  });

  test.each([
    ['broken=0.1', 'there is no fault "broken"'],
    ['missing', 'the fault "missing" has no value'],
    ['missing=', 'the fault "missing" has no value'],
    ['missing=lots', 'the share of "missing" is not a number from 0 to 1'],
    ['missing=-0.1', 'the share of "missing" is not a number from 0 to 1'],
    ['missing=1.1', 'the share of "missing" is not a number from 0 to 1'],
    ['missing=0.1,missing=0.2', 'the fault "missing" is given twice'],
    ['missing=0.6,refused=0.6', 'the shares of the faults add up to more than 1'],
    ['__proto__=1', 'there is no fault "__proto__"'],
  ])('refuses %s with a sentence and a fix', (text, what) => {
    try {
      parseFaults(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FaultsError);
      expect(error).toMatchObject({ what, fix: expect.stringContaining('malformed=0.05') });
    }
  });
});

describe('the fate of a request', () => {
  const faults = { ...parseFaults('malformed=0.1,truncated=0.1,missing=0.1,refused=0.1,errored=0.1,seed=1') };
  const fates = Array.from({ length: 5000 }, (_, index) => chooseFate(faults, String(index)).fault);

  test('comes as often as was asked for', () => {
    for (const kind of ['malformed', 'truncated', 'missing', 'refused', 'errored', 'fenced']) {
      const share = fates.filter((fate) => fate === kind).length / fates.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.12);
    }
  });

  test('is the same every time, and another with another seed', () => {
    const again = Array.from({ length: 5000 }, (_, index) => chooseFate(faults, String(index)).fault);
    expect(again).toEqual(fates);
    const other = Array.from(
      { length: 5000 },
      (_, index) => chooseFate({ ...faults, seed: '2' }, String(index)).fault,
    );
    expect(other).not.toEqual(fates);
  });

  test('does not follow the batch part of the custom id', () => {
    const tail = 'a'.repeat(40);
    expect(requestHashOf(`00000001-${tail}`)).toBe(tail);
    expect(requestHashOf(`00000002-${tail}`)).toBe(tail);
    expect(requestHashOf('foreign')).toMatch(/^[0-9a-f]{40}$/);
  });
});
