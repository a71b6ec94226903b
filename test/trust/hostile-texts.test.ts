// Texts of journals, folders and runs from elsewhere on a person's terminal: nothing in them is obeyed, and no name in a
// journal leads out of the place where runs are kept.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeInFull } from '../../src/commands/info.ts';
import { formatInfo } from '../../src/commands/info-text.ts';
import { formatInit, initPipeline } from '../../src/commands/init.ts';
import { formatList, listAll } from '../../src/commands/list.ts';
import { layOut } from '../../src/commands/live-layout.ts';
import { lineText } from '../../src/commands/live-line.ts';
import { pictureOf } from '../../src/commands/live-picture.ts';
import { UNICODE } from '../../src/commands/live-steps.ts';
import { formatPruning, planPruning } from '../../src/commands/prune.ts';
import { describeRun } from '../../src/commands/status.ts';
import { formatStatus } from '../../src/commands/status-text.ts';
import { openRunPlace } from '../../src/compose.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { finish, keepRuns, OPTIONS, open } from '../commands/kept-runs.ts';
import { created } from '../engine/journal-cases.ts';

/** A title, a wiped screen, one in eight bits, and letters that run backwards. */
const EVIL = '\u001b]0;owned\u0007\u001b[2J\u009b2J\u202e';
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** The same value with the text in each of its texts; names of kinds stay. */
function poisoned<T>(value: T, key = ''): T {
  if (typeof value === 'string')
    return (
      /^(?:kind|state|mode|phase|lastEvent|started|spent|uncertain|reserved|cap|cost)$/.test(key)
        ? value
        : value + EVIL
    ) as T;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)])) as T;
}

describe('a run from elsewhere', () => {
  it('is refused when its journal names it, or a step, as no run and no step is named', () => {
    const [, ...steps] = ['', 'walk'];
    for (const run of ['../../elsewhere', `a${EVIL}`, '', '.', 'a/b', 'a\\b', 'x'.repeat(300)])
      expect(() => foldJournal([{ ...created(2, steps), run } as JournalEvent]), run).toThrow('never does');
    for (const step of [`w${EVIL}`, '../w', '', '| x |'])
      expect(() => foldJournal([created(2, [step])]), step).toThrow('never does');
    expect(foldJournal([created(2, steps)])?.steps).toHaveLength(1);
  });

  it('says nothing to a terminal, in the list, in full, in the status, live, and before it is deleted', async () => {
    const kept = keepRuns('hostile');
    const folder = await finish(await open(kept));
    const now = Date.now();
    const status = await describeRun(folder, OPTIONS);
    const info = await describeInFull(kept.root, folder, OPTIONS);
    const place = openRunPlace(folder, OPTIONS);
    const state = foldJournal((await place.ports.journal.read()).events)!;
    await place.close();
    const evil = { ...state, run: EVIL, steps: state.steps.map((step) => ({ ...step, name: EVIL })) };
    const picture = pictureOf(evil, now, { eta: null, paused: null, failures: [], hint: '' });
    const wish = { olderThanMs: 0, keep: 0 };
    const shown = [
      formatStatus(poisoned(status)),
      formatInfo({ ...poisoned(info), simulator: info.simulator }),
      formatList(poisoned(await listAll(kept.root, OPTIONS, true))),
      formatPruning(poisoned(await planPruning(kept.root, wish, now + 1000, OPTIONS)), false),
      layOut(picture, { columns: 100, rows: 40 }, UNICODE).map(lineText).join('\n'),
    ];
    for (const text of shown) {
      expect(text).toContain('\\u{1b}');
      expect(OBEYED.exec(text)).toBeNull();
    }
  });
});

describe('an Octobatch folder from elsewhere', () => {
  it('is copied with its names, and shows them as they are, not as they act', async () => {
    const root = mkdtempSync(join(tmpdir(), 'octobatch-init-'));
    const from = join(root, 'theirs');
    mkdirSync(join(from, `notes${EVIL}`), { recursive: true });
    writeFileSync(join(from, `notes${EVIL}`, 'a.txt'), 'text');
    writeFileSync(join(from, 'items.yaml'), 'things: [{ id: a }]\n');
    writeFileSync(
      join(from, 'config.yaml'),
      'pipeline: { name: x, steps: [{ name: roll, scope: expression, expressions: { face: "1" } }] }\n' +
        'processing: { items: { source: items.yaml, key: things, name_field: id }, strategy: direct }\n',
    );
    const folder = join(root, 'mine');
    const wishes = { ...NOTHING, folder, template: 'octobatch', from, workflow: false };
    const written = await initPipeline(wishes, null, 'octobatch');
    expect(written.files).toHaveLength(3);
    expect(OBEYED.exec(formatInit(written))).toBeNull();
  });
});

const NOTHING = { folder: null, template: null, from: null, provider: null, model: null, workflow: null };
