// Publishes what a run has become: results, failures, table, and the report in its forms. Repeatable: everything is
// read from the journal's blobs, so a crash in the middle costs nothing but doing it again.
import { type BaseResult, holdAgainst } from '../analysis/against.ts';
import { askedOf, underGates } from '../analysis/gate-asked.ts';
import type { UnitValues } from '../analysis/unit-values.ts';
import type { RunError } from '../analysis/verdict.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { FREE_PROVIDERS, modelsOf } from '../pipeline/resolve.ts';
import { DEFAULT_RNG } from '../pipeline/rng.ts';
import type { Publisher } from '../ports/publisher.ts';
import { buildReport } from '../report/build.ts';
import { toHtml } from '../report/html.ts';
import type { PageBase } from '../report/html-section.ts';
import { toJson } from '../report/json.ts';
import { toMarkdown } from '../report/markdown.ts';
import type { Pending, Provenance, Report, Timing } from '../report/report.ts';
import { STREAM_VERSION } from '../simulation/stream.ts';
import { budgetOf } from './budget.ts';
import { beginAnalysis, sidesOf } from './perform-analyse.ts';
import { readBase } from './perform-base.ts';
import type { RunContext } from './perform-context.ts';
import { listUnits } from './perform-listing.ts';
import { showPostProcess } from './perform-post-process-shown.ts';
import { writeUnitFiles } from './perform-unit-files.ts';
import { isUncovered } from './recording.ts';
import { errorOfState } from './run-error.ts';
import { describeStopping } from './stopping.ts';
import { ENGINE_VERSION } from './version.ts';

/** What only the front door knows. `launcher` is how to call this program, e.g. `node dist/cli/index.js`. */
export interface PublishOptions {
  readonly launcher: string;
  readonly pending: Pending | null;
  readonly timing: Timing | null;
  readonly error: RunError | null;
  /** Snapshot with the gates and the report that count; absent or null: those of the run as they are now. */
  readonly judgedBy?: string | null;
  /** Asked once the run is finished for what it is held against; absent or null: nothing. */
  readonly base?: (() => Promise<PublishedBase | null>) | null;
}

/** Another run, and what the page shows of it beside this one's steps; null: that is not known. */
export interface PublishedBase extends BaseResult {
  readonly report: PageBase['report'];
}

/**
 * The report, and what others are held against: what each unit came to, null when they are too many, and what each gate on
 * a change rests on.
 */
export interface Published {
  readonly report: Report;
  readonly values: UnitValues | null;
  readonly sides: NonNullable<BaseResult['sides']>;
}

/** Analyses a run and writes its files; those with results only once it is finished. */
export async function publish(
  context: RunContext,
  publisher: Publisher,
  options: PublishOptions,
): Promise<Published> {
  const { state } = context;
  const { pipeline, simulated, analyser, finish } = await beginAnalysis(context, options.judgedBy ?? null);
  let uncovered = 0;
  await writeUnitFiles(context, publisher, (record) => {
    analyser.add(record);
    if (record.kind === 'failed' && record.failure.issues.some(({ message }) => isUncovered(message)))
      uncovered++;
  });
  const base = state.finished ? await readOther(context, options, pipeline) : null;
  const analysis = holdAgainst(finish(), pipeline, base);
  const after = await showPostProcess(context, options.judgedBy ?? null);
  const report = buildReport({
    pipeline,
    analysis,
    allowance: { cap: state.cap, reserved: state.finished ? null : budgetOf(state).reserved },
    uncovered: state.settings.replays === null ? null : uncovered,
    provenance: {
      path: state.settings.source,
      seed: pipeline.seed,
      streamVersion: `${STREAM_VERSION}${pipeline.rng === DEFAULT_RNG ? '' : ` ${pipeline.rng}`}`,
      engineVersion: ENGINE_VERSION,
      contentKey: state.contentKey,
      runId: state.run,
      ...answersOf(pipeline, state.settings.replays, simulated),
      reproduce: `${options.launcher} ${state.settings.command}`,
    },
    error: options.error ?? errorOfState(state) ?? after.error,
    pending: options.pending,
    timing: options.timing,
    stopping: describeStopping(context),
    after,
  });
  await publisher.file('report.json', [toJson(report)]);
  await publisher.file('report.md', [toMarkdown(report)]);
  const units = await listUnits(context, analysis, base);
  await publisher.file('report.html', [
    toHtml(report, units, { values: analysis.drawn, base: pageBaseOf(base) }),
  ]);
  return { report, values: analysis.values, sides: sidesOf(analysis) };
}

/**
 * What the run is held against. By what it was weighed it is judged too, though its place has another result by now, and
 * though nobody names it again.
 */
async function readOther(
  { state, ports, pipeline: made }: RunContext,
  { base }: PublishOptions,
  judged: Pipeline,
): Promise<PublishedBase | null> {
  const isSaid = base !== undefined && base !== null;
  const asked = isSaid ? await base() : null;
  if (isSaid ? asked === null || asked.isSame : state.shard !== null) return asked;
  const weighed = await readBase(ports.blobs, state.settings);
  if (weighed === null || (asked !== null && weighed.name !== asked.name)) return asked;
  // It was read by the gates that the run was made with.
  return { report: null, ...asked, ...underGates(weighed, askedOf(made), askedOf(judged)) };
}

/** Nothing is drawn beside a run that it cannot be compared with, or that is the same. */
function pageBaseOf(base: PublishedBase | null): PageBase | null {
  return base === null || base.reason !== null || base.isSame
    ? null
    : { values: base.values, report: base.report };
}

/** Who answered. A provider or model is named only when all steps have the same. */
function answersOf(
  pipeline: Pipeline,
  replays: string | null,
  simulated: boolean,
): Pick<Provenance, 'provider' | 'model' | 'answers' | 'replays'> {
  const models = modelsOf(pipeline);
  if (models.length === 0) return { provider: null, model: null, answers: 'none', replays: null };
  const only = (names: readonly string[]): string | null => (new Set(names).size === 1 ? names[0]! : null);
  const provider = only(models.map((one) => one.provider));
  const free = provider !== null && FREE_PROVIDERS.includes(provider);
  const model = free ? pipeline.model : only(models.map((one) => one.model));
  const answers = simulated ? 'simulated' : replays === null ? 'fresh' : 'replayed';
  return { provider, model, answers, replays };
}
