// Reads when a run may stop early, and says where that cannot work. It weighs nothing.
import type { z } from 'zod';
import type { Cursor } from './cursor.ts';
import type { ExpressionCheck } from './expression-check.ts';
import type { Scope } from './flow.ts';
import type { Place } from './mistakes.ts';
import type { Gate, Items, Pipeline, StopQuantity, StopSpec } from './pipeline.ts';
import type { Reading } from './reading.ts';
import type { stopSchema } from './schema-stop.ts';
import { combinationCount, groupsOfItems, halvingRounds } from './stop-groups.ts';

/** What a person writes under `stop:`. */
export type StopInput = NonNullable<z.input<typeof stopSchema>>;

/** The quantities a rule may name. */
const STOP_QUANTITIES = ['share', 'mean'] as const;

/** Most looks at one run: each reads all its units, and more of them stop it hardly any earlier. */
const MOST_LOOKS = 100;

/** Most groups of a search: as many as a report has. */
const MOST_GROUPS = 200;

const DEFAULT_CONFIDENCE = 0.95;

const RULES = ['gates', 'half_width', 'best'] as const;

/** When the run stops; null: when every unit is run. `gates` are the pipeline's. */
export function readStop(stop: Cursor<StopInput>, gates: readonly Gate[], reading: Reading): StopSpec | null {
  if (!stop.present) return null;
  const [kind, second] = RULES.filter((rule) => stop.at(rule).present);
  if (kind === undefined || second !== undefined) {
    const what = kind === undefined ? 'stop has no rule' : `stop has two rules, '${kind}' and '${second}'`;
    reading.mistakes.add(stop.place, what, `give it one of ${RULES.join(', ')}`);
    return null;
  }
  const rule = readRule(stop, kind, gates, reading);
  const every = stop.at('every').integer();
  return rule === null || every === null ? null : { every, rule };
}

function readRule(
  stop: Cursor<StopInput>,
  kind: (typeof RULES)[number],
  gates: readonly Gate[],
  reading: Reading,
): StopSpec['rule'] | null {
  switch (kind) {
    case 'gates':
      return readGateRule(stop.at('gates').place, gates, reading);
    case 'half_width': {
      const width = stop.at('half_width');
      const of = readQuantity(width, 'half_width', reading);
      const atMost = width.at('at_most').number();
      const confidence = width.at('confidence').number() ?? DEFAULT_CONFIDENCE;
      if (of?.kind === 'share' && atMost !== null && atMost >= 0.5) {
        const what = `stop.half_width.at_most is ${atMost} of a share, which every interval meets`;
        reading.mistakes.add(width.at('at_most').place, what, 'write 0.03 for ±3 points');
      }
      return of === null || atMost === null ? null : { kind, of, atMost, confidence };
    }
    case 'best': {
      const best = stop.at('best');
      const of = readQuantity(best, 'best', reading);
      const by = best.at('by').text();
      const wants = best.at('wants').text() === 'lowest' ? 'lowest' : 'highest';
      const fresh = best.at('fresh').integer();
      return of === null || by === null || fresh === null ? null : { kind, of, by, wants, fresh };
    }
    default:
      return kind satisfies never;
  }
}

/** The gates whose decision a run waits for: those that ask for it, or else all that numbers can decide. */
export function gatesWaitedFor(gates: readonly Gate[]): readonly Exclude<Gate, { kind: 'cost' }>[] {
  const statistical = gates.filter((gate) => gate.kind !== 'cost');
  const extending = statistical.filter((gate) => gate.onInconclusive === 'extend');
  return extending.length > 0 ? extending : statistical;
}

// The gates are copied, for they decide what is run and so are part of the content; their names are not.
function readGateRule(place: Place, gates: readonly Gate[], reading: Reading): StopSpec['rule'] | null {
  const chosen = gatesWaitedFor(gates);
  if (chosen.length === 0) {
    const what = 'stop.gates waits for gates to be decided, and there is none that could be';
    reading.mistakes.add(place, what, 'add a gate on a share or a mean, or stop by half_width');
    return null;
  }
  return { kind: 'gates', gates: chosen.map(({ onInconclusive: _, ...gate }) => ({ ...gate, name: '' })) };
}

function readQuantity(
  rule: Cursor<NonNullable<StopInput['half_width']>> | Cursor<NonNullable<StopInput['best']>>,
  key: string,
  reading: Reading,
): StopQuantity | null {
  const input = rule as Cursor<Pick<NonNullable<StopInput['half_width']>, 'share' | 'mean'>>;
  const [kind, second] = STOP_QUANTITIES.filter((one) => input.at(one).present);
  if (kind === undefined || second !== undefined) {
    const what =
      kind === undefined ? `stop.${key} says nothing of what` : `stop.${key} has a share and a mean`;
    reading.mistakes.add(rule.place, what, 'give it one of share, mean');
    return null;
  }
  return { kind, expr: reading.expression(input.at(kind), `stop.${key}.${kind}`) };
}

