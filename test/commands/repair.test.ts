// Repairs of runs that are under way, put away, late or held: what is mended for nothing, and what is refused.
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatRepair, type RepairRequest, repairRun } from '../../src/commands/repair.ts';
import { verifyRun } from '../../src/commands/verify.ts';
import { openRunPlace, type RunPlace } from '../../src/compose.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { finish, keepRuns, OPTIONS, open, publish, stateOf } from './kept-runs.ts';

const DAY_MS = 86_400_000;

/** Two questions, of which the second follows from the first answer. */
const kept = keepRuns(
  'repair',
  `name: stroll
seed: 1
items: [{ id: ann }, { id: ben }, { id: eve }]
repeat: 2
steps:
  - name: ask
    prompt: "Where is {{ unit_id }}?"
    schema: { type: object, required: [far], properties: { far: { type: integer, minimum: 0, maximum: 9 } } }
  - name: judge
    prompt: "{{ unit_id }} is {{ far }} far."
    schema: { type: object, required: [glad], properties: { glad: { type: boolean } } }
`,
);
const whole = join(kept.root, 'whole');
const directory = join(kept.root, 'damaged');
beforeAll(async () => {
  const place = await open(kept, { deadlineMs: DAY_MS });
  renameSync(await finish(place), whole);
});
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  cpSync(whole, directory, { recursive: true });
});
afterAll(() => rmSync(kept.root, { recursive: true, force: true }));

const repair = (more: Partial<RepairRequest> = {}, wrap?: (place: RunPlace) => RunPlace) =>
  repairRun({ directory, sources: [], publish, ...more }, OPTIONS, wrap);
const pay = (): void => {};

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (found: unknown) => found,
  );
  if (!(error instanceof ConfigurationError)) throw error ?? new Error('nothing was refused');
  return error.diagnostics.map(formatDiagnostic).join('\n');
}

const segmentsOf = (folder: string): string[] => readdirSync(join(folder, 'journal')).sort();
const eventsOf = (folder: string): JournalEvent[] =>
  segmentsOf(folder).flatMap((name) =>
    readFileSync(join(folder, 'journal', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
const lose = (digest: string): void => rmSync(join(directory, 'blobs', digest.slice(0, 2), digest));

/** The run as it was when the last batch had just been submitted. */
function goBack(): void {
  const sent = segmentsOf(directory).findLastIndex((name) =>
    readFileSync(join(directory, 'journal', name), 'utf8').includes('"batch_submitted"'),
  );
  for (const name of segmentsOf(directory).slice(sent + 1)) rmSync(join(directory, 'journal', name));
}

/** Loses the first answers, and what became of them. */
function loseFirst(): void {
  for (const event of eventsOf(directory)) {
    if (event.type === 'batch_settled') {
      for (const { outcomes } of event.settlements) lose(outcomes);
      return;
    }
    if (event.type === 'batch_collected') lose(event.answers);
  }
}

describe('a batch that is at its provider', () => {
  it('has its requests rendered again where nothing else is lost, and nobody pays', async () => {
    goBack();
    const [batch] = [...(await stateOf(directory)).batches.values()];
    expect(batch!.phase.kind).toBe('submitted');
    lose(batch!.requests);
    const before = eventsOf(directory);
    expect((await verifyRun(directory, OPTIONS)).findings).toContainEqual(
      expect.objectContaining({ fix: 'repair renders them again, from the journal and the pipeline' }),
    );
    const { done, now, lost } = await repair();
    expect(done).toEqual(['made 1 blob again, from the draws and the recorded answers']);
    expect([now.sound, lost]).toEqual([true, null]);
    expect(eventsOf(directory)).toEqual(before);
  });

  it('goes back with the answers it was asked about, each unit counted once', async () => {
    goBack();
    const [batch] = [...(await stateOf(directory)).batches.values()];
    lose(batch!.requests);
    loseFirst();
    const { lost } = await repair();
    expect(lost).toMatchObject({ units: 6, says: '6 units are lost for good' });
  });
});

describe('lost units', () => {
  it('of a run that is put away are not asked again before it is back', async () => {
    loseFirst();
    const before = eventsOf(directory);
    expect(await refusal(repair({ pay, isArchived: true }))).toBe(
      'run  run damaged is archived  (bring it back first, then repair it: archive --undo damaged)',
    );
    expect(eventsOf(directory)).toEqual(before);
    // What is free is mended where it is.
    expect((await repair({ isArchived: true })).lost).toMatchObject({ units: 6 });
  });

  it('of a run whose deadline is over are told, and not asked again', async () => {
    loseFirst();
    const late = (place: RunPlace): RunPlace => {
      const { ports } = place;
      return { ...place, ports: { ...ports, clock: { ...ports.clock, now: () => Date.now() + 2 * DAY_MS } } };
    };
    const { run } = await stateOf(directory);
    expect(await refusal(repair({ pay }, late))).toBe(
      `run  ${run}: 6 units are lost for good, and the deadline of the run is over  (only a new run of the pipeline can ask them)`,
    );
    expect(formatRepair(await repair({}, late))).toBe(
      `${run}  nothing to repair for nothing\n  6 units are lost for good, and the deadline of the run is over\n`,
    );
  });
});

describe('a run after which something is done', () => {
  it('is not touched while that is under way', async () => {
    const place = openRunPlace(directory, OPTIONS);
    const { version } = await place.ports.journal.read();
    const at = Date.now();
    const begun = {
      type: 'post_process_begun',
      index: 0,
      key: 'k',
      owner: 'another/1/1/x',
      until: at + DAY_MS,
      at,
    } as const;
    await place.ports.journal.append([begun], version);
    await place.close();
    loseFirst();
    const { run } = await stateOf(directory);
    for (const more of [{}, { pay }])
      expect(await refusal(repair(more))).toBe(
        `run  what is done after run ${run} is under way  (wait until it is done, and repair then)`,
      );
  });
});
