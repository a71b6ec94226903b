// The first line: verdict word, pipeline, key number, in at most 110 characters; says it when answers are simulated.
// Without its emoji it says the same.

import { formatEstimate, formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatUnits,
  percentDecimals,
} from '../analysis/numbers.ts';
import type { RunError, Verdict } from '../analysis/verdict.ts';
import { isInert, oneLine } from './escape.ts';
import { bestFound } from './layout-stop.ts';
import type { Report } from './report.ts';

/** Longest first line, emoji included. */
export const HEADLINE_LIMIT = 110;

/** The verdict as a word. */
export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return 'Pass';
    case 'fail':
      return 'Fail';
    case 'inconclusive':
      return 'Inconclusive';
    case 'pending':
      return 'Pending';
    case 'dry_run':
      return 'Dry run';
    case 'error':
      return 'Error';
    default:
      return verdict satisfies never;
  }
}

/** The verdict as an emoji, for surfaces that have them. */
export function verdictEmoji(verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return '✅';
    case 'fail':
      return '❌';
    case 'inconclusive':
      return '⚠️';
    case 'pending':
      return '⏳';
    case 'dry_run':
      return '⏸️';
    case 'error':
      return '🛑';
    default:
      return verdict satisfies never;
  }
}

/**
 * The line without its emoji. Names in it are words that are inert on every surface; a name that is not is left out,
 * and stands, as code, in the table below.
 */
export function writeHeadline(report: Report): string {
  const word = verdictWord(report.verdict);
  const pipeline = isInert(report.pipeline) ? oneLine(report.pipeline, 64) : 'this pipeline';
  const room = HEADLINE_LIMIT - 3;
  const candidates = tails(report).map((tail) => `${word}: ${pipeline}${tail}`);
  const fitting = candidates.find((line) => [...line].length <= room);
  return fitting ?? oneLine(candidates.at(-1) ?? word, room);
}

/** What follows the pipeline's name, from the most telling to the shortest. */
function tails(report: Report): readonly string[] {
  switch (report.verdict) {
    case 'pending':
      return [pendingTail(report)];
    case 'error':
      return [errorTail(report)];
    case 'dry_run':
      return dryRunTails(report);
    case 'pass':
    case 'fail':
    case 'inconclusive':
      return judgedTails(report);
    default:
      return report.verdict satisfies never;
  }
}

function pendingTail(report: Report): string {
  const answers = answersWord(report);
  if (report.pending?.canceling) return ` is being canceled${answers}`;
  const batches = report.pending?.batches ?? [];
  const waiting = batches.filter((batch) => batch.state !== 'back').length;
  const index = report.steps.findIndex((step) => step.inFlight > 0);
  const step = index < 0 ? '' : ` (step ${index + 1} of ${report.steps.length})`;
  if (waiting > 0) {
    const of = waiting === batches.length ? `${waiting}` : `${waiting} of ${batches.length}`;
    return ` waits for ${of} provider ${batches.length === 1 ? 'batch' : 'batches'}${step}${answers}`;
  }
  const held = (report.pending?.fullQueues.length ?? 0) > 0 ? ', held by a full queue' : '';
  return ` has ${formatUnits(report.units.inFlight)} in flight${step}${held}${answers}`;
}

function errorTail(report: Report): string {
  const answers = answersWord(report);
  if (report.error === null && report.units.planned === 0)
    return `, no unit came to be: every list that was fanned out was empty${answers}`;
  if (report.error === null)
    return `, none of ${formatUnits(report.units.planned)} gave a valid result${answers}`;
  return ` ${errorSentence(report.error.kind)}, ${formatCount(report.units.valid)} of ${formatUnits(report.units.planned)} valid${answers}`;
}

/** Answers that were not given for this run are named in the first line. */
function answersWord(report: Report): string {
  if (report.simulated) return ', simulated answers';
  return report.provenance.replays === null ? '' : ', recorded answers';
}

