// What models were asked, of a run that lost answers and asked anew: told as if it had asked once.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeAttempts } from '../../src/commands/octobatch-attempts.ts';
import { planChunks } from '../../src/commands/octobatch-chunks.ts';
import { judged, salted } from '../adapters/journals/journal-scenes.ts';
import { diedAfter, payFor } from '../engine/lost-world.ts';
import { finish, type World } from '../engine/world.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-attempts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let written = 0;

const CHUNK = 5;
const loaded = judged(14, CHUNK, 'batch');

/** Which unit each line is about, and in which attempt where it says so, by the line's file. */
async function told(world: World): Promise<string[]> {
  const worker = await world.open('reader');
  await finish(world, worker);
  const to = join(root, String(++written));
  await writeAttempts(worker.context, to, planChunks(worker.context));
  const lines: string[] = [];
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
      const { unit_id, retry_count } = JSON.parse(line);
      lines.push(`${path.slice(to.length)} ${unit_id} ${retry_count ?? ''}`);
    }
  }
  return lines.sort();
}

/** A run that ends, or in which the first batch of the second model step is collected and then its process dies. */
const begin = (dies: boolean) => {
  let declared = '';
  return diedAfter(loaded, salted(CHUNK), null, {}, (event) => {
    if (event.type === 'batch_declared' && event.step === 2 && declared === '') declared = event.batch;
    return dies && event.type === 'batch_collected' && event.batch === declared;
  });
};

it.each([false, true])('tells each attempt once where answers were lost before the end: %s', async (dies) => {
  const { world, lost } = await begin(dies);
  const { events } = await world.journal.read();
  const batches = new Set(
    events.flatMap((event) => (event.type === 'batch_declared' && event.step === 1 ? [event.batch] : [])),
  );
  for (const event of events) {
    if (event.type === 'batch_collected' && batches.has(event.batch)) lost.add(event.answers);
    if (event.type === 'batch_settled' && batches.has(event.batch))
      for (const { outcomes } of event.settlements) lost.add(outcomes);
  }
  await payFor(world, loaded, lost);
  const lines = await told(world);
  expect(lines.filter((line, at) => line === lines[at - 1])).toEqual([]);
  const judgedUnits = lines.filter((line) => line.includes('judge_prompts.jsonl'));
  expect(judgedUnits.length).toBeGreaterThan(8);
});
