// Why a replayed unit is asked again, where what said so was made again for some of its batch only.
import { expect, it } from 'vitest';
import type { RunContext } from '../../src/engine/perform-context.ts';
import { readReasonsBefore } from '../../src/engine/perform-replayed.ts';
import type { OpenBatch } from '../../src/engine/state.ts';
import { UnitSet } from '../../src/engine/unit-set.ts';
import type { Failure } from '../../src/validation/failure.ts';

it('the reasons of a batch are read for the units that are still in it, which are all that a repair makes again', async () => {
  const failure: Failure = { kind: 'invalid', step: 'ask', issues: [], raw: null };
  const lines = [0, 2].map((unit) =>
    JSON.stringify({ unit, id: `u${unit}`, attempt: 1, failure, warnings: [], loops: [] }),
  );
  async function* bunches(): AsyncGenerator<readonly string[]> {
    yield lines;
  }
  const context = { state: { settings: { replays: 'other' } }, bunches } as unknown as RunContext;
  const batch = {
    groups: [{ attempt: 2, units: '0-2', feedback: 'again', reserved: '0', released: '0' }],
    units: UnitSet.of([0, 2]),
  } as unknown as OpenBatch;
  expect([...(await readReasonsBefore(context, batch)).keys()]).toEqual([0, 2]);
});