/** Why a run stopped, in words that follow its name. */
export function errorSentence(kind: RunError['kind']): string {
  switch (kind) {
    case 'budget':
      return 'is paused by its cost cap';
    case 'blocked':
      return 'is paused by its provider';
    case 'unusable':
      return 'is paused because its key or model cannot be used';
    case 'deadline':
      return 'did not finish before its deadline';
    case 'superseded':
      return 'gave way to a newer commit';
    case 'canceled':
      return 'was canceled';
    case 'script':
      return 'is over, but its script failed';
    default:
      return kind satisfies never;
  }
}

function dryRunTails(report: Report): readonly string[] {
  const lead = ', simulated answers';
  if (report.gates.length === 0) return keyTails(report, `${lead}, no gate`);
  const gates = countGates(report.gates, true);
  return [...gateTails(report, `${lead}; ${gates}; `), `${lead}; ${gates}`];
}

function judgedTails(report: Report): readonly string[] {
  const lead = answersWord(report);
  if (report.verdict === 'pass') {
    const best = bestTails(report, lead);
    if (best.length > 0) return best;
  }
  if (report.gates.length === 0) return keyTails(report, `${lead}, no gate is set`);
  const gates = countGates(report.gates, false);
  const first = lead === '' ? ',' : `${lead};`;
  if (report.verdict === 'pass') return [...gateTails(report, `${first} ${gates}; `), `${first} ${gates}`];
  return [...gateTails(report, `${first} `), `${first} ${gates}`];
}

function gateTails(report: Report, lead: string): readonly string[] {
  const gate = keyGate(report.gates);
  if (gate === null || !isInert(gate.name)) return [];
  if (gate.value === null) return unvaluedTails(report, gate, lead);
  const value = formatGateValue(gate);
  const region = `(gate ${formatRegion(gate)})`;
  const short = shorten(gate.name, 32);
  const { is, than } = comparedWith(report, gate);
  return [
    `${lead}${gate.name}${is}${value}${than} ${region}`,
    `${lead}${short}${is}${value}${than} ${region}`,
    `${lead}${short}${is}${value} ${region}`,
    `${lead}${short}${is}${value}`,
  ];
}

