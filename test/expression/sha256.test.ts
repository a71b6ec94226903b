import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/expression/sha256.ts';
import { fc } from '../property.ts';

function reference(text: string): string {
  return createHash('sha256').update(new TextEncoder().encode(text)).digest('hex');
}

describe('sha256Hex', () => {
  it('is the digest of the UTF-8 bytes at every length around the ends of blocks', () => {
    for (let length = 0; length < 300; length++) {
      const ascii = 'octobatch '.repeat(30).slice(0, length);
      expect(sha256Hex(ascii)).toBe(reference(ascii));
      const wide = 'né€😀'.repeat(100).slice(0, length);
      expect(sha256Hex(wide)).toBe(reference(wide));
    }
  });

  it('is the digest of any text, also of one with halves of characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        expect(sha256Hex(text)).toBe(reference(text));
        expect(sha256Hex(`${text}\ud800`)).toBe(reference(`${text}\ud800`));
      }),
      { numRuns: 50 },
    );
  });

  it('is the digest of a text of megabytes', () => {
    const text = 'octobatch'.repeat(300_000);
    expect(sha256Hex(text)).toBe(reference(text));
  });
});
