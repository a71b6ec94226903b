// What a run publishes holds its page: the units of the journal, listed and bounded.
import { expect, test } from 'vitest';
import { createMemoryPublisher } from '../../src/adapters/publishers/memory.ts';
import { publish } from '../../src/engine/perform-publish.ts';
import { finish, pipelineOf, worldOf } from '../engine/world.ts';
import { readPage, textOf } from './html-reader.ts';

test('a finished run has its page beside the other files, with its units in it', async () => {
  const world = await worldOf(pipelineOf(3), {});
  const worker = await world.open();
  await finish(world, worker);
  const publisher = createMemoryPublisher();
  const options = { launcher: 'octobatch', pending: null, timing: null, error: null };
  const { report } = await publish(worker.context, publisher, options);
  const page = textOf(readPage(publisher.files.get('report.html')!));
  expect(page).toContain(report.headline);
  const units = publisher.files.get('results.jsonl')!.trimEnd().split('\n');
  expect(units).toHaveLength(3);
  for (const line of units) expect(page).toContain(JSON.parse(line).unit_id);
});