/** What a search for the best was run for. */
function bestTails(report: Report, lead: string): readonly string[] {
  const best = bestFound(report);
  if (best === null || !isInert(best.name)) return [];
  const gates = report.gates.length === 0 ? 'no gate is set' : countGates(report.gates, false);
  const [name, first] = [shorten(best.name, 32), lead === '' ? ',' : `${lead};`];
  const short = best.says.replace(/ \(.*/, '');
  return [
    `${first} ${name} ${best.says}; ${gates}`,
    `${first} ${name} ${best.says}`,
    `${first} ${name} ${short}; ${gates}`,
    `${first} ${name} ${short}`,
    `${first} ${gates}`,
  ];
}

/** A gate that nothing can be said about: why not. */
function unvaluedTails(report: Report, { kind, name, reason }: GateResult, lead: string): readonly string[] {
  if (isChangeKind(kind)) {
    const said = whyNoChange(report).map((why) => `${lead}${why}`);
    // The absolute result is known all the same.
    const known = report.gates.find(
      ({ kind, value, name }) => value !== null && kind !== 'cost' && isInert(name),
    );
    if (known === undefined)
      return said.flatMap((why) => [`${why}; ${countGates(report.gates, report.simulated)}`, why]);
    const figure = `${shorten(known.name, 32)}: ${formatGateValue(known)}`;
    return said.flatMap((why) => [
      `${why}; ${figure} (gate ${formatRegion(known)})`,
      `${why}; ${figure}`,
      why,
    ]);
  }
  if (!isInert(reason)) return [];
  return [`${lead}${name}: ${reason}`, `${lead}${shorten(name, 32)}: ${reason}`];
}

/** Why no change is known, from the most telling to the shortest. */
function whyNoChange({ against, gates }: Report): readonly string[] {
  const reason = keyGate(gates)?.reason ?? '';
  if (against === null || against.reason === null)
    return against === null || !isInert(reason) ? ['no result to compare with yet'] : [reason];
  const base = isInert(against.name) ? ` with ${shorten(against.name, 32)}` : '';
  const why = isInert(against.reason) ? [`not comparable${base} (${against.reason})`] : [];
  return [...why, `not comparable${base}`];
}

function isChangeKind(kind: GateResult['kind']): boolean {
  return kind === 'share_change' || kind === 'mean_change';
}

/** What joins a gate's name to its value, and what the value is taken against. */
function comparedWith(report: Report, gate: GateResult): { readonly is: string; readonly than: string } {
  switch (gate.kind) {
    case 'share_change':
    case 'mean_change': {
      const base = report.against?.name ?? '';
      return { is: ' ', than: isInert(base) ? ` against ${shorten(base, 32)}` : ' against the base' };
    }
    case 'share_difference':
    case 'mean_difference': {
      const [of, minus] = [gate.sides?.of?.name ?? '', gate.sides?.minus?.name ?? ''];
      return { is: ': ', than: isInert(of) && isInert(minus) ? `, ${of} less ${minus}` : '' };
    }
    case 'share':
    case 'mean':
    case 'valid_share':
    case 'cost':
      return { is: ': ', than: '' };
    default:
      return gate.kind satisfies never;
  }
}

/** The first words of a name, as many as fit. */
function shorten(name: string, max: number): string {
  if (name.length <= max) return name;
  const cut = name.slice(0, max).replace(/[ -][^ -]*$/, '');
  return `${cut}…`;
}

function keyTails(report: Report, lead: string): readonly string[] {
  const units = `${formatCount(report.units.valid)} of ${formatUnits(report.units.planned)} valid`;
  const outcome = report.overall.outcomes[0];
  const share = outcome?.values[0];
  if (outcome !== undefined && share !== undefined && isInert(outcome.field) && isInert(share.value)) {
    const percent = formatPercent(share.share, percentDecimals(share.n));
    const key = `${outcome.field} ${share.value} ${percent}`;
    return [`${lead}; ${key}, ${units}`, `${lead}; ${key} of ${formatCount(share.n)}`, `${lead}; ${units}`];
  }
  const metric = report.overall.metrics[0];
  if (metric !== undefined && isInert(metric.field)) {
    const mean = formatNumber(metric.mean, errorDecimals(metric.error ?? 0));
    return [`${lead}; mean ${metric.field} ${mean}, ${units}`, `${lead}; ${units}`];
  }
  return [`${lead}; ${units}`];
}

/** The gate to read first: one that fails, else one that is undecided, else the first. */
export function keyGate(gates: readonly GateResult[]): GateResult | null {
  const of = (state: GateResult['state']) => gates.find((gate) => gate.state === state);
  return of('fail') ?? of('inconclusive') ?? gates[0] ?? null;
}

/** `1 of 4 gates fails, 3 pass`; on a dry run `1 of 4 gates would fail`. */
export function countGates(gates: readonly GateResult[], simulated: boolean): string {
  const total = gates.length;
  const count = (state: GateResult['state']) => gates.filter((gate) => gate.state === state).length;
  const [failing, open, passing] = [count('fail'), count('inconclusive'), count('pass')];
  const all = total === 1 ? 'the gate' : total === 2 ? 'both gates' : `all ${total} gates`;
  const say = (n: number, one: string, many: string) => (simulated ? `would ${many}` : n === 1 ? one : many);
  if (passing === total) return `${all} ${say(total, 'holds', 'hold')}`;
  if (failing === total) return `${all} ${say(total, 'fails', 'fail')}`;
  if (open === total) return `${all} ${simulated ? 'would stay' : total === 1 ? 'is' : 'are'} undecided`;
  const parts: string[] = [];
  if (failing > 0) parts.push(say(failing, 'fails', 'fail'));
  if (open > 0)
    parts.push(simulated ? 'would stay undecided' : open === 1 ? 'is undecided' : 'are undecided');
  if (passing > 0) parts.push(say(passing, 'passes', 'pass'));
  const numbers = [failing, open, passing].filter((n) => n > 0);
  const said = parts.map((part, i) =>
    i === 0 ? `${numbers[i]} of ${total} gates ${part}` : `${numbers[i]} ${part}`,
  );
  return said.join(', ');
}

/** A gate's value in its own unit: `51.2%`, `25.1`, `−18 pp`, `$0.05`; `no value` when there is none. */
export function formatGateValue({ kind, value, n, interval }: GateResult): string {
  return value === null ? 'no value' : formatEstimate(kind, value, n, interval);
}
