// The judge of what is shown must itself see what is alive, or it would find every text harmless.
import { describe, expect, it } from 'vitest';
import { aliveInLog, aliveInMarkdown } from './alive.ts';
import { EVIL } from './evil.ts';

const OWN = ['https://github.com/octo/game/'];

describe('what is alive', () => {
  it('is found in a text that tries everything', () => {
    const found = aliveInMarkdown(EVIL, OWN).map((one) => one.split(':')[0]);
    expect(found).toEqual(['hidden character', 'mention', 'reference', 'image', 'link', 'HTML']);
  });

  it.each([
    ['hello @octocat', 'mention'],
    ['see #12', 'reference'],
    ['![a](https://github.com/octo/game/a.png)', 'image'],
    ['[a](https://evil.example)', 'link'],
    ['go to www.evil.example', 'link'],
    ['<b>bold</b>', 'HTML'],
    ['`` ` @octocat', 'mention'],
    ['```js\n@octocat\n```', 'mention'],
  ])('%s', (text, kind) => {
    expect(aliveInMarkdown(text, OWN).join()).toContain(kind);
  });

  it('is nothing in code, nor in what the action writes itself', () => {
    const text = [
      '<!-- octobatch tale 0123abcd -->',
      '### Pass: `@octocat <b>` is quoted, `` `www.evil.example ``',
      '```text',
      '@octocat #1 <img>',
      '```',
      '<details>',
      '<summary>Steps</summary>',
      '',
      '[HTML report](https://github.com/octo/game/actions/runs/1/artifacts/2)',
      '<sub>For commit <code>0123abc</code>.</sub>',
      '<!-- octobatch-data 1',
      'same 0123456789abcdef',
      '-->',
    ].join('\n');
    expect(aliveInMarkdown(text, OWN)).toEqual([]);
  });

  it('is a line of a log that the runner would obey and we never send', () => {
    const log =
      '::group::a\n::set-output name=a::b\n  ::stop-commands::x\ntext ##[error]x\n::error::ours\ntext ::error::x';
    expect(aliveInLog(log)).toEqual(['::set-output name=a::b', '  ::stop-commands::x', 'text ##[error]x']);
  });
});
