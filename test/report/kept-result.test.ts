// What is kept of a result and read back: everything that a comparison needs, and nothing that does not fit.

import { describe, expect, it } from 'vitest';
import { holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { askedOf, renameColumns } from '../../src/analysis/gate-asked.ts';
import { sidesOf } from '../../src/engine/perform-analyse.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { claimsOf } from '../../src/report/claims.ts';
import { resultLine } from '../../src/report/history.ts';
import {
  baseOf,
  baseResultOf,
  type Compared,
  type KeptResult,
  parseKeptResult,
  writeKeptResult,
} from '../../src/report/kept-result.ts';
import { parseSides } from '../../src/report/kept-sides.ts';
import type { Terms } from '../../src/report/terms.ts';
import { fc } from '../property.ts';
import { reportOf, sailor, shipGate, validGate } from './fixture.ts';

const noDrop: Gate = {
  kind: 'share_change',
  name: 'no drop',
  expr: "outcome == 'reached_ship'",
  region: { atLeast: -0.1, atMost: null },
  confidence: 0.95,
};

const scene = sailor({ gates: [shipGate, noDrop], units: 80, simulated: false });
const { pipeline } = scene;
const report = reportOf(scene);
const ENGINE = report.provenance.engineVersion;
const RUN = report.provenance.runId;

const terms: Terms = {
  seed: '42',
  streams: '1',
  items: 'ab'.repeat(32),
  units: 80,
  models: ['openai/small'],
  chosen: false,
};

function analysisOf(): Analysis {
  const analyser = createAnalyser(scene);
  for (const record of scene.records) analyser.add(record);
  return analyser.finish(scene.accounting);
}

const compared: Compared = {
  terms,
  claims: claimsOf(pipeline),
  gates: askedOf(pipeline),
  values: analysisOf().values,
  sides: sidesOf(analysisOf()),
};
const line = resultLine(report, 'c'.repeat(40));
const text = writeKeptResult(report, line, compared, { at: 5, asked: 7 })!;

function parsed(source = text): KeptResult {
  return parseKeptResult(source, ENGINE)!;
}

describe('a kept result', () => {
  it('is read back with what each unit came to, the estimates, the terms and the claims', () => {
    const kept = parsed();
    expect(kept).toMatchObject({ run: RUN, at: 5, asked: 7, line, terms, claims: compared.claims });
    expect(kept.values?.columns).toEqual(compared.values?.columns);
    expect(kept.overall).toEqual({ ...report.overall, group: null });
    expect(kept.funnel?.steps.map(({ step }) => step)).toEqual(['walk', 'analyze']);
    expect(kept.report?.headline).toBe(report.headline);
  });

  it('of another version of the engine keeps its numbers, and shows no report', () => {
    const kept = parseKeptResult(text, 'another')!;
    expect(kept.report).toBeNull();
    expect(kept.overall).toEqual({ ...report.overall, group: null });
  });

  it('holds no failure and nothing of what it was held against itself', () => {
    expect(parsed().report).toMatchObject({ failures: [], groups: [], against: null, pending: null });
  });

  it('is none for answers that were invented, and for a run without a verdict', () => {
    const invented = reportOf(sailor({ units: 50, simulated: true }));
    expect(writeKeptResult(invented, line, compared, { at: 5, asked: 7 })).toBeNull();
    expect(writeKeptResult(report, null, compared, { at: 5, asked: 7 })).toBeNull();
  });
});

describe('what kept gates on changes rest on', () => {
  const spread = { bare: 40, units: 500, clusters: 12, mayGain: false };
  const side = (estimated: object) => [{ estimated, dropped: 3 }];
  const share = { kind: 'share', value: 0.5, n: 500, size: 38 };

  it('is read back with how far clusters differ, also where coupled units tell more than their number', () => {
    const coupled = { ...share, size: 900, spread: { ...spread, mayGain: true } };
    for (const estimated of [share, { ...share, spread }, coupled])
      expect(parseSides(JSON.parse(JSON.stringify(side(estimated))))).toEqual(side(estimated));
  });

  it('is nothing when it was tampered with', () => {
    const wrong = [{ bare: 0 }, { units: 499 }, { clusters: 1 }, { clusters: 500 }, { mayGain: 1 }];
    for (const one of wrong)
      expect(parseSides(side({ ...share, spread: { ...spread, ...one } }))).toEqual([]);
    for (const estimated of [
      { ...share, spread: null },
      { ...share, size: 900, spread },
    ])
      expect(parseSides(side(estimated))).toEqual([]);
  });
});

describe('two results', () => {
  it('are comparable under the same terms, and the reason says which term is another', () => {
    const reasonOf = (now: Partial<Terms>) =>
      baseResultOf('main', parsed(), 'other-run', { ...compared, terms: { ...terms, ...now } }).reason;
    expect(reasonOf({})).toBeNull();
    expect(reasonOf({ seed: '1' })).toBe('another seed');
    expect(reasonOf({ streams: '2' })).toBe('another version of the random streams');
    expect(reasonOf({ items: 'cd' })).toBe('other items');
    expect(reasonOf({ units: 90 })).toBe('another number of units');
    expect(reasonOf({ models: [] })).toBe('another model');
    expect(reasonOf({ chosen: true })).toBe('which units were run was chosen on the way');
  });

  it('of one run are the same, whatever the terms say', () => {
    const now = { ...compared, terms: { ...terms, chosen: true } };
    expect(baseResultOf('main', parsed(), RUN, now)).toMatchObject({ isSame: true, reason: null });
    expect(baseOf('main', parsed(), RUN, now)).toMatchObject({ kind: 'found', isSame: true });
  });

  it('are compared by what their gates ask: a name alone is nothing', () => {
    const columns = compared.values!.columns;
    const [ship] = askedOf(pipeline);
    const now = [{ at: 0, name: 'another name', digest: ship!.digest }];
    const renamed = renameColumns(columns, askedOf(pipeline), now).filter(({ isGate }) => isGate);
    expect(renamed).toEqual([{ ...columns[0], name: 'another name' }]);
    const other = [{ at: 0, name: shipGate.name, digest: '0'.repeat(16) }];
    expect(renameColumns(columns, askedOf(pipeline), other).some(({ isGate }) => isGate)).toBe(false);
  });

  it('are found also where a gate on a difference, which keeps none, asks the same first', () => {
    const asks = (name: string, at: number) => ({ at, name, digest: '0123456789abcdef' });
    const column = { kind: 'share', name: 'no drop', isGate: true, labels: [], values: [1, 0] } as const;
    const then = [asks('pro beats coward', 0), asks('no drop', 1)];
    expect(renameColumns([column], then, [asks('no drop', 0)])).toEqual([column]);
  });

  it('are compared by their valid units too, under whatever name a gate asks for them', () => {
    const gated = (name: string) => askedOf({ gates: [{ ...validGate, name }] });
    const column = { kind: 'share', name: 'valid', isGate: true, labels: [], values: [1, 0] } as const;
    expect(renameColumns([column], gated('valid'), gated('valid hands'))).toEqual([
      { ...column, name: 'valid hands' },
    ]);
  });
});

describe('a kept result that somebody has changed', () => {
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (path.length > 0) places.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value).slice(0, 40)) walk(inner, [...path, key]);
  };
  walk(JSON.parse(text), []);
  const junk = fc.constantFrom<unknown>(null, -1, 1.5, 1e308, 'x', '', true, [], {}, [null], {
    low: 1,
    high: 0,
  });

  /** The text with another value at a place. */
  const damage = (path: readonly (string | number)[], value: unknown): string => {
    const damaged = JSON.parse(text);
    let at = damaged;
    for (const key of path.slice(0, -1)) at = at[key];
    at[path.at(-1)!] = value;
    return JSON.stringify(damaged);
  };

  it('never crashes a reader, and never brings a number that is none into a verdict', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (path, value) => {
        const kept = parseKeptResult(damage(path, value), ENGINE);
        if (kept === null) return;
        baseOf('main', kept, 'other-run', compared);
        const base = baseResultOf('main', kept, 'other-run', compared);
        const held = holdAgainst(analysisOf(), pipeline, base);
        for (const gate of held.gates) {
          expect(Number.isFinite(gate.value ?? 0)).toBe(true);
          expect(Number.isFinite(gate.interval?.low ?? 0) && Number.isFinite(gate.interval?.high ?? 0)).toBe(
            true,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['a share above 1', 'outcomes.0.values.0.share', 1.2],
    ['more hits than units', 'outcomes.0.values.0.x', 5000],
    ['a mean that nobody saw', 'metrics.0.mean', 1e9],
    ['an error below zero', 'metrics.0.error', -1],
    ['an interval the wrong way', 'metrics.0.interval.low', 1e9],
    ['lists without end', 'metrics', Array(1000).fill(null)],
  ])('with %s has no estimates', (_, place, value) => {
    const damaged = damage(['report', 'overall', ...place.split('.')], value);
    expect(parsed(damaged).overall).toBeNull();
  });

  it('that is too long is not read at all', () => {
    expect(parseKeptResult(`${text}${' '.repeat(2_000_000)}`, ENGINE)).toBeNull();
  });
});
