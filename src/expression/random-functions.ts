// The module `random` on the unit's stream. There is no `seed`: streams are named by seed, unit and step.
import { type Bound, builtin } from './calls.ts';
import {
  drawBeta,
  drawExponential,
  drawGamma,
  drawGauss,
  drawNormal,
  drawPareto,
  drawPoisson,
  drawTriangular,
  drawVonMises,
  drawWeibull,
} from './distributions.ts';
import { raise, raiseLimit } from './errors.ts';
import { admitItems, type Evaluation, spend } from './evaluation.ts';
import { getItem } from './indexing.ts';
import { lengthOf, toItems } from './iteration.ts';
import { own } from './list-methods.ts';
import { doubleArgument, intArgument } from './math-functions.ts';
import { ELEMENTARY, exponential } from './mathematics.ts';
import { drawBelow, drawBelowBig, drawBits, type RandomSource, sampleItems, shuffleItems } from './random.ts';
import {
  makeFloat,
  makeInt,
  type PyFunction,
  PyList,
  PyModule,
  PyRange,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

function sourceOf(evaluation: Evaluation): RandomSource {
  const { random } = evaluation;
  return random ?? raise('RuntimeError', 'there are no random numbers here');
}

function choice(evaluation: Evaluation, sequence: Value): Value {
  const source = sourceOf(evaluation);
  const length = lengthOf(sequence);
  if (length === 0) raise('IndexError', 'Cannot choose from an empty sequence');
  const at = drawBelow(source, length);
  return sequence instanceof PyList ? sequence.items[at]! : getItem(evaluation, sequence, at);
}

// `width` values from `start` on, `step` apart. Beyond 2^53 the draw is made in big integers.
function drawFrom(evaluation: Evaluation, start: number | bigint, width: bigint, step: bigint): Value {
  const source = sourceOf(evaluation);
  if (width < 2n ** 53n) return makeInt(BigInt(start) + step * BigInt(drawBelow(source, Number(width))));
  return makeInt(BigInt(start) + step * drawBelowBig(source, width));
}

function randint(evaluation: Evaluation, low: Value, high: Value): Value {
  const a = intArgument(low);
  const b = intArgument(high);
  if (a > b)
    raise(
      'ValueError',
      `empty range for randrange() (${a}, ${BigInt(b) + 1n}, ${BigInt(b) + 1n - BigInt(a)})`,
    );
  if (typeof a === 'number' && typeof b === 'number' && b - a < 2 ** 52) {
    return a + drawBelow(sourceOf(evaluation), b - a + 1);
  }
  return drawFrom(evaluation, a, BigInt(b) - BigInt(a) + 1n, 1n);
}

function randrange(evaluation: Evaluation, [first, second, third]: Bound): Value {
  const hasStop = second !== undefined && second !== null;
  const start = hasStop ? intArgument(first) : 0;
  const stop = hasStop ? intArgument(second) : intArgument(first);
  const step = BigInt(third === undefined ? 1 : intArgument(third));
  if (step === 0n) raise('ValueError', 'zero step for randrange()');
  const distance = BigInt(stop) - BigInt(start);
  const width = step > 0n ? (distance + step - 1n) / step : (distance + step + 1n) / step;
  if (width <= 0n) raise('ValueError', `empty range for randrange() (${start}, ${stop}, ${step})`);
  return drawFrom(evaluation, start, width, step);
}

function sample(evaluation: Evaluation, [population, k, counts]: Bound): Value {
  if (!isSequence(population)) {
    return raise('TypeError', 'Population must be a sequence.  For dicts or sets, use sorted(d).');
  }
  let items = givenItems(evaluation, population!);
  if (counts !== undefined && counts !== null)
    items = repeated(evaluation, items, toItems(evaluation, counts));
  const count = Number(intArgument(k));
  if (count < 0 || count > items.length) raise('ValueError', 'Sample larger than population or is negative');
  spend(evaluation, count);
  return new PyList(sampleItems(sourceOf(evaluation), items, count));
}

// The items as they are, when nothing has to be made of them: `sampleItems` copies what it draws from.
function givenItems(evaluation: Evaluation, population: Value): readonly Value[] {
  if (!(population instanceof PyList) || population.items.length !== population.length) {
    return toItems(evaluation, population);
  }
  spend(evaluation, population.length);
  return population.items;
}

function repeated(evaluation: Evaluation, items: readonly Value[], counts: readonly Value[]): Value[] {
  if (items.length !== counts.length)
    raise('ValueError', 'The number of counts does not match the population');
  const result: Value[] = [];
  counts.forEach((count, i) => {
    const times = Number(intArgument(count));
    if (times < 0) raise('ValueError', 'Counts must be non-negative');
    admitItems(evaluation, result.length + times);
    for (let j = 0; j < times; j++) result.push(items[i]!);
  });
  return result;
}

function isSequence(value: Value | undefined): boolean {
  return (
    typeof value === 'string' ||
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyRange
  );
}

function choices(evaluation: Evaluation, [population, weights, cumulative, k]: Bound): Value {
  const items = toItems(evaluation, population!);
  const count = k === undefined ? 1 : Number(intArgument(k));
  const source = sourceOf(evaluation);
  admitItems(evaluation, Math.max(0, count));
  const limits = cumulativeWeights(evaluation, weights ?? null, cumulative ?? null, items.length);
  const result: Value[] = [];
  if (limits === null) {
    if (items.length === 0 && count > 0) raise('IndexError', 'list index out of range');
    for (let i = 0; i < count; i++) result.push(items[Math.floor(source.double() * items.length)]!);
    return new PyList(result);
  }
  const total = limits.at(-1)!;
  if (total <= 0) raise('ValueError', 'Total of weights must be greater than zero');
  if (!Number.isFinite(total)) raise('ValueError', 'Total of weights must be finite');
  for (let i = 0; i < count; i++) result.push(items[placeIn(limits, source.double() * total)]!);
  return new PyList(result);
}

function cumulativeWeights(
  evaluation: Evaluation,
  weights: Value,
  cumulative: Value,
  length: number,
): number[] | null {
  if (weights !== null && cumulative !== null) {
    raise('TypeError', 'Cannot specify both weights and cumulative weights');
  }
  if (weights === null && cumulative === null) return null;
  const given = toItems(evaluation, weights ?? cumulative).map(doubleArgument);
  if (given.length !== length) raise('ValueError', 'The number of weights does not match the population');
  if (length === 0) raise('IndexError', 'list index out of range');
  let total = 0;
  return weights === null ? given : given.map((weight) => (total += weight));
}

// The first place whose limit exceeds x; never beyond the last.
function placeIn(limits: readonly number[], x: number): number {
  let low = 0;
  let high = limits.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < limits[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shuffle(evaluation: Evaluation, list: Value): null {
  if (!(list instanceof PyList)) {
    return raise('TypeError', `'${typeName(list)}' object does not support item assignment`);
  }
  spend(evaluation, list.length);
  shuffleItems(sourceOf(evaluation), own(list));
  return null;
}

function poisson(evaluation: Evaluation, mean: number): Value {
  if (!(mean >= 0)) raise('ValueError', 'poissonvariate: the mean must be >= 0');
  if (mean > 1e6) raiseLimit(`a Poisson mean of ${mean} (limit 1000000)`);
  return drawPoisson(sourceOf(evaluation), mean, () => spend(evaluation, 1));
}

// A distribution whose parameters are doubles; `defaults` for those that may be left out.
function distribution(
  text: string,
  defaults: readonly number[],
  draw: (source: RandomSource, ...parameters: number[]) => number,
): PyFunction {
  return builtin(text, (evaluation, bound) => {
    const parameters = Array.from({ length: Math.max(bound.length, defaults.length) }, (_, i) =>
      bound[i] === undefined && defaults[i] !== undefined ? defaults[i] : doubleArgument(bound[i]),
    );
    // Logarithms and the like, correctly rounded, and rejected tries.
    spend(evaluation, 32);
    const value = draw(sourceOf(evaluation), ...parameters);
    if (!Number.isFinite(value) && parameters.every(Number.isFinite))
      raise('OverflowError', 'math range error');
    return makeFloat(value);
  });
}

const FUNCTIONS: readonly PyFunction[] = [
  builtin('random()', (evaluation) => makeFloat(sourceOf(evaluation).double())),
  builtin('choice(seq)', (evaluation, [sequence]) => choice(evaluation, sequence!)),
  builtin('randint(a, b)', (evaluation, [low, high]) => randint(evaluation, low!, high!)),
  builtin('randrange(start, stop?, step?)', randrange),
  builtin('getrandbits(k, /)', (evaluation, [k]) => {
    const bits = Number(intArgument(k));
    if (bits < 0) raise('ValueError', 'number of bits must be non-negative');
    if (bits > evaluation.limits.integerBits)
      raiseLimit(`${bits} random bits (limit ${evaluation.limits.integerBits})`);
    spend(evaluation, bits >> 2);
    return makeInt(drawBits(sourceOf(evaluation), bits));
  }),
  builtin('sample(population, k, *, counts?)', sample),
  builtin('choices(population, weights?, *, cum_weights?, k?)', choices),
  builtin('shuffle(x)', (evaluation, [list]) => shuffle(evaluation, list!)),
  distribution('uniform(a, b)', [], (source, a = 0, b = 0) => a + (b - a) * source.double()),
  distribution('gauss(mu?, sigma?)', [0, 1], (source, mu = 0, sigma = 1) => drawGauss(source, mu, sigma)),
  distribution('normalvariate(mu?, sigma?)', [0, 1], (source, mu = 0, sigma = 1) =>
    drawNormal(source, mu, sigma),
  ),
  distribution('lognormvariate(mu, sigma)', [], (source, mu = 0, sigma = 1) =>
    exponential(drawNormal(source, mu, sigma)),
  ),
  distribution('expovariate(lambd)', [], (source, rate = 1) => drawExponential(source, rate)),
  distribution('gammavariate(alpha, beta)', [], (source, alpha = 1, beta = 1) =>
    drawGamma(source, alpha, beta),
  ),
  distribution('betavariate(alpha, beta)', [], (source, alpha = 1, beta = 1) =>
    drawBeta(source, alpha, beta),
  ),
  distribution('paretovariate(alpha)', [], (source, alpha = 1) => drawPareto(source, alpha)),
  distribution('weibullvariate(alpha, beta)', [], (source, alpha = 1, beta = 1) =>
    drawWeibull(source, alpha, beta),
  ),
  distribution('vonmisesvariate(mu, kappa)', [], (source, mu = 0, kappa = 0) =>
    drawVonMises(source, mu, kappa, ELEMENTARY.get('acos')!),
  ),
  builtin('triangular(low?, high?, mode?)', (evaluation, [low, high, mode]) => {
    const from = low === undefined ? 0 : doubleArgument(low);
    const to = high === undefined ? 1 : doubleArgument(high);
    const peak = mode === undefined || mode === null ? null : doubleArgument(mode);
    return makeFloat(drawTriangular(sourceOf(evaluation), from, to, peak));
  }),
  builtin('poissonvariate(lam)', (evaluation, [mean]) => poisson(evaluation, doubleArgument(mean))),
];

/** The module `random`. */
export const RANDOM = new PyModule('random', new Map(FUNCTIONS.map((entry) => [entry.name, entry] as const)));
