import { describe, expect, it } from 'vitest';
import { TextRelay } from '../../src/engine/text-relay.ts';

async function textOf(relay: TextRelay): Promise<string> {
  let text = '';
  for await (const chunk of relay.chunks()) text += chunk;
  return text;
}

describe('a text relay', () => {
  it('gives the reader what was written, in order, and holds no more than it must', async () => {
    const relay = new TextRelay();
    const read = textOf(relay);
    let written = '';
    for (let line = 0; line < 20_000; line++) {
      const text = `line ${line} of a file that is much longer than what a relay may hold\n`;
      written += text;
      relay.write(text);
      if (relay.isFull) await relay.drained();
      expect(relay.isFull).toBe(false);
    }
    relay.end();
    expect(await read).toBe(written);
  });

  it('is an empty text when nothing is written', async () => {
    const relay = new TextRelay();
    relay.end();
    expect(await textOf(relay)).toBe('');
  });

  it('tells the reader why the writer ended', async () => {
    const relay = new TextRelay();
    relay.write('half a');
    const read = expect(textOf(relay)).rejects.toThrow('a blob is damaged');
    relay.end({ error: new Error('a blob is damaged') });
    await read;
  });

  it('lets the writer go on when nobody reads', async () => {
    const relay = new TextRelay();
    relay.write('x'.repeat(1_000_000));
    expect(relay.isFull).toBe(true);
    const waiting = relay.drained();
    relay.leave();
    await waiting;
    relay.write('more');
    expect(relay.isFull).toBe(false);
  });
});
