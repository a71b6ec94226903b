// The units that a page lists, read back from a run: which ones, in which order, and what they were asked and answered.
import { expect, test } from 'vitest';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { UnitColumn } from '../../src/analysis/unit-values.ts';
import { analyseRun } from '../../src/engine/perform-analyse.ts';
import type { RunContext } from '../../src/engine/perform-context.ts';
import { listUnits } from '../../src/engine/perform-listing.ts';
import type { Script } from './scripted-provider.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, pipelineOf, worldOf } from './world.ts';

/** Six units: of the second no answer is ever accepted, of the fourth the second one is. */
const script: Script = {
  rows: (requests) =>
    requests.map((request) => {
      const unit = /in (\d+)/.exec(request.prompt)?.[1];
      const isRetry = request.prompt.includes('not accepted');
      const bad = unit === '1' || (unit === '3' && !isRetry);
      return textAnswer(request, bad ? `{"n": "<b>${unit}"}` : `{"n": ${Number(unit) * 10}}`);
    }),
};

async function ranContext(units = 6): Promise<RunContext> {
  const world = await worldOf(pipelineOf(units), script);
  const worker = await world.open();
  await finish(world, worker);
  return worker.context;
}

const alone = async (context: RunContext) => (await analyseRun(context)).analysis;

test('units that failed come first, then those tried again, then the others in their order', async () => {
  const context = await ranContext();
  const units = await listUnits(context, await alone(context), null);
  expect(units.map(({ unit }) => unit)).toEqual([1, 3, 0, 2, 4, 5].map((unit) => `a__rep000${unit}`));
  expect(units.map(({ failure }) => failure?.kind ?? null)).toEqual([
    'invalid',
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(units[1]!.cells.get('n')).toBe('30');
});

test('each is told with every attempt: what was asked, what came back, and why it was not accepted', async () => {
  const context = await ranContext();
  const [failed, retried, plain] = await listUnits(context, await alone(context), null);
  expect(failed!.attempts).toBe(3);
  expect(failed!.story!.attempts.map(({ attempt, answer }) => [attempt, answer])).toEqual(
    [1, 2, 3].map((attempt) => [attempt, '{"n": "<b>1"}']),
  );
  const [first, second] = retried!.story!.attempts;
  expect(first).toMatchObject({ step: 'ask', prompt: 'How many in 3?', answer: '{"n": "<b>3"}' });
  expect(first!.issues).toHaveLength(1);
  expect(first!.issues[0]!.path).toBe('/n');
  expect(second!.prompt).toMatch(/^How many in 3\?\n\nYour last answer/);
  expect([second!.answer, second!.issues]).toEqual(['{"n": 30}', []]);
  expect(plain!.story!.attempts).toHaveLength(1);
  expect(plain!.story!.values).toContainEqual(['n', '0']);
});

test('what differs from the base comes before all else, and only where the units are the same', async () => {
  const context = await ranContext();
  const column: UnitColumn = { kind: 'category', name: 'end', isGate: false, labels: ['x', 'y'], values: [] };
  const head = {
    units: 6,
    items: null,
    groups: null,
    columns: [{ ...column, values: [0, null, 0, 0, 0, 1] }],
  };
  const base = { units: 6, columns: [{ ...column, values: [0, null, 0, 0, 1, 0] }] };
  const plain = await alone(context);
  const against = (pairing: string) =>
    ({
      values: head,
      against: { name: 'main', reason: null, isSame: false, comparison: { pairing } },
    }) as unknown as Pick<Analysis, 'values' | 'against'>;
  const units = await listUnits(context, against('paired'), { values: base });
  expect(units.slice(0, 3).map(({ unit, differences }) => [unit.slice(-1), differences])).toEqual([
    ['4', [{ name: 'end', isMetric: false, base: 'y', head: 'x' }]],
    ['5', [{ name: 'end', isMetric: false, base: 'x', head: 'y' }]],
    ['1', []],
  ]);
  const others = await listUnits(context, against('unpaired'), { values: base });
  expect(others.every(({ differences }) => differences.length === 0)).toBe(true);
  expect(plain.values?.units).toBe(6);
});

test('of many units a bounded number is listed, and fewer are told in full', async () => {
  const context = await ranContext(1800);
  const units = await listUnits(context, await alone(context), null);
  expect(units).toHaveLength(1502);
  expect(units.filter(({ story }) => story !== null)).toHaveLength(82);
});

test('what was asked may be gone by then: units are listed without it', async () => {
  const context = await ranContext();
  const { events } = await context.ports.journal.read();
  const gone = new Set(events.flatMap((event) => (event.type === 'batch_declared' ? event.requests : [])));
  const has = async (digest: string) => !gone.has(digest);
  const later = { ...context.ports, blobs: { ...context.ports.blobs, has } };
  const bare = Object.create(context, { ports: { value: later } }) as RunContext;
  const units = await listUnits(bare, { values: null, against: null }, null);
  expect(units).toHaveLength(6);
  expect(units.flatMap(({ story }) => story?.attempts ?? [])).toEqual([]);
});
