// Intervals and tests tried on chance itself: thousands of times in `npm run prove simulations`, a few dozen otherwise.
import { describe, expect, test } from 'vitest';
import { alarmsAt } from './simulations/alarms.ts';
import { coverageOf } from './simulations/coverage.ts';
import { changesCover } from './simulations/coverage-changes.ts';
import { estimatesCover } from './simulations/coverage-estimates.ts';
import { figuresCover } from './simulations/coverage-figures.ts';
import { type Experiment, runExperiment } from './simulations/experiment.ts';
import { gatesDecide } from './simulations/gates.ts';
import { changesDecide } from './simulations/gates-changes.ts';
import { stoppingEarly } from './simulations/stopping.ts';

/** `npm run prove` sets this. */
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_SIMULATIONS === '1';

function tried(title: string, experiments: readonly Experiment[]): void {
  const outcomes = experiments.map((experiment) =>
    runExperiment(experiment, EXHAUSTIVE ? experiment.times : Math.ceil(experiment.times / 100)),
  );
  if (EXHAUSTIVE) {
    const rows = [
      ['', 'found', 'theory says'],
      ...outcomes.map(({ name, found, theory }) => [name, found, theory]),
    ];
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
    const shown = rows.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    );
    console.log(`${title}\n${shown.join('\n')}`);
  }
  expect(outcomes.filter(({ holds }) => !holds)).toEqual([]);
}

describe('on chance itself', () => {
  for (const confidence of [0.95, 0.99]) {
    test(`intervals of figures hold the truth as often as theory says, nominal ${confidence * 100} %`, () => {
      tried('intervals of figures that held the truth', [
        ...estimatesCover(confidence),
        ...figuresCover(confidence),
      ]);
    }, 1_800_000);

    test(`intervals of changes hold the truth as often as theory says, nominal ${confidence * 100} %`, () => {
      tried('intervals of changes that held the truth', [
        ...coverageOf(confidence),
        ...changesCover(confidence),
      ]);
    }, 1_800_000);
  }
  for (const alpha of [0.05, 0.01]) {
    test(`tests raise as many false alarms, and find as much, as theory says, level ${alpha}`, () => {
      tried('tests that called a change', alarmsAt(alpha));
    }, 1_800_000);
  }

  test('gates on figures pass and fail as often as theory says', () => {
    tried('gates that decided', gatesDecide());
  }, 1_800_000);

  test('gates on changes and differences pass and fail as often as theory says', () => {
    tried('gates on changes that decided', changesDecide());
  }, 1_800_000);

  test('rules that stop a run leave its intervals, alarms and choices what they say they are', () => {
    tried('runs that stopped early', stoppingEarly());
  }, 1_800_000);
});
