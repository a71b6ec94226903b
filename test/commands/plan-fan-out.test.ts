// What a plan says of fan-outs before anything is sent: counted where lists are computed here, from the least to the most
// where a model writes them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseUsd } from '../../src/analysis/money.ts';
import { checkCeiling } from '../../src/commands/ceiling.ts';
import { type Plan, planCost, planPipeline } from '../../src/commands/plan.ts';
import { formatPlan, formatValid } from '../../src/commands/plan-text.ts';
import { attemptsAt } from '../../src/engine/cost-estimate.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { FanOutStep } from '../../src/pipeline/pipeline.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';
import { checkSchema } from '../pipeline/schema-check.ts';
import { fc } from '../property.ts';
import { expressionStep, llmStep, tokenPrice } from '../report/fixture.ts';

const place = { workerEntry: null, simulatorUrl: null };
const unsaid = { kind: 'unsaid' } as const;
const paid = { provider: 'openai', model: 'gpt-4o-mini' };
const ITEMS =
  'items: [{ id: inn, songs: [a, b] }, { id: quay, songs: [c, d, e] }, { id: mill, songs: [] }]\n';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'octobatch-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  writeFileSync(join(folder, 'pipeline.yaml'), `name: chorus\n${text}`);
  return folder;
}

function planOf(text: string, overrides = {}): Promise<Plan> {
  return planCost(write(text), overrides, place, unsaid);
}

const schema = (list: string) => `{ type: object, properties: { lines: ${list} } }`;
const ask = (list: string) => `  - { name: write, prompt: Write a song., schema: ${schema(list)} }\n`;
const rate = '  - { name: rate, prompt: "Rate {{ one }}.", retry: { max_attempts: 2 } }\n';

describe('a plan with a fan-out', () => {
  test('of lists that are known counts them, and all that comes after', async () => {
    const plan = await planOf(`${ITEMS}steps:\n  - { name: split, fan_out: songs, as: one }\n${rate}`, paid);
    const [split, rated] = plan.steps;
    expect(split?.fanOut).toMatchObject({
      from: { least: 3, most: 3 },
      to: { least: 5, most: 5 },
      bound: 5,
      perUnit: { least: 0, most: 3 },
      looked: 3,
      failing: 0,
    });
    expect(rated?.requests).toEqual({ least: 5, most: 10 });
    expect(rated?.cost).toMatchObject({
      prompts: { basis: 'rendered', looked: 5, of: 5 },
      bound: { certain: true },
    });
    expect(formatPlan(plan)).toContain('split: 3 units become 5\n    0 to 3 for each, 1.7 in the mean\n');
  });

  test('of lists that draws make is as certain, and says which units fail there', async () => {
    const steps = `steps:
  - { name: draw, expressions: { coins: "[random.random() for _ in range(random.randint(0, 6))]" } }
  - { name: split, fan_out: coins, as: coin, max: 4 }
  - { name: keep, expressions: { kept: coin > 0.5 } }
`;
    const plan = await planOf(`items: [{ id: a }]\nrepeat: 200\n${steps}`);
    const { to, bound, failing, looked } = plan.steps[1]!.fanOut!;
    expect(looked).toBe(200);
    expect(to.least).toBe(to.most);
    expect(bound).toBe(to.most);
    expect(failing).toBeGreaterThan(0);
    expect(formatPlan(plan)).toMatch(
      /split: 200 units become \d+\n {4}0 to 4 for each, \d\.\d in the mean\n {4}\d+ units fail here: their list is longer than 4, or none at all\n/,
    );
  });

  test('of more units than are looked at says that it is a sample, and never goes beyond the limit', async () => {
    const steps = `steps:
  - { name: draw, expressions: { coins: "list(range(random.randint(1, 5)))" } }
  - { name: split, fan_out: coins, as: one, max: 5 }
${rate}`;
    const plan = await planOf(`items: [{ id: a }]\nrepeat: 4000\n${steps}`, paid);
    const { from, to, bound, looked } = plan.steps[1]!.fanOut!;
    expect([from.most, looked, bound]).toEqual([4000, 300, 20_000]);
    expect(to.least).toBeGreaterThan(10_000);
    expect(to.least).toBeLessThan(12_000);
    expect(to.most).toBeGreaterThan(12_000);
    expect(to.most).toBeLessThan(14_000);
    expect(plan.steps[2]?.requests).toEqual({ least: to.least, most: to.most * 2 });
    expect(plan.steps[2]?.cost?.bound?.certain).toBe(false);
    expect(formatPlan(plan)).toMatch(
      /become about [\d,]+ to [\d,]+\n.*from 300 of 4,000 units\n.*never more than 20,000 in all/,
    );
  });

  test('of lists that a model writes goes from the least to the most, and its bound takes the most', async () => {
    const most = async (maxItems: number) => {
      const list = `{ type: array, minItems: 2, maxItems: ${maxItems} }`;
      const plan = await planOf(
        `${ITEMS}steps:\n${ask(list)}  - { name: split, fan_out: lines, as: one }\n${rate}`,
        paid,
      );
      expect(plan.steps[1]?.fanOut?.to).toEqual({ least: 6, most: 3 * maxItems });
      expect(plan.steps[2]?.requests).toEqual({ least: 6, most: 6 * maxItems });
      return plan;
    };
    const [few, many] = [await most(3), await most(30)];
    const bound = (plan: Plan) => parseUsd(plan.steps[2]?.cost?.bound?.usd ?? '') ?? 0n;
    expect(bound(many)).toBe(bound(few) * 10n);
    expect(parseUsd(many.cost!.most)! > parseUsd(few.cost!.most)!).toBe(true);
    expect(formatPlan(many)).toContain(
      'split: 3 units become 6 to 90\n    2 to 30 for each: the model that writes “lines” decides, and a list longer than 30 fails\n',
    );
    expect(formatPlan(many)).toContain('many children');
  });

  test('multiplies one fan-out by the next', async () => {
    const steps = `steps:
  - { name: split, fan_out: songs, as: one }
${ask('{ type: array, maxItems: 4 }')}  - { name: again, fan_out: lines, as: line }
  - { name: rate, prompt: "Rate {{ line }}." }
`;
    const plan = await planOf(`${ITEMS}${steps}`, paid);
    expect(plan.steps.map(({ requests }) => requests.most)).toEqual([0, 15, 0, 60]);
    expect(formatValid('chorus', plan)).toBe('chorus: valid, 4 steps, 3 units, which become 0 to 20\n');
  });

  test('that is only counted knows limits alone', async () => {
    const plan = await planPipeline(
      write(`${ITEMS}steps:\n  - { name: split, fan_out: songs, as: one }\n${rate}`),
      {},
    );
    expect(plan.steps[0]?.fanOut).toMatchObject({ to: { least: 0, most: 9 }, looked: 0 });
    expect(plan.steps[1]?.requests).toEqual({ least: 0, most: 18 });
  });

  test('of a run in waves follows the units that the waves may have', async () => {
    const steps = `${ITEMS}repeat: 100
stop: { every: 10, half_width: { share: good, at_most: 0.05 } }
steps:
  - { name: split, fan_out: songs, as: one }
  - { name: rate, expressions: { good: random.random() < 0.5 } }
`;
    const { fanOut } = (await planOf(steps)).steps[0]!;
    expect(fanOut?.to).toEqual({ least: 50, most: 500 });
  });
});

