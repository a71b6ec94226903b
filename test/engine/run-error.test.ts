import { expect, test } from 'vitest';
import { errorOfPause } from '../../src/engine/run-error.ts';

test('a cap that was used up is told with the least cap that would do, in whole cents', () => {
  const pause = {
    kind: 'budget',
    needs: 310_000_000_001n,
    left: 20_000_000_000n,
    cap: 250_000_000_000n,
  } as const;
  expect(errorOfPause(pause)).toEqual({
    kind: 'budget',
    needs: '0.310000000001',
    left: '0.02',
    cap: '0.25',
    enough: '0.55',
  });
});

test('a cap that was lowered below what is spent leaves nothing, and never less', () => {
  const error = errorOfPause({
    kind: 'budget',
    needs: 10n,
    left: -1_000_000_000_000n,
    cap: 1_000_000_000_000n,
  });
  expect(error).toMatchObject({ left: '0', enough: '2.01' });
});

test('what a provider says is handed on as it is', () => {
  expect(errorOfPause({ kind: 'blocked', provider: 'openai', why: 'insufficient_quota' })).toEqual({
    kind: 'blocked',
    provider: 'openai',
    why: 'insufficient_quota',
  });
});
