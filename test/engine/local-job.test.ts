import { describe, expect, it } from 'vitest';
import { BunchReader, ChunkReader } from '../../src/engine/chunk-reader.ts';
import { computeJob, createJobCompiler } from '../../src/engine/local-job.ts';
import { assignments, stepOf } from '../simulation/steps.ts';

const jobOf = (name: string): string =>
  computeJob({ steps: [stepOf({ name, expressions: assignments({ a: '1' }) })], seed: '1', rng: 'tychei' })
    .text;

describe('a job compiler', () => {
  it('compiles a job once, however many chunks it comes in', () => {
    const compile = createJobCompiler();
    expect(compile(jobOf('walk'))).toBe(compile(jobOf('walk')));
    expect(compile(jobOf('walk'))).not.toBe(compile(jobOf('rest')));
  });

  it('lets go of the jobs it was asked for longest ago', () => {
    const compile = createJobCompiler();
    const often = compile(jobOf('often'));
    const once = compile(jobOf('once'));
    for (let i = 0; i < 20; i++) {
      compile(jobOf(`other ${i}`));
      expect(compile(jobOf('often'))).toBe(often);
    }
    expect(compile(jobOf('once'))).not.toBe(once);
  });
});

describe('a chunk reader', () => {
  async function* textsOf(lengths: readonly number[], seen: string[] = []): AsyncGenerator<string> {
    try {
      for (const length of lengths) yield 'x'.repeat(length);
    } finally {
      seen.push('closed');
    }
  }

  it('takes as many values as are wanted, then what is left, then none', async () => {
    const reader = new ChunkReader(textsOf([1, 2, 3, 4, 5]), (text) => text.length);
    expect(await reader.take(3)).toHaveLength(3);
    expect(await reader.take(3)).toHaveLength(2);
    expect(await reader.take(3)).toEqual([]);
  });

  it('takes fewer of large values, but always one', async () => {
    const reader = new ChunkReader(textsOf([3_000_000, 2_000_000, 9_000_000, 1]), (text) => text.length);
    expect(await reader.take(10)).toHaveLength(2);
    expect(await reader.take(10)).toHaveLength(1);
    expect(await reader.take(10)).toHaveLength(1);
  });

  it('closes its source', async () => {
    const seen: string[] = [];
    const reader = new ChunkReader(textsOf([1, 2], seen), (text) => text.length);
    await reader.take(1);
    await reader.close();
    expect(seen).toEqual(['closed']);
  });
});

describe('a reader of bunches', () => {
  async function* bunchesOf(...bunches: readonly (readonly number[])[]): AsyncGenerator<readonly string[]> {
    for (const lengths of bunches) yield lengths.map((length) => 'x'.repeat(length));
  }

  it('takes as many values as are wanted, wherever the bunches end', async () => {
    const reader = new BunchReader(bunchesOf([1, 2, 3], [], [4], [5]), (text) => text.length);
    const taken: number[][] = [];
    for (const count of [2, 2, 2, 2]) taken.push((await reader.take(count)).map((text) => text.length));
    expect(taken).toEqual([[1, 2], [3, 4], [5], []]);
  });

  it('takes fewer of large values, but always one', async () => {
    const reader = new BunchReader(bunchesOf([3_000_000, 2_000_000, 9_000_000], [1]), (text) => text.length);
    expect(await reader.take(10)).toHaveLength(2);
    expect(await reader.take(10)).toHaveLength(1);
    expect(await reader.take(10)).toHaveLength(1);
  });
});