test('a ceiling that is asked for names what all answers may come to, children included', async () => {
  const text = `${ITEMS}provider: openai\nmodel: m\nsteps:\n${ask('{ type: array, maxItems: 50 }')}  - { name: split, fan_out: lines, as: one }\n${rate}`;
  const loaded = await loadPipeline(memoryFolder({ 'pipeline.yaml': text }), {}, checkSchema);
  const prices = { 'openai/m/batch': tokenPrice('0', '1', 'test') };
  const said = (): string => {
    try {
      checkCeiling(loaded, prices, { maxCost: unsaid, policy: null }, 'pipeline.yaml');
    } catch (error) {
      if (error instanceof ConfigurationError) return error.diagnostics[0]!.what;
      throw error;
    }
    return '';
  };
  // 3 x 3 x 4096 tokens of songs, 150 x 2 x 4096 of ratings, at a dollar for a million.
  expect(said()).toContain('$1.27');
});

test('a unit takes no more attempts at a step than what comes up to the next fan-out can ask of it', () => {
  const retry = (maxAttempts: number) => ({ maxAttempts, feedback: true, from: null });
  const split: FanOutStep = {
    ...{ kind: 'fan_out', name: 'split', field: 'a', childField: 'b', maxChildren: 2 },
    retry: retry(1),
  };
  const attempts = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(attempts, attempts, attempts, (first, own, later) => {
      const steps = [
        { ...llmStep('write', []), retry: retry(first) },
        { ...split, retry: retry(own) },
        { ...expressionStep('act', []), retry: retry(later) },
      ];
      expect(attemptsAt(steps, 0)).toBe(Math.max(first, own));
      expect(attemptsAt(steps, 2)).toBe(later);
    }),
  );
});
