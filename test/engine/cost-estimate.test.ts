import { describe, expect, test } from 'vitest';
import { costOfRequest } from '../../src/analysis/price.ts';
import {
  attemptsAt,
  type EstimateInput,
  estimateStep,
  exactly,
  OTHER_TOKENIZERS,
} from '../../src/engine/cost-estimate.ts';
import { fc } from '../property.ts';
import { llmStep, tokenPrice } from '../report/fixture.ts';

const price = tokenPrice('1', '2', 'test');

function input(part: Partial<EstimateInput> = {}): EstimateInput {
  return {
    step: llmStep('ask', ['x']),
    asked: { provider: 'openai', model: 'm', mode: 'batch' },
    price,
    units: exactly(3),
    attempts: 3,
    sizes: { basis: 'rendered', bytes: [400, 404, 408], tokens: [100, 101, 102] },
    schemaTokens: 20,
    shortestAnswer: 5,
    earlier: 0,
    ...part,
  };
}

describe('an estimate', () => {
  test('reaches from short answers at once to every attempt at its limit', () => {
    const { requests, inputTokens, outputTokens } = estimateStep(input());
    expect(requests).toEqual({ least: 3, most: 9 });
    expect(inputTokens.least).toBe(3 * (101 + 8));
    expect(inputTokens.most).toBe(3 * (121 + 8) + 6 * (121 + 8 + 300));
    expect(outputTokens).toEqual({ least: 15, most: 9 * 400 });
  });

  test('gives other tokenizers a margin on both sides', () => {
    const own = estimateStep(input({ schemaTokens: 0 }));
    const other = estimateStep(
      input({ schemaTokens: 0, asked: { provider: 'anthropic', model: 'm', mode: 'batch' } }),
    );
    expect(other.inputTokens.least).toBeLessThan(own.inputTokens.least);
    expect(other.inputTokens.most).toBeGreaterThan(own.inputTokens.most);
    expect([OTHER_TOKENIZERS.least < 1, OTHER_TOKENIZERS.most > 1]).toEqual([true, true]);
  });

  test('widens with what a sample leaves open, and not when every prompt was counted', () => {
    const sizes = { basis: 'rendered', bytes: [10, 20, 30], tokens: [100, 150, 200] } as const;
    const all = estimateStep(input({ sizes }));
    const some = estimateStep(input({ sizes, units: exactly(300) }));
    expect(some.inputTokens.least / 300).toBeLessThan(all.inputTokens.least / 3);
    expect(some.inputTokens.most / 300).toBeGreaterThan(all.inputTokens.most / 3);
  });

  test('without a price knows requests and tokens, and no money', () => {
    expect(estimateStep(input({ price: null }))).toMatchObject({
      requests: { least: 3, most: 9 },
      cost: null,
      bound: null,
    });
  });

  test('is certain of its bound only when every prompt was measured as it will be', () => {
    const certain = (part: Partial<EstimateInput>) => estimateStep(input(part)).bound?.certain;
    const { bytes, tokens } = input().sizes;
    expect(certain({})).toBe(true);
    expect(certain({ units: exactly(4) })).toBe(false);
    expect(certain({ sizes: { basis: 'placeholders', bytes, tokens } })).toBe(false);
  });

  test('allows for answers that come back in later prompts', () => {
    const sizes = { ...input().sizes, basis: 'placeholders' } as const;
    const bare = estimateStep(input({ sizes }));
    const fed = estimateStep(input({ sizes, earlier: 400 }));
    expect(fed.inputTokens.least).toBe(bare.inputTokens.least);
    expect(fed.inputTokens.most - bare.inputTokens.most).toBe(9 * 400);
    expect(fed.bound!.money > bare.bound!.money).toBe(true);
  });

  test('lies within its own bound, as does whatever the answers turn out to be', () => {
    const size = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bytes, attempts, isRealtime, share) => {
          const asked = { provider: 'openai', model: 'm', mode: isRealtime ? 'realtime' : 'batch' } as const;
          const tokens = bytes.map((one) => Math.ceil(one / 4));
          const sizes = { basis: 'rendered', bytes, tokens } as const;
          const whole = input({ asked, attempts, sizes, units: exactly(bytes.length), schemaTokens: 2 });
          const { cost, bound } = estimateStep(whole);
          expect(cost!.least <= cost!.most).toBe(true);
          expect(cost!.most <= bound!.money).toBe(true);
          let paid = 0n;
          for (const one of bytes) {
            const answer = { input: Math.floor(one * share), output: Math.floor(400 * share) };
            paid += costOfRequest(answer, price) * BigInt(attempts);
          }
          expect(paid <= bound!.money).toBe(true);
        },
      ),
    );
  });
});

test('a step can be asked as often as it or any later step may be tried', () => {
  const step = (name: string, maxAttempts: number) => ({
    ...llmStep(name, []),
    retry: { maxAttempts, feedback: false, from: null },
  });
  const steps = [step('a', 1), step('b', 5), step('c', 2)];
  expect(steps.map((_, index) => attemptsAt(steps, index))).toEqual([5, 5, 2]);
});
