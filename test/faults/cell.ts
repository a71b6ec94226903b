// One cell of the matrix: a scenario lived through on one provider in one mode, and everything that must hold afterwards.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetOf } from '../../src/engine/budget.ts';
import { billedBy, createRunOf, type End, type Run } from './lives.ts';
import type { Scenario } from './scenarios.ts';
import type { Service, ServiceHost } from './service.ts';
import { MARKS, type Target, UNITS, writePipeline } from './targets.ts';

/** What a cell came to; no breach means that everything held. */
export interface CellResult {
  readonly breaches: readonly string[];
  /** results.jsonl as it was published. */
  readonly results: string;
  /** How the lives of its run ended, one after the other. */
  readonly ends: readonly End[];
}

/** Lives beyond the planned deaths: a run that needs more does not get on. */
const MORE_LIVES = 6;

/** Lives through a scenario. `undisturbed`: the results of a run with no trouble, or null for that run itself. */
export async function runCell(
  host: ServiceHost,
  scenario: Scenario,
  target: Target,
  undisturbed: string | null,
): Promise<CellResult> {
  const folder = await mkdtemp(join(tmpdir(), 'octobatch-faults-'));
  const service = await host.open(join(folder, 'service'), {
    ...scenario.behaviour,
    mishaps: (scenario.mishaps ?? []).filter(({ at }) => isAsked(at.call, target)),
  });
  try {
    const pipeline = await writePipeline(folder, target, service.url, scenario.changes ?? {});
    const directory = join(folder, 'run');
    const ceiling = scenario.changes?.maxCost ?? '5';
    const run = createRunOf({ folder: pipeline, directory, service, ceiling, scenario });
    const ends = await liveThrough(run, scenario);
    const breaches = endBreaches(ends, scenario);
    const results = await textOf(directory, 'results.jsonl');
    if (breaches.length === 0) {
      breaches.push(
        ...(await outcomeBreaches(run, scenario, target, service)),
        ...resultBreaches(results, await textOf(directory, 'failures.jsonl'), scenario, undisturbed),
      );
    }
    breaches.push(...run.breaches, ...(await secretBreaches(directory)));
    return { breaches, results, ends };
  } catch (error) {
    return {
      breaches: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      results: '',
      ends: [],
    };
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cells under way at once: most of a cell's time is waiting. */
const LANES = 3;

/** Does all of a list, several at a time. */
export async function sideBySide<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list].reverse();
  const lane = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Whether a target makes such a call at all. */
function isAsked(call: string, target: Target): boolean {
  if (call === 'model') return true;
  return target.mode === 'realtime' ? call === 'ask' : call !== 'ask';
}

/** Life after life until one saw the run finished and published it, or too many were lived. */
async function liveThrough(run: Run, scenario: Scenario): Promise<End[]> {
  const ends: End[] = [];
  const { deaths = [], workers } = scenario;
  while (!ends.includes('finished') && ends.length < deaths.length + MORE_LIVES * (workers ?? 1)) {
    if (workers !== undefined) {
      const lives = Array.from({ length: workers }, () => run.live(null, true));
      ends.push(...(await Promise.all(lives)));
    } else ends.push(await run.live(deaths[ends.length] ?? null));
    if (ends.at(-1) === 'paused' && scenario.mend === 'raise the cap') run.raise('5');
  }
  return ends;
}

function endBreaches(ends: readonly End[], scenario: Scenario): string[] {
  const breaches: string[] = [];
  if (!ends.includes('finished')) breaches.push(`the lives of the run ended ${ends.join(', ')}`);
  const pauses = ends.filter((end) => end === 'paused').length;
  const { pauses: expected = 0 } = scenario;
  if (expected !== 'any' && pauses !== expected)
    breaches.push(`it paused ${pauses} times: ${ends.join(', ')}`);
  if (scenario.deaths !== undefined && scenario.isArranged !== false && !ends.includes('died'))
    breaches.push('nothing was arranged: the process did not die');
  return breaches;
}

async function outcomeBreaches(
  run: Run,
  scenario: Scenario,
  target: Target,
  service: Service,
): Promise<string[]> {
  const breaches: string[] = [];
  const doubles = target.mode === 'batch' ? await service.doubleSubmissions() : [];
  if (doubles.length > 0) breaches.push(`sent twice: ${JSON.stringify(doubles)}`);
  for (const [request, times] of await service.answered())
    if (times > 2) breaches.push(`request ${request} was answered ${times} times`);
  const { known, uncertain, reserved } = budgetOf(run.state());
  const billed = await billedBy(service);
  if (billed < known || billed > known + uncertain)
    breaches.push(`billed ${billed}, known ${known}, uncertain ${uncertain}`);
  const { doubt = [] } = scenario;
  if (uncertain > 0n && doubt !== true && !doubt.includes(target.provider))
    breaches.push(`${uncertain} are in doubt`);
  if (reserved !== 0n) breaches.push(`${reserved} are still reserved at the end`);
  if (scenario.seen !== undefined && !run.seen.has(scenario.seen))
    breaches.push(`nothing was arranged: no ${scenario.seen} was written`);
  for (const { at } of scenario.isArranged === false ? [] : (scenario.mishaps ?? [])) {
    if (!isAsked(at.call, target)) continue;
    const counted = await service.counted(at.call);
    if (counted < at.nth) breaches.push(`nothing was arranged: ${at.call} number ${at.nth} never came`);
  }
  return breaches;
}

function resultBreaches(
  results: string,
  failures: string,
  scenario: Scenario,
  undisturbed: string | null,
): string[] {
  const breaches: string[] = [];
  const valid = idsOf(results);
  const failed = idsOf(failures);
  if (new Set([...valid, ...failed]).size !== UNITS || valid.length + failed.length !== UNITS)
    breaches.push(`${valid.length} valid and ${failed.length} failed units of ${UNITS}`);
  const expected = scenario.valid ?? 'all';
  if (expected === 'all' && failed.length > 0) breaches.push(`failed: ${failures}`);
  const retried = /"attempts": ?[2-9]/.test(results + failures) || /"retry_count": ?[1-9]/.test(failures);
  if (scenario.attempts === 'more' && !retried) breaches.push('no second attempt was made');
  if (undisturbed !== null) {
    // Where attempts are used up their number may differ, and nothing else.
    const bare = (text: string) =>
      scenario.attempts !== undefined ? text.replace(/"attempts": ?\d+/g, '') : text;
    const known = new Set(bare(undisturbed).split('\n'));
    const strange = bare(results)
      .split('\n')
      .filter((line) => !known.has(line));
    if (strange.length > 0) breaches.push(`results differ from the undisturbed run: ${strange[0]}`);
    if (expected === 'all' && bare(results) !== bare(undisturbed))
      breaches.push('results.jsonl has other bytes');
  }
  return breaches;
}

/** Keys nowhere; prompts and answers only where they belong. */
export async function secretBreaches(directory: string): Promise<string[]> {
  const breaches: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const shown = path.slice(directory.length + 1);
    const text = await readFile(path, 'utf8');
    if (text.includes('KEYMARK')) breaches.push(`the key stands in ${shown}`);
    const mayHoldTexts = /(^|\/)(blobs\/|(results|failures|report)\b[^/]*$)/.test(shown);
    for (const mark of [MARKS.prompt, MARKS.answer])
      if (!mayHoldTexts && text.includes(mark)) breaches.push(`${mark} stands in ${shown}`);
  }
  return breaches;
}

function idsOf(lines: string): string[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { unit_id: string }).unit_id);
}

async function textOf(directory: string, name: string): Promise<string> {
  return await readFile(join(directory, name), 'utf8').catch(() => '');
}
