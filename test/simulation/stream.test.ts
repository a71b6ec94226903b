import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openStream, STREAM_VERSION, streamKey } from '../../src/simulation/stream.ts';
import { fc } from '../property.ts';

function draws(parts: readonly string[], generator: 'tychei' | 'arc4'): string {
  const stream = openStream(parts, generator);
  const words = Array.from({ length: 4 }, () => stream.uint32());
  const doubles = Array.from({ length: 4 }, () => stream.double());
  return [`${generator} ${JSON.stringify(parts)}`, `  ${words.join(' ')}`, `  ${doubles.join(' ')}`].join(
    '\n',
  );
}

test('the draws of this stream version are pinned by a golden file', async () => {
  const names = [
    ['42', 'pier__rep0000', 'walk'],
    ['42', 'pier__rep0001', 'walk'],
    ['0', 'a', ''],
    ['é', '日本'],
  ];
  const text = names.flatMap((parts) => [draws(parts, 'tychei'), draws(parts, 'arc4')]).join('\n');
  await expect(`stream version ${STREAM_VERSION}\n${text}\n`).toMatchFileSnapshot(
    '../golden/simulation/streams.txt',
  );
});

test('the key is the SHA-256 of the version and the length-prefixed parts', () => {
  const expected = createHash('sha256').update('octobatch-stream/1/2:42/4:pier/0:').digest('hex');
  expect(streamKey(['42', 'pier', ''])).toBe(expected);
});

test('different parts give different keys, however they join', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
      expect(streamKey(a) === streamKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(streamKey(['ab', 'c'])).not.toBe(streamKey(['a', 'bc']));
  expect(streamKey(['1'])).not.toBe(streamKey(['11']));
});

test.each(['tychei', 'arc4'] as const)('words and doubles of %s stay in their ranges', (generator) => {
  const stream = openStream(['range'], generator);
  for (let i = 0; i < 20_000; i++) {
    const word = stream.uint32();
    expect(Number.isInteger(word) && word >= 0 && word < 2 ** 32).toBe(true);
    const x = stream.double();
    expect(x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53)).toBe(true);
  }
});

test('two streams of one name run side by side without touching each other', () => {
  const a = openStream(['42', 'u', 's']);
  const b = openStream(['42', 'u', 's']);
  const first = [a.uint32(), a.double(), a.uint32()];
  openStream(['other']).uint32();
  expect([b.uint32(), b.double(), b.uint32()]).toEqual(first);
});

test('opening and drawing neither reads nor replaces Math.random', () => {
  const original = Math.random;
  Math.random = () => {
    throw new Error('Math.random was called');
  };
  try {
    openStream(['a']).double();
    openStream(['a'], 'arc4').double();
  } finally {
    Math.random = original;
  }
  expect(Math.random).toBe(original);
});
