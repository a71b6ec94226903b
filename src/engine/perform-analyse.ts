// Analyses what a run has become: one pass over its records, under the gates that count for whoever asks. It writes nothing
// and holds the run against no other.
import { type BaseResult, droppedIn } from '../analysis/against.ts';
import { type Analyser, createAnalyser } from '../analysis/analyser.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { accountFor } from './account.ts';
import type { RunContext } from './perform-context.ts';
import { readRecordBunches } from './perform-results.ts';
import { readSnapshotPipeline } from './perform-snapshot.ts';
import { lookOf } from './stopping.ts';

/** The gates and the report that count: of a run itself, or of another that it is held beside. */
export type Judgement = Pick<Pipeline, 'gates' | 'report'>;

/** An analysis that has begun: `analyser` takes every record once, in order; `simulated`: an answer was invented. */
export interface BegunAnalysis {
  readonly pipeline: Pipeline;
  readonly simulated: boolean;
  readonly analyser: Analyser;
  /** Call once, after the last record. */
  finish(): Analysis;
}

/** A run analysed. `pipeline` has the gates by which it was judged. */
export interface AnalysedRun {
  readonly pipeline: Pipeline;
  readonly analysis: Analysis;
}

/**
 * Begins the analysis of a run. `judgedBy`: what counts, or the snapshot that has it; null: that of the run as it is now.
 */
export async function beginAnalysis(
  context: RunContext,
  judgedBy: string | Judgement | null,
): Promise<BegunAnalysis> {
  const { state, units } = context;
  const pipeline = await readJudged(context, judgedBy ?? state.reportSnapshot);
  const models = modelsOf(pipeline);
  // An answer that was invented does not become real by being recorded.
  const simulated =
    models.some((one) => one.provider === 'simulated') || (state.settings.recording?.simulated ?? false);
  const itemFields = units.count === 0 ? [] : [...units.unit(0).fields.keys()];
  const provider = models[0]?.provider ?? 'simulated';
  const analyser = createAnalyser({ pipeline, provider, simulated, itemFields, look: lookOf(context) });
  return { pipeline, simulated, analyser, finish: () => analyser.finish(accountFor(state)) };
}

/** Gates and report settings may be newer than the run; its results never are. */
async function readJudged({ state, pipeline, ports }: RunContext, by: string | Judgement): Promise<Pipeline> {
  if (typeof by !== 'string') return { ...pipeline, gates: by.gates, report: by.report };
  return by === state.snapshot ? pipeline : await readSnapshotPipeline(ports.blobs, by);
}

/** Reads a run's records once and analyses them; `judgedBy` as of `beginAnalysis`. */
export async function analyseRun(
  context: RunContext,
  { judgedBy = null }: { readonly judgedBy?: string | Judgement | null } = {},
): Promise<AnalysedRun> {
  const { pipeline, analyser, finish } = await beginAnalysis(context, judgedBy);
  for await (const records of readRecordBunches(context)) for (const record of records) analyser.add(record);
  return { pipeline, analysis: finish() };
}

/** What each gate on a change rests on in this run, in the gates' order, for another to be held against it. */
export function sidesOf(analysis: Analysis): NonNullable<BaseResult['sides']> {
  const { sides = [], gates } = analysis;
  return sides.map((estimated, at) =>
    estimated === null ? null : { estimated, dropped: droppedIn(analysis) + (gates[at]?.errors ?? 0) },
  );
}
