// What a reader sees of a run that fans out: golden files, to be read when they change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { commentBody } from '../../src/report/comment.ts';
import { toHtml } from '../../src/report/html.ts';
import { SCRIPT } from '../../src/report/html-script.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { toJson } from '../../src/report/json.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { drawFunnel, PLOT_WIDTH } from '../../src/report/plot.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { inputOf, surroundings } from './comment-scene.ts';
import { held, rumours, underWay } from './fan-out-scene.ts';
import { comparedPage } from './html-scene.ts';

const folder = new URL('../golden/report/', import.meta.url);

/** Compares with the file, or writes it when UPDATE_GOLDEN is set; then look at the difference before committing. */
function matches(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(file, folder), text);
  }
  expect(text).toBe(readFileSync(new URL(file, folder), 'utf8'));
}

const plain = { color: false, width: 100 };
const report = held(rumours(), null);
const changed = held(rumours({ longer: 2, belief: 0.12 }), rumours());

describe('a run that fans out', () => {
  test('has books that balance', () => {
    for (const scene of [rumours(), rumours({ longer: 2 }), underWay()])
      expect(checkAccounting(scene.accounting)).toBeNull();
  });

  test('reads as its golden files', () => {
    matches('fan-out.txt', toTerminal(report, plain));
    matches('fan-out.md', toMarkdown(report));
    expect(JSON.parse(toJson(report))).toEqual(report);
  });

  test('says in its comment what became of its units', () =>
    matches('fan-out-comment.md', commentBody(inputOf(report))));

  test('is shown to a pull request from a fork with what it was split into', () => {
    const estimate = {
      requests: { least: 300, most: 1080 },
      tokens: { least: 60_000, most: 400_000 },
      cost: { least: '0.01', most: '0.12' },
      cap: null,
    };
    const fork = { origin: 'fork', estimate, paidRun: null } as const;
    const body = commentBody(inputOf(report, { surroundings: { ...surroundings, fork } }));
    expect(body).toContain('57 of 57 split into 190');
    expect(body).toContain('300 to 1,080');
  });

  test('says of a change which children have no partner', () => {
    matches('fan-out-held.txt', toTerminal(changed, plain));
  });

  test('is followed while it is under way', () => {
    matches('fan-out-pending.txt', toTerminal(held(underWay(), null), plain));
  });

  test('has a page whose bars are of what there is at each step', () => {
    const { report, units, extras } = comparedPage(rumours({ longer: 2, belief: 0.12 }), rumours());
    const page = toHtml(report, units, extras)
      .replace(STYLE, '')
      .replace(SCRIPT, '')
      .replace(/sha256-[A-Za-z0-9+/]{43}=/g, 'sha256-');
    matches('fan-out-page.html', page);
  });

  test('has a funnel that fits its width, whatever its numbers', () => {
    const rows = [
      { label: 'write a list that is long', left: 9_999_990, lost: 10, retried: 123_456, of: 10_000_000 },
      { label: 'split', left: 9_999_990, lost: 0, retried: 0, of: 10_000_000, children: 10_000_000 },
      { label: 'judge', left: 0, lost: 10_000_000, retried: 1, of: 10_000_000 },
    ];
    for (const line of drawFunnel(10_000_000, rows)) expect(line.length).toBeLessThanOrEqual(PLOT_WIDTH);
  });
});
