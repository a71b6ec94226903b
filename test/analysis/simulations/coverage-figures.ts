// How often the intervals of the figures that a pipeline asks for hold the truth: net values, ratios, rates and custom
// figures, of independent units and of items that repeat.
import type { FigurePart } from '../../../src/analysis/figure-reader.ts';
import { ResamplingWork } from '../../../src/analysis/figure-work.ts';
import { SliceFigures } from '../../../src/analysis/figures.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import type { FigureSpec } from '../../../src/pipeline/pipeline.ts';
import { atConfidence, type Experiment, exponential, holds, normal, poisson } from './experiment.ts';

/** Every kind of figure at one confidence; quantiles are tried by themselves. */
export function figuresCover(confidence: number): Experiment[] {
  return atConfidence(confidence, [
    ...nets(confidence),
    ...ratios(confidence),
    ...rates(confidence),
    custom(confidence),
  ]);
}

const NET: FigureSpec = { kind: 'net', name: 'net', field: 'end', values: { win: 2, lose: -1 } };
const RATIO: FigureSpec = { kind: 'ratio', name: 'ratio', of: 'hits', to: 'tries' };
const RATE: FigureSpec = { kind: 'rate', name: 'rate', events: 'falls', per: 'steps' };
const CUSTOM: FigureSpec = { kind: 'custom', name: 'custom', expr: 'sum(x) / len(x)' };

/** Whether the figure's interval holds the truth over so many items of so many units. */
function held(
  spec: FigureSpec,
  { items, repeat }: { readonly items: number; readonly repeat: number },
  makeItem: (draw: Draw) => () => FigurePart,
  truth: number,
  confidence: number,
): (draw: Draw) => boolean {
  return (draw) => {
    // A seed of its own for each sample, as each run has.
    const work = new ResamplingWork(String(draw()));
    const figures = new SliceFigures([spec], repeat > 1, null, work);
    for (let item = 0; item < items; item++) {
      const make = makeItem(draw);
      for (let i = 0; i < repeat; i++) figures.add(item, [make()]);
    }
    const [figure] = figures.estimate({ group: null, dropped: 0, confidence, work });
    return figure!.interval !== null && holds(figure!.interval, truth);
  };
}

const ALONE = { items: 120, repeat: 1 };
const REPEATED = { items: 30, repeat: 6 };

function nets(confidence: number): Experiment[] {
  const endOf = (luck: number, chance: number): FigurePart => ({
    kind: 'one',
    value: luck < chance ? 2 : luck < 0.8 ? -1 : 0,
  });
  return [
    {
      name: 'net value of +2 and -1, 120 units',
      theory: { kind: 'near', rate: confidence, within: 0.005 },
      times: 5_000,
      happens: held(NET, ALONE, (draw) => () => endOf(draw(), 0.3), 2 * 0.3 - 0.5, confidence),
    },
    {
      name: 'net value of +2 and -1, 30 items of 6 units',
      theory: { kind: 'near', rate: confidence, within: 0.01 },
      times: 5_000,
      happens: held(
        NET,
        REPEATED,
        (draw) => {
          const chance = 0.6 * draw();
          return () => endOf(draw(), chance);
        },
        2 * 0.3 - 0.5,
        confidence,
      ),
    },
  ];
}

function ratios(confidence: number): Experiment[] {
  const tried = (draw: Draw, chance: number): FigurePart => {
    const bottom = 1 + Math.floor(4 * draw());
    let top = 0;
    for (let i = 0; i < bottom; i++) if (draw() < chance) top++;
    return { kind: 'two', top, bottom };
  };
  return [
    {
      name: 'ratio by BCa, 120 units of 1 to 4 tries',
      theory: { kind: 'near', rate: confidence, within: 0.015 },
      times: 400,
      happens: held(RATIO, ALONE, (draw) => () => tried(draw, 0.2), 0.2, confidence),
    },
    {
      name: 'ratio by BCa, 30 items of 6 units',
      theory: { kind: 'near', rate: confidence, within: 0.03 },
      times: 400,
      happens: held(
        RATIO,
        REPEATED,
        (draw) => {
          const chance = 0.4 * draw();
          return () => tried(draw, chance);
        },
        0.2,
        confidence,
      ),
    },
  ];
}

function rates(confidence: number): Experiment[] {
  const falls = (draw: Draw, rate: number, burst: number): FigurePart => {
    const bottom = 5 + 10 * draw();
    return { kind: 'two', top: burst * poisson(draw, (rate * bottom) / burst), bottom };
  };
  return [
    {
      name: 'rate, 120 units with an event in 100 steps',
      theory: { kind: 'at least', rate: confidence },
      times: 3_000,
      happens: held(RATE, ALONE, (draw) => () => falls(draw, 0.01, 1), 0.01, confidence),
    },
    {
      name: 'rate, events that come four at a time',
      theory: { kind: 'near', rate: confidence, within: 0.025 },
      times: 3_000,
      happens: held(RATE, ALONE, (draw) => () => falls(draw, 0.1, 4), 0.1, confidence),
    },
    {
      name: 'rate, 30 items of 6 units that differ',
      theory: { kind: 'near', rate: confidence, within: 0.025 },
      times: 3_000,
      happens: held(
        RATE,
        REPEATED,
        (draw) => {
          const rate = 0.1 * exponential(draw);
          return () => falls(draw, rate, 1);
        },
        0.1,
        confidence,
      ),
    },
  ];
}

function custom(confidence: number): Experiment {
  return {
    name: 'custom figure by BCa, the mean of 60 units',
    theory: { kind: 'near', rate: confidence, within: 0.02 },
    times: 150,
    happens: held(
      CUSTOM,
      { items: 60, repeat: 1 },
      (draw) => () => ({ kind: 'fields', values: [normal(draw)] }),
      0,
      confidence,
    ),
  };
}
