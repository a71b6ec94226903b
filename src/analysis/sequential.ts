// Looking several times at growing data without raising false alarms: the chance of crossing boundaries at equally
// spaced looks, and the boundaries of O'Brien and Fleming. It knows when one may stop, never what is looked at.
import { normalQuantile } from './special.ts';
import { normalTail } from './tails.ts';

/** Points of one integral. The integrands are smooth at the scale of 1 on a range of at most about 20. */
const POINTS = 64;

/**
 * Chance, look by look, that |z| first reaches its bound there, for a z of growing sums of independent normal steps.
 * `drift` is the mean of z at the last look: 0 gives false alarms, z_alpha/2 + z_beta about the power. Recursive
 * numerical integration (Armitage, McPherson and Rowe 1969); right to about 1e-9.
 */
export function crossingChances(bounds: readonly number[], drift: number): number[] {
  const step = drift / Math.sqrt(bounds.length);
  const { nodes, weights } = gaussLegendre();
  const chances: number[] = [];
  // Where the sum may be at the look before, each with its probability mass; at first it is 0.
  let places = [0];
  let masses = [1];
  bounds.forEach((bound, look) => {
    const edge = bound * Math.sqrt(look + 1);
    let crossed = 0;
    places.forEach((place, i) => {
      const centre = place + step;
      crossed += (masses[i] as number) * (normalTail(edge - centre) + normalTail(edge + centre));
    });
    chances.push(crossed);
    const inside = nodes.map((node) => node * edge);
    const next = inside.map((to, j) => {
      let density = 0;
      for (let i = 0; i < places.length; i++) {
        const away = to - (places[i] as number) - step;
        density += (masses[i] as number) * Math.exp((-away * away) / 2);
      }
      return (density / Math.sqrt(2 * Math.PI)) * edge * (weights[j] as number);
    });
    places = inside;
    masses = next;
  });
  return chances;
}

/**
 * The bounds of |z| at `looks` equally spaced looks with false alarms `alpha` in all, two-sided: C sqrt(looks / look)
 * (O'Brien and Fleming 1979). For 5 looks at 5 %, C is 2.040.
 */
export function obrienFleming(looks: number, alpha: number): number[] {
  const boundsOf = (constant: number) =>
    Array.from({ length: looks }, (_, look) => constant * Math.sqrt(looks / (look + 1)));
  const falseAlarms = (constant: number) =>
    crossingChances(boundsOf(constant), 0).reduce((sum, chance) => sum + chance, 0);
  // One look's quantile is too small for several; what each look may spend by itself is too large.
  let low = normalQuantile(1 - alpha / 2);
  let high = normalQuantile(1 - alpha / (2 * looks));
  if (looks === 1) return [low];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (falseAlarms(middle) > alpha) low = middle;
    else high = middle;
  }
  return boundsOf(high);
}

/** Points and weights on [-1, 1]: the roots of the Legendre polynomial, by Newton's method. */
function gaussLegendre(): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i <= POINTS; i++) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (POINTS + 0.5));
    let slope = 0;
    for (let turn = 0; turn < 20; turn++) {
      let before = 1;
      let value = x;
      for (let k = 2; k <= POINTS; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
      }
      slope = (POINTS * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
