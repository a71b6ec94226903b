// The eighteen places where Octobatch 1.1 goes wrong, each shown to be absent. docs/coming-from-octobatch.md names them.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyseResults, formatAnalysis } from '../../src/commands/analyze.ts';
import { readWanted } from '../../src/commands/analyze-flags.ts';
import { planCost } from '../../src/commands/plan.ts';
import { loadFolder } from '../../src/compose.ts';
import { accountFor } from '../../src/engine/account.ts';
import { budgetOf } from '../../src/engine/budget.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { pyRepr } from '../../src/expression/text.ts';
import { makeFloat, toNumber } from '../../src/expression/values.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { compileChecks } from '../../src/validation/rules.ts';
import { textAnswer } from '../engine/scripted-provider.ts';
import { finish, kinds, PRICE, pipelineOf, settleDown, timesAsked, worldOf } from '../engine/world.ts';
import { CLI } from '../entries.ts';
import { makeFolder, OPTIONS, play, reading, unitsOf, write } from './runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const numberOf = (value: unknown): number => toNumber(value as Parameters<typeof toNumber>[0]) ?? Number.NaN;

/** A pipeline folder with this configuration. */
const pipeline = (text: string, files: Readonly<Record<string, string>> = {}): string =>
  write(makeFolder(), { 'pipeline.yaml': text, ...files });

const SAILOR = `name: sailor
items: [{ id: start, start: 5 }]
repeat: 2000
steps:
  - name: first
    expressions: { one: random.random() }
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= 10
  - name: third
    expressions: { three: random.random() }
`;

const errored = ({ customId }: ModelRequest): Answer => ({
  kind: 'error',
  customId,
  failure: 'rejected',
  message: 'no',
  raw: '{}',
  billed: 'no',
});

const PAID = (cap: bigint) => ({
  session: { paid: true },
  settings: { prices: { 'scripted/m/batch': PRICE }, cap: String(cap) },
});

