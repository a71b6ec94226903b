import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseUsd } from '../../src/analysis/money.ts';
import { planCost, planPipeline } from '../../src/commands/plan.ts';
import { formatPlan } from '../../src/commands/plan-text.ts';
import { formatMatrix } from '../../src/commands/shards-plan.ts';

const haggle = 'examples/market-haggle';
const sailor = 'examples/drunken-sailor';
const place = { workerEntry: null, simulatorUrl: null };
const unsaid = { kind: 'unsaid' } as const;
const paid = { provider: 'openai', model: 'gpt-4o-mini' };
const cap = (text: string) => ({ kind: 'amount', money: parseUsd(text)! }) as const;

describe('a plan', () => {
  test('tells requests, tokens and dollars as a range, step by step, with where the price comes from', async () => {
    const plan = await planCost(haggle, paid, place, unsaid);
    const [customer, asked, review] = plan.steps;
    expect(customer).toMatchObject({ kind: 'expression', cost: null, requests: { least: 0, most: 0 } });
    expect(asked?.requests).toEqual({ least: 120, most: 360 });
    expect(asked?.cost).toMatchObject({
      ...paid,
      mode: 'batch',
      paid: true,
      priceSource: expect.stringContaining('genai-prices'),
      prompts: { basis: 'rendered', looked: 120, of: 120 },
      bound: { certain: true },
    });
    expect(review?.cost?.prompts.basis).toBe('placeholders');
    const money = (text: string | undefined) => parseUsd(text ?? '') ?? 0n;
    for (const one of [plan, asked!.cost!, review!.cost!]) {
      expect(money(one.cost?.least) > 0n).toBe(true);
      expect(money(one.cost?.least) < money(one.cost?.most)).toBe(true);
      expect(money(one.cost?.most) < money(one.bound?.usd)).toBe(true);
    }
    expect(plan.bound?.certain).toBe(false);
  });

  test('costs twice as much in single calls as in batches', async () => {
    const batch = await planCost(sailor, { ...paid, maxUnits: 30 }, place, unsaid);
    const single = await planCost(sailor, { ...paid, maxUnits: 30, mode: 'realtime' }, place, unsaid);
    const most = (plan: typeof batch) => parseUsd(plan.cost?.most ?? '')!;
    expect(most(single)).toBe(most(batch) * 2n);
    expect(batch.bound?.certain).toBe(true);
  });

  test('says that a price is not known, and gives no number then', async () => {
    const plan = await planCost(haggle, { ...paid, model: 'gpt-99' }, place, unsaid);
    expect(plan).toMatchObject({ cost: null, bound: null });
    expect(plan.steps[1]?.cost).toMatchObject({ cost: null, bound: null, priceSource: null });
    expect(formatPlan(plan)).not.toMatch(/\$/);
    expect(formatPlan(plan)).toContain('cost unknown');
  });

  test('of simulated answers has nothing to pay', async () => {
    const plan = await planCost(haggle, {}, place, unsaid);
    expect(plan.cost).toEqual({ least: '0', most: '0' });
    expect(formatPlan(plan)).toContain('nothing to pay');
  });

  test('holds the cap against the bound', async () => {
    const lineFor = async (text: string) => {
      const plan = await planCost(sailor, { ...paid, maxUnits: 10 }, place, cap(text));
      return /^ {2}cap .*$/m.exec(formatPlan(plan))?.[0];
    };
    expect(await lineFor('500')).toBe('  cap $500.00, enough in any case');
    expect(await lineFor('0.01')).toBe('  cap $0.01, the run may pause at it');
    expect(await lineFor('0.00001')).toBe('  cap under $0.0001, the run will pause at it');
  });

  test('of many units looks at a seeded sample, the same each time', async () => {
    const plan = () => planCost(sailor, { ...paid, repeat: 1_500 }, place, unsaid);
    const first = await plan();
    expect(first.steps[1]?.cost?.prompts).toEqual({ basis: 'rendered', looked: 300, of: 1_500 });
    expect(first.steps[1]?.cost?.bound?.certain).toBe(false);
    expect(await plan()).toEqual(first);
  });

  test('only counts when only that is asked for', async () => {
    const plan = await planPipeline(haggle, {});
    expect(plan).toMatchObject({ units: 120, cost: null, bound: null });
    expect(plan.steps.every((step) => step.cost === null)).toBe(true);
  });

  test('reads as lines for a person', async () => {
    expect(formatPlan(await planCost(haggle, paid, place, cap('5')))).toMatchInlineSnapshot(`
      "market-haggle: 120 units (smith__rep0000, weaver__rep0000, alchemist__rep0000, ...)
        customer: computed here
        haggle: 120 to 360 requests to openai gpt-4o-mini in batches, $0.0013 to $0.0529
          about 10,800 to 129,240 tokens in, 1,560 to 144,000 out
          price from genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)
        review: 120 to 360 requests to openai gpt-4o-mini in batches, $0.001 to $0.4614
          about 7,560 to 253,800 tokens in, 1,320 to 1,474,560 out
          from prompts with short stand-ins for earlier answers
          price from genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)
        cost $0.0022 to $0.5143
          least: every answer valid at once and short; most: every attempt used, every answer at its limit
        bound about $0.8798: not every prompt is known yet
        cap $5.00, probably enough in any case
        2 gates
      "
    `);
  });

  test('of a run that may end early is a range, and its shards are those of the first wave', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    const write = (stop: string) =>
      writeFileSync(
        join(folder, 'pipeline.yaml'),
        `
items: [{ id: a, kind: x }, { id: b, kind: y }]
repeat: 500
steps: [{ name: ask, prompt: "How many {{ kind }}?", model: gpt-4o-mini, provider: openai }]
gates: [{ name: many, mean: len(kind), at_least: 0.5 }]
stop: ${stop}
`,
      );
    try {
      write('{ every: 100, gates: true }');
      const plan = await planCost(folder, {}, place, unsaid);
      expect(plan).toMatchObject({ units: 1000, waves: { rule: 'gates', looks: 5, first: 200, least: 200 } });
      expect(plan.steps[0]?.requests).toEqual({ least: 200, most: 3000 });
      const whole = await planCost(folder, { repeat: 100 }, place, unsaid);
      expect(plan.cost?.least).toBe(whole.cost?.least);
      expect(formatPlan(plan).split('\n').slice(0, 2)).toEqual([
        expect.stringMatching(/: 200 to 1,000 units \(a__rep0000, b__rep0000, a__rep0001, \.\.\.\)$/),
        '  ends once the gates it waits for are decided: looked at after every 100 repetitions, at most 5 times',
      ]);
      expect(formatPlan(plan)).toContain('least: an early end, every answer valid');
      expect(formatMatrix(3, plan.waves!.first, true)).toBe(
        '  3 shards of 66 to 67 units of the first wave: --shard 1/3 to --shard 3/3\n    later waves are run where the shards are put together\n',
      );
      write('{ every: 10, half_width: { mean: len(kind), at_most: 1 } }');
      expect(await planPipeline(folder, {})).toMatchObject({ waves: { first: 20, least: 40, looks: 50 } });
      write('{ every: 100, best: { by: kind, mean: len(kind), wants: lowest, fresh: 50 } }');
      const best = await planPipeline(folder, {});
      expect(best).toMatchObject({ units: 250, waves: { least: 250, looks: 2 } });
      expect(formatPlan(best)).toContain(
        'drops the worse half after every 100 repetitions, once, and runs the best anew',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