/** Adds a mistake for each name in a rule's expressions that nothing gives. */
export function checkStopNames(stop: Cursor<StopInput>, scope: Scope, expressions: ExpressionCheck): void {
  for (const rule of ['half_width', 'best'] as const) {
    for (const key of STOP_QUANTITIES)
      expressions.checkDrawless(stop.at(rule).at(key), `stop.${rule}.${key}`, scope);
  }
}

/** Something wrong with a rule in a pipeline; `keys` lead to the place. */
export interface StopProblem {
  readonly keys: readonly string[];
  readonly what: string;
  readonly fix: string;
}

/**
 * Why the rule cannot work in the pipeline as it is run. `isTrial`: somebody else than its author asked for fewer units,
 * which only ends a run earlier than it would be weighed.
 */
export function stopMistakes(
  { pipeline, items }: { pipeline: Pipeline; items: Items },
  isTrial: boolean,
): readonly StopProblem[] {
  const { stop, repeat, maxUnits, strategy } = pipeline;
  if (stop === undefined) return [];
  const { every, rule } = stop;
  const whole =
    maxUnits === null ? repeat : Math.floor(maxUnits / Math.max(1, combinationCount(strategy, items)));
  const repetitions = Math.min(repeat, whole);
  if (rule.kind === 'best')
    return bestMistakes(stop, rule, repetitions, groupsOfItems(strategy, items, rule.by));
  const keys = ['stop', 'every'];
  if (every >= repetitions && !isTrial) {
    const what = `stop.every is ${every} and there are ${repetitions} repetitions, so that the run ends before it is weighed`;
    return [{ keys, what, fix: 'make every smaller, or remove stop' }];
  }
  const looks = Math.ceil(repetitions / every);
  if (looks <= MOST_LOOKS) return [];
  const what = `stop.every is ${every}, so that ${repetitions} repetitions are weighed ${looks} times; ${MOST_LOOKS} is the most`;
  return [{ keys, what, fix: `write every: ${Math.ceil(repetitions / MOST_LOOKS)} or more` }];
}

function bestMistakes(
  { every }: StopSpec,
  { by, fresh }: Extract<StopSpec['rule'], { kind: 'best' }>,
  repetitions: number,
  groups: readonly string[] | null,
): readonly StopProblem[] {
  const keys = ['stop', 'best', 'by'];
  if (groups === null) {
    const what = `stop.best compares by '${by}', which not every item has`;
    return [{ keys, what, fix: 'name a field of all items, or of combinations one of their positions' }];
  }
  if (groups.length < 2) {
    const what = `stop.best compares by '${by}', which is the same for all items`;
    return [{ keys, what, fix: 'name a field by which the items differ' }];
  }
  if (groups.length > MOST_GROUPS) {
    const what = `stop.best compares by '${by}', which divides the items into ${groups.length} groups; ${MOST_GROUPS} are the most`;
    return [{ keys, what, fix: 'name a field with fewer values' }];
  }
  const rounds = halvingRounds(groups.length);
  const needed = rounds * every + fresh;
  if (needed <= repetitions) return [];
  const waves = `${rounds} ${rounds === 1 ? 'wave' : 'waves'} of ${every}`;
  const what = `stop.best needs ${needed} repetitions, ${waves} to choose among ${groups.length} and ${fresh} fresh ones, and there are ${repetitions}`;
  return [{ keys: ['stop', 'best'], what, fix: `write repeat: ${needed}, or make every or fresh smaller` }];
}

/** What is doubtful about a rule beside the gates, and beside the way the steps draw. */
export function stopDoubts({ stop, steps, gates }: Pipeline): readonly StopProblem[] {
  if (stop === undefined) return [];
  const keys = ['stop', 'every'];
  const found: StopProblem[] = [];
  const isJudged = gates.some((gate) => gate.kind !== 'cost' && gate.kind !== 'valid_share');
  if (stop.rule.kind === 'best' && isJudged) {
    const what = 'the gates are held over all units of a search for the best, which has chosen them';
    found.push({ keys: ['gates'], what, fix: 'hold the winner to its gates in a run of its own' });
  }
  const cut = steps.flatMap((step) => {
    if (step.kind !== 'expression' || step.coupling === undefined) return [];
    const round = step.coupling.antithetic ? 2 : (step.coupling.stratify ?? 1);
    if (stop.every % round === 0) return [];
    const what = `stop.every is ${stop.every}, and '${step.name}' draws in rounds of ${round} repetitions, which a wave would cut`;
    return [{ keys, what, fix: `make every a multiple of ${round}` }];
  });
  return [...found, ...cut];
}
