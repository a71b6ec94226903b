// Holds any two results against each other: unit by unit where the units are the same, otherwise as two samples, and says
// which and why. The gates on changes are those of the second one's pipeline. It changes neither.
import { holdAgainst } from '../analysis/against.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { compareSamples, compareSlices } from '../analysis/comparison.ts';
import type { Comparison } from '../analysis/comparison-change.ts';
import { decideVerdict, summariseGates } from '../analysis/verdict.ts';
import { sidesOf } from '../engine/perform-analyse.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import type { Gate, Pipeline, ReportSpec } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { roundNumbers } from '../report/build.ts';
import { type ComparedSide, layOutComparison, type RunComparison } from '../report/layout-comparison.ts';
import { blocksToTerminal } from '../report/terminal.ts';
import { type Terms, whyNotComparable } from '../report/terms.ts';
import { analyseSource } from './analyze.ts';
import { usageError } from './arguments.ts';
import { type CommonUnits, joinUnits, listChanged, SideCollector, type SideUnits } from './compare-units.ts';
import { exitCodeOf, type FailOn } from './exit-code.ts';
import type { ResultSource } from './result-source.ts';
import { readTerms } from './terms.ts';

/** What is asked of two results. */
export interface CompareRequest {
  /** Fields to compare instead of what the second one's report shows. */
  readonly outcomes: readonly string[];
  readonly metrics: readonly string[];
  /** List the units that differ. */
  readonly units: boolean;
  /** Refuse where units cannot be paired. */
  readonly paired: boolean;
}

interface Side {
  readonly source: ResultSource;
  readonly analysis: Analysis;
  readonly units: SideUnits | null;
}

/** Compares `head` with `base`. Throws a ConfigurationError when units must be paired and cannot be. */
export async function compareResults(
  base: ResultSource,
  head: ResultSource,
  request: CompareRequest,
): Promise<RunComparison> {
  const { pipeline } = head;
  const judged = { report: reportOf(request, pipeline), gates: gatesOf(request, pipeline) };
  const before = await readSide(base, judged);
  const after = await readSide(head, judged);
  // An id says of what a run was made; the same may have been run twice, with other answers.
  const isSame = head.context !== null && base.context?.state.nonce === head.context.state.nonce;
  const joined = isSame ? null : await join(before, after);
  const unpaired = typeof joined === 'string' ? joined : null;
  const common = typeof joined === 'string' ? null : joined;
  if (unpaired !== null && (request.paired || request.units)) {
    const what = `the units of the two cannot be paired: ${unpaired}`;
    throw usageError(
      request.paired ? '--paired' : '--units',
      what,
      'leave the flag out to compare them as two samples',
    );
  }
  const held = holdAgainst(
    common === null ? after.analysis : { ...after.analysis, values: common.head },
    { ...pipeline, ...judged },
    {
      name: base.name,
      // Who asks for any two runs wants them compared, be it as two samples.
      reason: null,
      isSame,
      values: common?.base ?? null,
      overall: before.analysis.overall,
      sides: sidesOf(before.analysis),
    },
  );
  const paired = held.against?.comparison ?? null;
  const comparison = common === null && !isSame ? asSamples(before.analysis, after.analysis) : paired;
  return roundNumbers({
    base: sideOf(before),
    head: sideOf(after),
    isSame,
    unpaired,
    baseOnly: common?.baseOnly ?? 0,
    headOnly: common?.headOnly ?? 0,
    comparison,
    gates: held.gates.filter(({ kind }) => isOnChange(kind)),
    units: request.units && common !== null ? listChanged(common, before.units!, after.units!) : null,
  }) as RunComparison;
}

/** The gates on changes, and those whose quantities the report compares beside them. */
function gatesOf({ outcomes, metrics }: CompareRequest, { gates }: Pipeline): readonly Gate[] {
  const isChosen = outcomes.length + metrics.length > 0;
  return isChosen ? gates.filter(({ kind }) => isOnChange(kind)) : gates;
}

function isOnChange(kind: Gate['kind']): boolean {
  return kind === 'share_change' || kind === 'mean_change';
}

function reportOf({ outcomes, metrics }: CompareRequest, { report }: Pipeline): ReportSpec {
  const { groupBy } = report;
  return outcomes.length + metrics.length > 0 ? { groupBy, outcomes, metrics } : report;
}

async function readSide(source: ResultSource, judged: Pick<Pipeline, 'report' | 'gates'>): Promise<Side> {
  const units = new SideCollector();
  const analysis = await analyseSource(source, judged, (record) => units.add(record));
  return { source, analysis, units: units.finish() };
}

/** Units are paired where both runs drew them alike; why not is said in a few words. */
async function join(base: Side, head: Side): Promise<CommonUnits | string> {
  const terms = await Promise.all([base, head].map(({ source }) => termsOf(source)));
  const reason = whyNotPaired(terms[0] ?? null, terms[1] ?? null);
  if (reason !== null) return reason;
  const [before, after] = [base, head].map(({ units, analysis: { values } }) =>
    units === null || values === null ? null : { units, values },
  );
  if (!before || !after) return 'too many units to be held one by one';
  return joinUnits(before, after);
}

async function termsOf({ context }: ResultSource): Promise<Terms | null> {
  return context === null ? null : readTerms(await readSnapshot(context.ports.blobs, context.state.snapshot));
}

/** Other models, and more repetitions, are what two runs are compared for. Of a file nothing but its units is known. */
function whyNotPaired(base: Terms | null, head: Terms | null): string | null {
  if (base === null || head === null) return null;
  // Units are paired by their ids, so that some of them may be missing on either side.
  const { only: _base, ...all } = base;
  const { only: _head, ...now } = head;
  return whyNotComparable({ ...all, models: now.models, units: now.units }, now);
}

function asSamples(base: Analysis, head: Analysis): Comparison {
  return base.values === null || head.values === null
    ? compareSlices(base.overall, head.overall)
    : compareSamples(base.values, head.values);
}

function sideOf({ source, analysis }: Side): ComparedSide {
  const { planned, valid, failed, inFlight } = source.accounting;
  const asked = modelsOf(source.pipeline).map(({ provider, model }) => `${provider}/${model}`);
  const models = source.context === null ? null : asked;
  return { name: source.name, planned, valid, failed, inFlight, simulated: analysis.simulated, models };
}

/** The exit code: what the gates on changes say of the second one. */
export function exitCodeOfComparison(
  { gates, head }: RunComparison,
  { accounting }: Pick<ResultSource, 'accounting'>,
  failOn: FailOn,
): number {
  const verdict = decideVerdict({ accounting, gates, simulated: head.simulated, error: null });
  return exitCodeOf({ verdict, gatesState: summariseGates(gates) }, failOn);
}

/** The comparison as text. */
export function formatRunComparison(
  compared: RunComparison,
  screen: { readonly color: boolean; readonly width: number },
): string {
  return blocksToTerminal(layOutComparison(compared), screen);
}
