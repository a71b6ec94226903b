import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorOfPause } from '../../src/engine/run-error.ts';
import { HEADLINE_LIMIT } from '../../src/report/headline.ts';
import { toJson } from '../../src/report/json.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { PLOT_WIDTH } from '../../src/report/plot.ts';
import type { Report } from '../../src/report/report.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import {
  canceled,
  dialogue,
  paused,
  replayed,
  reportOf,
  type Scene,
  sailor,
  shipGate,
  unanswered,
  unpriced,
  validGate,
  waiting,
} from './fixture.ts';

const folder = new URL('../golden/report/', import.meta.url);

/** Compares with the file, or writes it when UPDATE_GOLDEN is set; then look at the difference before committing. */
function matches(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(file, folder), text);
  }
  expect(text).toBe(readFileSync(new URL(file, folder), 'utf8'));
}

const never: Scene = { ...sailor({ units: 20, gates: [shipGate] }) };
const broken = dialogue();
const scenes: Record<string, Scene> = {
  'sailor-simulated': sailor({}),
  'sailor-simulated-gates': sailor({ gates: [shipGate, validGate] }),
  'sailor-pass': sailor({ simulated: false, gates: [shipGate, validGate] }),
  'sailor-fail': sailor({
    simulated: false,
    gates: [{ ...shipGate, name: 'the ship is reached', region: { atLeast: 0.6, atMost: null } }, validGate],
  }),
  'sailor-inconclusive': sailor({ simulated: false, units: 100, gates: [shipGate] }),
  'sailor-too-few': never,
  'sailor-local': {
    ...sailor({ simulated: true, gates: [shipGate] }),
    pipeline: { ...sailor({ gates: [shipGate] }).pipeline, steps: sailor({}).pipeline.steps.slice(0, 1) },
    accounting: { ...sailor({}).accounting, steps: sailor({}).accounting.steps.slice(0, 1) },
    provenance: { ...sailor({}).provenance, provider: null, answers: 'none' },
  },
  'dialogue-fail': dialogue(),
  'dialogue-pending': waiting(),
  'dialogue-error': {
    ...broken,
    records: broken.records.filter((record) => record.kind === 'failed').slice(0, 9),
    accounting: {
      planned: 9,
      valid: 0,
      failed: 9,
      inFlight: 0,
      steps: [
        {
          ...broken.accounting.steps[0]!,
          entered: 9,
          valid: 0,
          failed: 9,
          firstAttemptValid: 0,
          failures: { malformed: 9 },
        },
      ],
    },
  },
  'dialogue-unanswered': unanswered(),
  'dialogue-unpriced': unpriced(),
  'dialogue-budget': paused(
    errorOfPause({ kind: 'budget', needs: 310_000_123_456n, left: 19_000_000_000n, cap: 250_000_000_000n }),
  ),
  'dialogue-blocked': paused({
    kind: 'blocked',
    provider: 'gemini',
    why: 'Quota exceeded for metric: generate_requests_per_day\n::error::see https://ai.google.dev/gemini-api/docs/rate-limits',
  }),
  'dialogue-unusable': paused({
    kind: 'unusable',
    provider: 'gemini',
    model: 'gemini-2.0-flash-lite',
    why: 'the model is not known to this account',
    fix: 'choose another with --model',
  }),
  'dialogue-canceled': canceled(),
  'dialogue-canceling': {
    ...waiting(),
    pending: {
      ...waiting().pending!,
      batches: waiting().pending!.batches.map((batch) =>
        batch.state === 'running' ? { ...batch, state: 'canceling' } : batch,
      ),
      canceling: true,
    },
  },
  'dialogue-queue-full': {
    ...waiting(),
    pending: { ...waiting().pending!, batches: [], fullQueues: ['gemini/gemini-2.0-flash-lite'] },
  },
  'sailor-replayed': replayed(),
  'sailor-replayed-simulated': { ...replayed(), simulated: true },
};

describe.each(Object.entries(scenes))('%s', (name, scene) => {
  const report: Report = reportOf(scene);

  test('reads as its golden comment', () => matches(`${name}.md`, toMarkdown(report)));
  test('reads as its golden terminal text', () =>
    matches(`${name}.txt`, toTerminal(report, { color: false, width: 100 })));
  test('survives JSON whole', () => {
    expect(JSON.parse(toJson(report))).toEqual(report);
  });

  test('has a first line of at most 110 characters that says it when answers are simulated', () => {
    const line = (toMarkdown(report).split('\n')[0] ?? '').replace(/^### /, '');
    expect([...line].length).toBeLessThanOrEqual(HEADLINE_LIMIT);
    expect(/simulated/.test(line)).toBe(report.simulated);
    expect(report.headline).not.toMatch(/[\p{Extended_Pictographic}]/u);
  });

  test('keeps plots within 58 columns and tables within five', () => {
    const text = toMarkdown(report);
    for (const block of text.matchAll(/```text\n([\s\S]*?)\n```/g)) {
      const lines = (block[1] ?? '').split('\n').filter((line) => /[░█║]/.test(line));
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(PLOT_WIDTH);
    }
    for (const line of text.split('\n').filter((row) => row.startsWith('|'))) {
      expect(line.split('|').length - 2).toBeLessThanOrEqual(5);
    }
  });

  test('uses colours only when asked', () => {
    expect(toTerminal(report, { color: false, width: 80 })).not.toContain('\u001b');
    expect(toTerminal(report, { color: true, width: 80 })).toContain('\u001b');
  });
});

test.each(['sailor-simulated-gates', 'dialogue-fail'])('%s is its golden JSON', (name) => {
  matches(`${name}.json`, toJson(reportOf(scenes[name]!)));
});
