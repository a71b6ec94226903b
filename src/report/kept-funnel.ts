// Reads the steps of a kept report back, as far as another run's are shown beside them. Data that anybody who may write to
// the state branch may have written: what does not fit is as if nothing were kept.
import { parseUsd } from '../analysis/money.ts';
import { fieldsOf, isCount } from '../expression/plain-json.ts';
import type { PageBase } from './html-section.ts';

/** Steps of one pipeline, and characters of one name. */
const MOST = 200;
const LONGEST = 1000;

type Funnel = NonNullable<PageBase['report']>;
type Step = Funnel['steps'][number];

/** The steps of a report; null for anything else. */
export function parseFunnel(report: unknown): Funnel | null {
  const { units, steps } = fieldsOf(report);
  const { planned, sources } = fieldsOf(units);
  if (!isCount(planned) || !Array.isArray(steps) || steps.length > MOST) return null;
  if (sources !== undefined && !isCount(sources)) return null;
  const read = steps.map(readStep);
  const all = sources === undefined ? { planned } : { planned, sources };
  return read.every((step) => step !== null) ? { units: all, steps: read } : null;
}

function readStep(value: unknown): Step | null {
  const { step, valid, cost, paid, children } = fieldsOf(value);
  if (typeof step !== 'string' || step.length > LONGEST || !isCount(valid)) return null;
  if (typeof paid !== 'boolean') return null;
  if (cost !== null && (typeof cost !== 'string' || parseUsd(cost) === null)) return null;
  if (children !== undefined && !isCount(children)) return null;
  return { step, valid, cost, paid, ...(children === undefined ? {} : { children }) };
}
