// Finds the gates that no result of so many units could ever pass, before anything is run or paid. It weighs the best that
// could happen, never what is likely.
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import type { HopelessGate } from '../pipeline/gate-claims.ts';
import type { Gate, LoadedPipeline, Pipeline, Region } from '../pipeline/pipeline.ts';
import { planUnits } from '../simulation/units.ts';
import { newcombe } from './compare-shares.ts';
import { canPass, decide, smallestFrom, smallestPassing } from './decision.ts';
import type { StatisticalGate } from './gate-held.ts';
import { formatLevel, formatRegion } from './gate-text.ts';
import { confidenceAtLook } from './look.ts';
import { formatCount, formatUnits } from './numbers.ts';

/** The gates of a pipeline that can never pass with its items and repetitions, at the most it may run. */
export function hopelessGates({ pipeline, items }: LoadedPipeline): readonly HopelessGate[] {
  const planned = plan({ pipeline, items });
  if (planned === null) return [];
  return pipeline.gates.flatMap((gate, at) => {
    const found = gate.kind === 'cost' ? null : hopeless(gate, pipeline, planned);
    return found === null ? [] : [{ gate: at, ...found }];
  });
}

interface Planned {
  readonly units: number;
  readonly combinations: number;
}

function plan({ pipeline, items }: LoadedPipeline): Planned | null {
  try {
    const { count: units, combinations } = planUnits(pipeline, items);
    return units > 0 ? { units, combinations } : null;
  } catch (error) {
    // Too many units, or none: that is said where they are planned.
    if (error instanceof ConfigurationError) return null;
    throw error;
  }
}

function hopeless(
  gate: StatisticalGate,
  pipeline: Pipeline,
  planned: Planned,
): Omit<HopelessGate, 'gate'> | null {
  const { units } = planned;
  const confidence = lastConfidence(gate, pipeline);
  switch (gate.kind) {
    case 'share':
    case 'valid_share': {
      if (canPass(units, gate.region, confidence)) return null;
      const smallest = smallestPassing(gate.region, confidence);
      if (smallest !== null && units >= smallest) return null;
      return described(gate, confidence, pipeline, planned, smallest);
    }
    case 'mean':
    case 'mean_difference': {
      const fewest = gate.kind === 'mean' ? 2 : 4;
      return units >= fewest ? null : described(gate, confidence, pipeline, planned, fewest);
    }
    case 'share_difference': {
      const fewest = smallestApart(gate.region, confidence);
      // Of unequal groups the larger one alone may have as many.
      if (fewest !== null && units > fewest) return null;
      return described(gate, confidence, pipeline, planned, fewest === null ? null : 2 * fewest);
    }
    case 'share_change':
    case 'mean_change':
      // Where nothing changes the change is none, whatever the number of units.
      return holdsNone(gate.region) || units > 1 ? null : described(gate, confidence, pipeline, planned, 2);
    default:
      return gate satisfies never;
  }
}

/** Of several looks the last asks least. */
function lastConfidence(gate: StatisticalGate, { stop, repeat }: Pipeline): number {
  const looks = stop?.rule.kind === 'gates' ? Math.ceil(repeat / stop.every) : 1;
  return confidenceAtLook(gate.confidence, looks, looks);
}

function holdsNone({ atLeast, atMost }: Region): boolean {
  return (atLeast ?? 0) <= 0 && (atMost ?? 0) >= 0;
}

function described(
  gate: Gate,
  confidence: number,
  { maxUnits, repeat }: Pipeline,
  { units, combinations }: Planned,
  smallest: number | null,
): Omit<HopelessGate, 'gate'> {
  const region = `${formatRegion(gate)} at ${formatLevel(confidence)}`;
  if (smallest === null) {
    const what = `the gate '${gate.name}' can never pass: no number of units is enough for ${region}`;
    return { what, fix: 'leave more room between the bounds, or below 100%' };
  }
  const what = `the gate '${gate.name}' can never pass: ${region} takes ${formatCount(smallest)} units at least, and ${formatUnits(units)} ${units === 1 ? 'is' : 'are'} run`;
  const needed = Math.ceil(smallest / combinations);
  const more: string[] = [];
  if (needed > repeat) more.push(`repeat: ${needed}`);
  if (maxUnits !== null && maxUnits < smallest) more.push(`max_units: ${smallest}`);
  return { what, fix: `set ${more.join(' and ')} or more, or ask for less` };
}

/** Units of a group up to which a difference of shares is tried; what needs more has no bound worth saying. */
const MOST_TRIED = 1_000_000;

/** Counts of the second group that are tried: all of a small one, and as many of a large one. */
const TRIED_COUNTS = 40;

/** Fewest units in each of two equal groups whose difference of shares can lie in the region; null: no number is enough. */
function smallestApart(region: Region, confidence: number): number | null {
  let enough = 1;
  while (!canBeApart(enough, region, confidence)) {
    enough *= 2;
    if (enough > MOST_TRIED) return null;
  }
  return smallestFrom(Math.ceil(enough / 2), enough, (n) => canBeApart(n, region, confidence));
}

/** Whether two groups of n units can differ so; Newcombe's interval moves up with the first count. */
function canBeApart(n: number, region: Region, confidence: number): boolean {
  const step = Math.max(1, Math.floor(n / TRIED_COUNTS));
  for (let minus = 0; minus <= n; minus += step) {
    const at = (of: number) => newcombe({ x: minus, n }, { x: of, n }, confidence);
    const of = smallestFrom(0, n, (count) => at(count).low >= (region.atLeast ?? -1));
    if (of !== null && decide(at(of), region) === 'pass') return true;
  }
  return false;
}
