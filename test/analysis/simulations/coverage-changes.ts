// How often the interval of a change holds the truth as a comparison computes it from units: of items that repeat, paired
// and as two samples.
import { sampleOf } from '../../../src/analysis/compare-means.ts';
import {
  effectiveSample,
  meanChangeInterval,
  meanEvidence,
  shareChangeInterval,
  shareEvidence,
} from '../../../src/analysis/comparison-intervals.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { NumberTally, ShareTally } from '../../../src/analysis/tally.ts';
import { atConfidence, type Experiment, holds, normal } from './experiment.ts';

const ITEMS = 30;
const REPEAT = 8;

/** Every interval of a change of repeated items, at one confidence. */
export function changesCover(confidence: number): Experiment[] {
  return atConfidence(confidence, [
    ...pairedShares(confidence),
    ...pairedMeans(confidence),
    ...samples(confidence),
  ]);
}

/** Values of both sides, unit by unit, with their items. */
function pairsOf(makeItem: () => () => readonly [number, number]) {
  const base: number[] = [];
  const head: number[] = [];
  const items: number[] = [];
  for (let item = 0; item < ITEMS; item++) {
    const make = makeItem();
    for (let i = 0; i < REPEAT; i++) {
      const [before, after] = make();
      base.push(before);
      head.push(after);
      items.push(item);
    }
  }
  return { base, head, items };
}

/** The same luck on both sides, as common random numbers give it. */
function sharedLuck(draw: Draw, before: number, after: number): readonly [number, number] {
  const luck = draw();
  return [luck < before ? 1 : 0, luck < after ? 1 : 0];
}

function pairedShares(confidence: number): Experiment[] {
  return [
    {
      name: 'paired Newcombe by items, each of which moved by its own amount',
      theory: { kind: 'near', rate: confidence, within: 0.02 },
      times: 5_000,
      happens: (draw) => {
        const pairs = pairsOf(() => {
          const after = 0.6 - 0.3 * draw();
          return () => sharedLuck(draw, 0.6, after);
        });
        return holds(shareChangeInterval(shareEvidence(pairs), confidence), -0.15);
      },
    },
    {
      name: 'the same when items moved alike',
      theory: { kind: 'at least', rate: confidence },
      times: 5_000,
      happens: (draw) => {
        const pairs = pairsOf(() => () => sharedLuck(draw, 0.6, 0.452));
        return holds(shareChangeInterval(shareEvidence(pairs), confidence), 0.452 - 0.6);
      },
    },
    {
      name: 'the same when one unit in a hundred moved',
      theory: { kind: 'at least', rate: confidence },
      times: 5_000,
      happens: (draw) => {
        const pairs = pairsOf(() => () => sharedLuck(draw, 0.6, 0.5903));
        return holds(shareChangeInterval(shareEvidence(pairs), confidence), 0.5903 - 0.6);
      },
    },
  ];
}

function pairedMeans(confidence: number): Experiment[] {
  const held = (between: number) => (draw: Draw) => {
    const pairs = pairsOf(() => {
      const moved = Math.sqrt(between) * normal(draw);
      return () => {
        const shared = normal(draw);
        return [shared, shared + 0.3 + moved + Math.sqrt(1 - between) * normal(draw)];
      };
    });
    return holds(meanChangeInterval(meanEvidence(pairs), confidence)!, 0.3);
  };
  return [
    {
      name: 'paired t by items that moved by their own amounts',
      theory: { kind: 'is', rate: confidence },
      times: 5_000,
      happens: held(0.4),
    },
    {
      name: 'the same when items moved alike',
      theory: { kind: 'at least', rate: confidence },
      times: 5_000,
      happens: held(0),
    },
  ];
}

/** Two runs of other items: each side's effective number of units, and its clustered error. */
function samples(confidence: number): Experiment[] {
  const share = (draw: Draw, from: number) => {
    const tally = new ShareTally(true);
    for (let item = 0; item < ITEMS; item++) {
      const own = from + 0.4 * draw();
      for (let i = 0; i < REPEAT; i++) tally.add(item, draw() < own);
    }
    const { size } = tally.dependence();
    return { x: (tally.x / tally.n) * size, n: size };
  };
  const mean = (draw: Draw, from: number) => {
    const tally = new NumberTally(true, false);
    for (let item = 0; item < ITEMS; item++) {
      const own = from + normal(draw);
      for (let i = 0; i < REPEAT; i++) tally.add(item, own + normal(draw));
    }
    const { error, degrees } = tally.meanError()!;
    return effectiveSample(tally.mean, error, degrees);
  };
  return [
    {
      name: 'Newcombe of effective counts, two times 30 items of 8 units',
      theory: { kind: 'near', rate: confidence, within: 0.01 },
      times: 5_000,
      happens: (draw) => {
        const evidence = { kind: 'samples', base: share(draw, 0.3), head: share(draw, 0.5) } as const;
        return holds(shareChangeInterval(evidence, confidence), 0.2);
      },
    },
    {
      name: 'Welch of effective samples, two times 30 items of 8 units',
      theory: { kind: 'near', rate: confidence, within: 0.005 },
      times: 5_000,
      happens: (draw) => {
        const evidence = { kind: 'samples', base: mean(draw, 0), head: mean(draw, 0.5) } as const;
        return holds(meanChangeInterval(evidence, confidence)!, 0.5);
      },
    },
    {
      name: 'the same as if units were independent draws',
      theory: { kind: 'at most', rate: confidence - 0.1 },
      times: 2_000,
      happens: (draw) => {
        const plain = (from: number) => {
          const values: number[] = [];
          for (let item = 0; item < ITEMS; item++) {
            const own = from + normal(draw);
            for (let i = 0; i < REPEAT; i++) values.push(own + normal(draw));
          }
          return sampleOf(values);
        };
        return holds(
          meanChangeInterval({ kind: 'samples', base: plain(0), head: plain(0.5) }, confidence)!,
          0.5,
        );
      },
    },
  ];
}
