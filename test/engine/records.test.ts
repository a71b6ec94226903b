import { describe, expect, it } from 'vitest';
import { OpenBlobs } from '../../src/engine/open-blobs.ts';
import { formatOutcome } from '../../src/engine/outcome-line.ts';
import { readLines, readOutputs } from '../../src/engine/records.ts';
import { JournalError, type StepState } from '../../src/engine/state.ts';
import { UnitSet } from '../../src/engine/unit-set.ts';

const UNITS = 1000;
const CHUNK = 100;

/** Blobs of outcome lines that say how often they are read. */
function blobsOf(contents: Readonly<Record<string, UnitSet>>) {
  const seen = { lines: 0, open: 0, mostOpen: 0 };
  async function* bunches(digest: string): AsyncGenerator<readonly string[]> {
    seen.open++;
    seen.mostOpen = Math.max(seen.mostOpen, seen.open);
    try {
      let bunch: string[] = [];
      for (const unit of contents[digest] ?? []) {
        seen.lines++;
        const head = { unit, id: `u${unit}`, attempt: 1, failure: null, warnings: [], loops: [null] };
        if (bunch.push(formatOutcome(head, [`{"n":${unit}}`])) < unit % 7) continue;
        yield bunch;
        bunch = [];
      }
      yield bunch;
    } finally {
      seen.open--;
    }
  }
  return { bunches, seen };
}

function stepOf(contents: Readonly<Record<string, UnitSet>>): StepState {
  const segments = Object.entries(contents).map(([outcomes, units]) => ({ outcomes, units, column: 0 }));
  return { segments, width: null } as unknown as StepState;
}

async function readChunk(steps: readonly StepState[], units: UnitSet, source: OpenBlobs): Promise<string[]> {
  const fields: string[] = [];
  for await (const { steps: outputs } of readOutputs(steps, 1, units, source))
    fields.push(outputs[0]!.fields);
  return fields;
}

describe('records', () => {
  it('reads a blob once when its units are worked on chunk by chunk', async () => {
    const contents = { batch: UnitSet.firstOf(UNITS) };
    const { bunches, seen } = blobsOf(contents);
    const open = new OpenBlobs(bunches);
    let left = UnitSet.firstOf(UNITS);
    const fields: string[] = [];
    while (left.size > 0) {
      const chunk = left.take(CHUNK);
      fields.push(...(await readChunk([stepOf(contents)], chunk, open)));
      left = left.minus(chunk);
    }
    expect(fields).toEqual(Array.from({ length: UNITS }, (_, n) => `{"n":${n}}`));
    expect(seen.lines).toBe(UNITS);
    await open.close();
    expect(seen.open).toBe(0);
  });

  it('gives readers at the same time a place each, and goes back where none has been left', async () => {
    const contents = {
      batch: UnitSet.firstOf(UNITS).minus(UnitSet.of([5, 150])),
      retry: UnitSet.of([5, 150]),
    };
    const { bunches } = blobsOf(contents);
    const open = new OpenBlobs(bunches);
    const steps = [stepOf(contents)];
    const chunks = [0, 100, 200].map((from) => UnitSet.of(Array.from({ length: CHUNK }, (_, i) => from + i)));
    const read = await Promise.all(chunks.map((chunk) => readChunk(steps, chunk, open)));
    expect(read.flat()).toEqual(Array.from({ length: 300 }, (_, n) => `{"n":${n}}`));
    expect(await readChunk(steps, UnitSet.of([5, 6]), open)).toEqual(['{"n":5}', '{"n":6}']);
    await open.close();
  });

  it('keeps few blobs open, however many there are', async () => {
    const contents = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`b${n}`, UnitSet.of([2 * n, 2 * n + 1])]),
    );
    const { bunches, seen } = blobsOf(contents);
    const sources = Object.entries(contents).map(([outcomes, units]) => ({ outcomes, units }));
    let count = 0;
    for await (const { head } of readLines(sources, UnitSet.firstOf(UNITS), bunches))
      expect(head.unit).toBe(count++);
    expect(count).toBe(UNITS);
    expect(seen.mostOpen).toBe(1);

    const open = new OpenBlobs(bunches);
    expect(await readChunk([stepOf(contents)], UnitSet.firstOf(UNITS), open)).toHaveLength(UNITS);
    expect(seen.open).toBeLessThan(50);
    await open.close();
    expect(seen.open).toBe(0);
  });

  it('calls a blob damaged that has no line for a unit, in the midst of it or at its end', async () => {
    const { bunches } = blobsOf({ batch: UnitSet.firstOf(UNITS).minus(UnitSet.of([5, UNITS - 1])) });
    const steps = [stepOf({ batch: UnitSet.firstOf(UNITS) })];
    const sources = [{ outcomes: 'batch', units: UnitSet.firstOf(UNITS) }];
    for (const unit of [5, UNITS - 1]) {
      const units = UnitSet.of([4, unit]);
      const message = `Blob batch has no line for unit ${unit} and is damaged: verify the run, and repair it.`;
      const outputs = readChunk(steps, units, new OpenBlobs(bunches));
      await expect(outputs).rejects.toThrow(new JournalError(message));
      const lines = readLines(sources, units, bunches);
      expect((await lines.next()).value).toMatchObject({ head: { unit: 4 } });
      await expect(lines.next()).rejects.toThrow(new JournalError(message));
    }
  });
});
