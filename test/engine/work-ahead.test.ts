import { describe, expect, it } from 'vitest';
import { WorkAhead } from '../../src/engine/work-ahead.ts';

describe('work ahead', () => {
  it('is done once, whether it was begun before its turn or not', async () => {
    const ahead = new WorkAhead<string>();
    const done: string[] = [];
    const work = (name: string) => async () => {
      done.push(name);
      return name;
    };
    expect(await ahead.take('a', work('a'))).toBe('a');
    ahead.begin('b', work('b'));
    ahead.begin('b', work('b again'));
    expect(await ahead.take('b', work('b in its turn'))).toBe('b');
    expect(done).toEqual(['a', 'b']);
  });

  it('forgets what was begun in vain, also when it failed', async () => {
    const ahead = new WorkAhead<string>();
    ahead.begin('b', () => Promise.reject(new Error('nobody hears of this')));
    expect(await ahead.take('c', async () => 'c')).toBe('c');
    expect(await ahead.take('b', async () => 'b, anew')).toBe('b, anew');
  });

  it('fails in its turn when it failed before', async () => {
    const ahead = new WorkAhead<string>();
    ahead.begin('a', () => Promise.reject(new Error('it does not compile')));
    await expect(ahead.take('a', async () => 'a')).rejects.toThrow('it does not compile');
  });
});