describe('absent from Octobatch Action', () => {
  it('1: every step of a repeated unit draws anew, and half of the sailors fall in', async () => {
    const units = await unitsOf((await play(pipeline(SAILOR))).directory);
    const drawn = units.map(({ fields }) => [numberOf(fields.get('one')), numberOf(fields.get('three'))]);
    expect(drawn.filter(([one, three]) => one === three)).toEqual([]);
    expect(new Set(drawn.map(([one]) => one)).size).toBe(2000);
    const fell = units.filter(({ fields }) => numberOf(fields.get('position')) === 0).length / units.length;
    expect(Math.abs(fell - 0.5)).toBeLessThan(0.035);
    const family = pipeline(`name: family
items: [{ id: a, all: [0, 0, 0, 0] }]
repeat: 50
steps:
  - { name: parent, expressions: { own: random.random() } }
  - { name: each, fan_out: all, as: one }
  - { name: child, expressions: { drawn: random.random() } }
`);
    const children = await unitsOf((await play(family)).directory);
    const words = children.flatMap(({ fields }) =>
      ['own', 'drawn'].map((name) => numberOf(fields.get(name))),
    );
    expect(children).toHaveLength(200);
    expect(new Set(words).size).toBe(50 + 200);
  });

  it('2: a retry of a later step keeps what the earlier steps gave', async () => {
    const prompts: string[] = [];
    const [ask] = pipelineOf(2).pipeline.steps;
    const loaded = pipelineOf(
      2,
      {},
      {
        templates: { ask: 'How many?', again: 'Is it {{ n }}?' },
        steps: [
          ask!,
          {
            ...(ask as Extract<typeof ask, { kind: 'llm' }>),
            name: 'again',
            template: 'again',
            schema: null,
            checks: {
              required: ['m'],
              types: {},
              enums: {},
              ranges: {},
              rules: [{ name: 'same', expr: 'm == n', when: null, error: '{m} is not {n}', level: 'error' }],
            },
          },
          {
            kind: 'expression',
            name: 'sum',
            init: [],
            expressions: [{ name: 'both', expr: 'n + m' }],
            loopUntil: null,
            maxIterations: 1000,
            checks: { required: [], types: {}, enums: {}, ranges: {}, rules: [] },
            retry: { maxAttempts: 1, feedback: true, from: null },
          },
        ],
      },
    );
    const world = await worldOf(loaded, {
      rows: (requests, times) =>
        requests.map((request) => {
          prompts.push(request.prompt);
          return textAnswer(request, ['{"n": 7}', '{"m": 1}'][times] ?? '{"m": 7}');
        }),
    });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(['valid', 'valid']);
    for (const { fields } of records)
      expect([...fields]).toEqual(
        expect.arrayContaining([
          ['n', 7],
          ['m', 7],
          ['both', 14],
        ]),
      );
    expect(prompts.filter((prompt) => prompt.startsWith('Is it 7?'))).toHaveLength(4);
  });

  it('3: an analysis counts units that succeeded at a retry, and says how many were dropped', async () => {
    const folder = pipeline(`name: tale
items: [{ id: a }]
repeat: 200
steps:
  - name: tell
    prompt: Tell.
    schema: { type: object, required: [end], properties: { end: { enum: [good, bad] } } }
    retry: { max_attempts: 2 }
    simulate: { end: "random.choice(['good', 'bad'])" }
report: { outcomes: [end] }
`);
    const { directory, state } = await play(folder, { faults: 'malformed=0.4' });
    const units = await unitsOf(directory);
    const valid = units.filter(({ kind }) => kind === 'valid');
    expect(valid.some(({ attempts }) => attempts > 1)).toBe(true);
    expect(units.length - valid.length).toBeGreaterThan(5);
    await reading(directory, async (source) => {
      const wanted = readWanted(
        { count: ['end'], net: [], numeric: [], quantile: [], stat: [] },
        source.pipeline.report,
      );
      const text = formatAnalysis(await analyseResults(source, wanted), 'table', {
        color: false,
        width: 120,
      });
      expect(text).toContain(`${valid.length} of 200 units valid, ${200 - valid.length} failed`);
      const good = valid.filter(({ fields }) => fields.get('end') === 'good').length;
      expect(text).toMatch(new RegExp(`good +${good} `));
      expect(text).toMatch(new RegExp(`bad +${valid.length - good} `));
    });
    expect(accountFor(state)).toMatchObject({
      planned: 200,
      valid: valid.length,
      failed: 200 - valid.length,
    });
  });

  it('4: a value coerced for the schema is what the checks and rules see, at once', async () => {
    const checks = {
      required: [],
      types: { n: 'integer' as const },
      enums: {},
      ranges: { n: { min: 5, max: 5 } },
      rules: [{ name: 'sum', expr: 'n + 1 == 6', when: null, error: '', level: 'error' as const }],
    };
    const world = await worldOf(pipelineOf(3, { checks }), {
      rows: (requests) => requests.map((request) => textAnswer(request, '{"n": "5"}')),
    });
    const records = await finish(world, await world.open());
    expect(records.map(({ fields, attempts }) => [fields.get('n'), attempts])).toEqual(Array(3).fill([5, 1]));
    expect(timesAsked(world)).toEqual([1, 1, 1]);
  });

  it('5: a repair changes nothing inside strings', async () => {
    const tel = 'tel, +1555, }';
    const code = 'see ```json\n{"n": 2}\n``` there';
    const text = `{"n": +1, "tel": ${JSON.stringify(tel)}, "code": ${JSON.stringify(code)},}`;
    const world = await worldOf(pipelineOf(2), {
      rows: (requests) => requests.map((request) => textAnswer(request, text)),
    });
    const [record] = await finish(world, await world.open());
    expect([...record!.fields]).toEqual(
      expect.arrayContaining([
        ['n', 1],
        ['tel', tel],
        ['code', code],
      ]),
    );
  });

  it('6: a unit_id inside an answer names nobody', async () => {
    const world = await worldOf(pipelineOf(3), {
      rows: (requests) =>
        requests.map((request, i) => textAnswer(request, `{"unit_id": "a__rep0000", "n": ${i}}`)).reverse(),
    });
    const records = await finish(world, await world.open());
    expect(records.map(({ unit, fields }) => [unit, fields.get('unit_id'), fields.get('n')])).toEqual([
      ['a__rep0000', 'a__rep0000', 0],
      ['a__rep0001', 'a__rep0001', 1],
      ['a__rep0002', 'a__rep0002', 2],
    ]);
  });

  it('7: a row that the provider lost is a failure of its unit, and the books balance', async () => {
    const world = await worldOf(pipelineOf(4), {
      rows: (requests) =>
        requests.filter(({ prompt }) => !prompt.includes('in 1?')).map((request) => textAnswer(request)),
    });
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'missing', 'valid', 'valid']);
    expect(accountFor(worker.context.state)).toMatchObject({ planned: 4, valid: 3, failed: 1, inFlight: 0 });
  });

  it('8: an expression that fails leaves a record with its place, and turns a run without results red', async () => {
    const text = (expr: string): string => `name: sum
items: [{ id: a, n: 0 }, { id: b, n: 2 }]
steps:
  - name: share
    expressions: { part: "${expr}" }
`;
    const { directory, code } = await play(pipeline(text('10 / n')));
    const [failed, valid] = await unitsOf(directory);
    expect(valid).toMatchObject({ kind: 'valid', unit: 'b' });
    expect(failed).toMatchObject({
      kind: 'failed',
      unit: 'a',
      failure: { kind: 'expression', step: 'share' },
    });
    expect(JSON.stringify(failed)).toMatch(/ZeroDivisionError.*part/s);
    expect(readFileSync(join(directory, 'failures.jsonl'), 'utf8')).toContain('"unit_id":"a"');
    expect(code).toBe(0);
    expect((await play(pipeline(text('10 / (n * 0)')))).code).toBe(3);
  });

  it('9: a run stopped by its cap goes on with a higher one, and loses no unit', async () => {
    const running = { check: () => ({ kind: 'running', status: 'x', completed: 0 }) as const };
    const free = await worldOf(pipelineOf(2), running, PAID(10n ** 15n));
    const bound = budgetOf((await (await free.open()).tick()).state).reserved / 2n;
    const world = await worldOf(pipelineOf(8), {}, PAID(bound + 60_000_000n));
    const worker = await world.open();
    const paused = await settleDown(world, worker);
    expect(paused).toMatchObject({ kind: 'paused', reason: { kind: 'budget' } });
    const before = accountFor(paused.state);
    expect(before.valid).toBeGreaterThan(0);
    expect(before).toMatchObject({ planned: 8, failed: 0, inFlight: 8 - before.valid });
    const { version } = await world.journal.read();
    await world.journal.append([{ type: 'cap_changed', cap: String(bound * 10n), at: 0 }], version);
    expect((await settleDown(world, worker)).kind).toBe('finished');
    expect(accountFor(worker.context.state)).toMatchObject({ planned: 8, valid: 8, failed: 0, inFlight: 0 });
    expect(timesAsked(world)).toEqual(Array(8).fill(1));
  });

  it('10: a batch that was cancelled or went wrong in every row ends, and one that expired keeps what was paid', async () => {
    const canceled = await worldOf(pipelineOf(2), {
      check: () => ({ kind: 'ended', status: 'canceled', reason: 'by its owner' }),
      rows: () => [],
    });
    expect(kinds(await finish(canceled, await canceled.open()))).toEqual(['canceled', 'canceled']);
    const broken = await worldOf(pipelineOf(2), { rows: (requests) => requests.map(errored) });
    expect(kinds(await finish(broken, await broken.open()))).toEqual(['rejected', 'rejected']);
    let looks = 0;
    const expired = await worldOf(pipelineOf(4), {
      check: () => ({ kind: 'ended', status: looks++ === 0 ? 'expired' : 'completed', reason: null }),
      rows: (requests, times) =>
        (times === 0 ? requests.slice(0, 3) : requests).map((request) => textAnswer(request)),
    });
    expect(kinds(await finish(expired, await expired.open()))).toEqual(Array(4).fill('valid'));
    expect([...expired.scripted.created.values()].map(({ length }) => length)).toEqual([4, 1]);
  });

  it('11: what may be spent is never above the cap, and neither fan-out nor a model without a price escapes it', async () => {
    // checkState holds every event against the cap: spent, uncertain and reserved, all steps together.
    const world = await worldOf(
      pipelineOf(6),
      { rows: (requests, times) => requests.map((one) => textAnswer(one, times < 3 ? 'no' : '{"n": 1}')) },
      PAID(10n ** 10n),
    );
    await settleDown(world, await world.open());
    const unpriced = await worldOf(
      pipelineOf(2),
      {},
      {
        session: { paid: true },
        settings: { prices: { 'scripted/m/batch': null }, cap: '1000000000000' },
      },
    );
    expect(await (await unpriced.open()).tick()).toMatchObject({
      kind: 'paused',
      reason: { kind: 'unusable' },
    });
    expect(unpriced.scripted.calls).toEqual([]);
    const fan = pipeline(`name: fan
items: [{ id: a, all: [1, 2, 3, 4, 5] }, { id: b, all: [6] }]
provider: openai
model: gpt-4.1-mini
steps:
  - { name: each, fan_out: all, as: one, max: 50 }
  - { name: ask, prompt: "{{ one }}?", schema: { type: object, properties: { n: { type: integer } } }, max_tokens: 50 }
`);
    const plan = await planCost(fan, {}, OPTIONS, { kind: 'unsaid' });
    expect(plan.units).toBe(2);
    // The lists of six are looked at, and each request may be made three times.
    expect(plan.steps[1]).toMatchObject({ name: 'ask', requests: { least: 6, most: 18 } });
    const one = await planCost(fan, { maxUnits: 1 }, OPTIONS, { kind: 'unsaid' });
    expect(one.steps[1]).toMatchObject({ name: 'ask', requests: { least: 5, most: 15 } });
    expect(Number(plan.bound?.usd)).toBeGreaterThan(Number(one.bound?.usd));
    expect(Number(one.bound?.usd)).toBeGreaterThan(0);
  });

  it('12: an undefined variable in one prompt fails that unit and no other', async () => {
    const { directory } = await play(
      pipeline(`name: two
items: [{ id: a, word: x }, { id: b }, { id: c, word: z }]
steps:
  - name: ask
    prompt: "Say {{ word }}."
    schema: { type: object, required: [n], properties: { n: { type: integer } } }
`),
    );
    expect(kinds(await unitsOf(directory))).toEqual(['valid', 'template', 'valid']);
  });

  it('13: a reply that is not JSON is asked for again', async () => {
    const world = await worldOf(pipelineOf(3), {
      rows: (requests, times) =>
        requests.map((request) => textAnswer(request, times === 0 ? 'I would say seven.' : '{"n": 7}')),
    });
    const records = await finish(world, await world.open());
    expect(records.map(({ kind, attempts }) => [kind, attempts])).toEqual(Array(3).fill(['valid', 2]));
  });

  it('14: a process that dies between creating a batch and recording it pays once', async () => {
    const world = await worldOf(pipelineOf(3), { submit: () => 'created but unsure' });
    await (await world.open('dead-1')).tick();
    expect(world.scripted.created.size).toBe(1);
    expect(kinds(await finish(world, await world.open('me')))).toEqual(['valid', 'valid', 'valid']);
    expect(timesAsked(world)).toEqual([1, 1, 1]);
  });

  it('15: the exit code says what failed, and a pipeline without a model needs no key', async () => {
    const dice = (gate: string): string =>
      pipeline(`name: dice
items: [{ id: a }]
repeat: 50
steps: [{ name: roll, expressions: { n: "random.randint(1, 6)" } }]
gates: [{ name: six, share: n <= 6, ${gate} }]
`);
    expect((await play(dice('at_least: 0.5'))).code).toBe(0);
    expect((await play(dice('at_most: 0.5'))).code).toBe(1);
    const down = await play(
      pipeline('name: x\nitems: [{ id: a }]\nsteps: [{ name: s, expressions: { n: "1 / 0" } }]\n'),
    );
    expect(down.code).toBe(3);
    const watch = (directory: string, ...more: readonly string[]): number | null =>
      spawnSync(process.execPath, [CLI, 'watch', directory, ...more], { cwd: directory, env: {} }).status;
    expect(watch(down.directory)).toBe(3);
    const red = await play(dice('at_most: 0.5'));
    expect(watch(red.directory)).toBe(1);
    expect(watch(red.directory, '--fail-on', 'never')).toBe(0);
    // A provider is named, as for the pipelines beside it, and nothing is asked of it.
    expect((await play(dice('at_least: 0.5'), { provider: 'openai', model: 'gpt-4.1-mini' })).code).toBe(0);
    const asking = pipeline('name: x\nitems: [{ id: a }]\nsteps: [{ name: s, prompt: Hello. }]\n');
    await expect(play(asking, { provider: 'openai', model: 'gpt-4.1-mini' })).rejects.toThrow(
      /OPENAI_API_KEY.* is not set/,
    );
  });

  it('16: every demo passes its own check, a report tells how long it took, and no path hangs on the current folder', async () => {
    const demos = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
      .filter(({ name }) => !['scenarios', 'workflows'].includes(name))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(ROOT, 'examples', name));
    expect(demos.length).toBeGreaterThan(4);
    for (const demo of [...demos, join(ROOT, 'test/fixtures/harbour-walk')])
      expect((await loadFolder(demo, demo, {}, null)).warnings, demo).toEqual([]);
    const harbour = join(makeFolder(), 'harbour');
    cpSync(join(ROOT, 'test/fixtures/harbour-walk'), harbour, { recursive: true });
    appendFileSync(
      join(harbour, 'config.yaml'),
      'post_process: [{ name: Ends, script: scripts/analyze_results.py, args: [--group-by, id, --count-field, end], output: ends.txt }]\n',
    );
    const { directory } = await play(harbour, { repeat: 3 });
    expect(readFileSync(join(directory, 'report.md'), 'utf8')).toMatch(/ · [\d.]+ m?s · seed /);
    expect(readFileSync(join(directory, 'outputs/ends.txt'), 'utf8')).toMatch(/ship|water/);
  });

  it('17: a set in a draw, a file, NaN and a field named max do no harm', async () => {
    const evaluation = createEvaluation({ random: null });
    const draws = `name: sets
items: [{ id: a }, { id: b, max: 3 }, { id: c }]
steps:
  - name: draw
    expressions:
      order: list(set(['x', 'y', 'z', 'w', 'v', 'x']) | {'u'})
      one: random.choice(list(set(['x', 'y', 'z', 'w', 'v'])))
      most: max([1, 2]) if id != 'b' else max
`;
    const [first, second] = [await play(pipeline(draws)), await play(pipeline(draws))];
    expect(readFileSync(join(first.directory, 'results.jsonl'), 'utf8')).toBe(
      readFileSync(join(second.directory, 'results.jsonl'), 'utf8'),
    );
    const units = await unitsOf(first.directory);
    expect(units.map(({ fields }) => fields.get('most'))).toEqual([2, 3, 2]);
    // Two runs of one process may agree where two processes do not: the order is that of filling, whoever asks.
    for (const { fields } of units)
      expect(pyRepr(evaluation, fields.get('order')!)).toBe("['x', 'y', 'z', 'w', 'v', 'u']");
    const opening = pipeline(
      'name: o\nitems: [{ id: a }]\nsteps: [{ name: s, expressions: { n: "open(\'pipeline.yaml\').read()" } }]\n',
    );
    await expect(play(opening)).rejects.toThrow(ConfigurationError);
    for (const name of ['open', 'exec', 'eval', '__import__', 'globals', 'getattr'])
      expect(() => compileExpression(`${name}('x')`).evaluate(new Map(), evaluation), name).toThrow(
        /is not defined/,
      );
    const nan = pipeline(`name: nan
items: [{ id: a }]
steps: [{ name: s, expressions: { n: "float('nan')" }, ranges: { n: [0, 1] } }]
`);
    // It is no JSON either, so that no step can hand it on; the range does not lean on that.
    expect(kinds(await unitsOf((await play(nan)).directory))).toEqual(['expression']);
    const ranges = { least: { min: 0, max: null }, most: { min: null, max: 1 }, both: { min: 0, max: 1 } };
    const { check } = compileChecks({ required: [], types: {}, enums: {}, ranges, rules: [] });
    const fields = new Map(Object.keys(ranges).map((name) => [name, makeFloat(Number.NaN)]));
    expect(check(fields, new Set(fields.keys()), evaluation, []).errors.map(({ path }) => path)).toEqual([
      '/least',
      '/most',
      '/both',
    ]);
  });

  it('18: the record of a loop outlives the steps after it', async () => {
    const { directory } = await play(pipeline(SAILOR), { repeat: 20 });
    for (const line of readFileSync(join(directory, 'results.jsonl'), 'utf8').trimEnd().split('\n')) {
      const { _metadata } = JSON.parse(line) as {
        _metadata: { loops: Record<string, { iterations: number }> };
      };
      expect(_metadata.loops.walk!.iterations).toBeGreaterThan(4);
    }
  });
});
