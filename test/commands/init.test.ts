// First pipelines: every one is valid without a doubt and runs to its end with no key, and nothing is ever overwritten.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readMaxCost } from '../../src/commands/ceiling.ts';
import { formatInit, type InitWishes, initPipeline } from '../../src/commands/init.ts';
import { openQuestions, type Questions } from '../../src/commands/init-questions.ts';
import { DEFAULT_MODELS, KINDS, type PaidProvider } from '../../src/commands/init-templates.ts';
import { COLLECT, PULL_REQUEST, SIMULATE } from '../../src/commands/init-workflows.ts';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { planCost, planPipeline } from '../../src/commands/plan.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const OPTIONS = { workerEntry: null, simulatorUrl: null };
const NOTHING: InitWishes = {
  folder: null,
  template: null,
  from: null,
  provider: null,
  model: null,
  workflow: null,
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'octobatch-init-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder of an Octobatch pipeline, with things beside it that are no part of it. */
function octobatch(): string {
  const folder = join(root, 'old');
  mkdirSync(join(folder, 'templates'), { recursive: true });
  mkdirSync(join(folder, 'runs', 'first'), { recursive: true });
  writeFileSync(join(folder, 'runs', 'first', 'manifest.json'), '{}');
  writeFileSync(join(folder, '.env'), 'SECRET=1');
  writeFileSync(
    join(folder, 'config.yaml'),
    `pipeline:
  name: Coins
  steps:
    - name: toss
      scope: expression
      expressions: { side: "random.choice(['heads', 'tails'])" }
processing:
  expressions: { repeat: 5 }
  strategy: direct
  items: { source: items.yaml, key: coins }
`,
  );
  writeFileSync(join(folder, 'items.yaml'), 'coins:\n  - { id: penny }\n');
  return folder;
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message;
}

async function runOf(pipeline: string, name: string) {
  const { place } = await startRun(
    {
      pipeline,
      overrides: {},
      root,
      runDirectory: join(root, 'runs', name),
      faults: '',
      latency: { minMs: 1, maxMs: 2 },
    },
    OPTIONS,
  );
  try {
    const { report } = await workAndPublish(place, {
      waitMs: null,
      signal: new AbortController().signal,
      seen: () => {},
      launcher: 'octobatch',
      shownDirectory: null,
      only: 'work',
    });
    return report;
  } finally {
    await place.close();
  }
}

describe('every first pipeline', () => {
  test.each(KINDS)(
    '%s is valid without a warning and runs with no key, its gates holding',
    async (template) => {
      const folder = join(root, 'first', template);
      const from = template === 'octobatch' ? octobatch() : null;
      const { warnings, files } = await initPipeline(
        { ...NOTHING, folder, template, from },
        null,
        'octobatch',
      );
      expect(warnings).toEqual([]);
      expect(files.length).toBeGreaterThan(0);
      const { verdict, gatesState } = await runOf(folder, template);
      expect(verdict).toBe(template === 'prompts' || template === 'judge' ? 'dry_run' : 'pass');
      expect(gatesState).toBe(template === 'octobatch' ? 'none' : 'pass');
    },
  );

  test.each(Object.keys(DEFAULT_MODELS) as PaidProvider[])(
    'names a model of %s whose price is known, and a ceiling',
    async (provider) => {
      const folder = join(root, 'paid', provider);
      const wishes = { ...NOTHING, folder, template: 'judge', provider };
      const { next } = await initPipeline(wishes, null, 'octobatch');
      const plan = await planCost(folder, {}, OPTIONS, readMaxCost('--max-cost', ''));
      expect(plan.warnings).toEqual([]);
      expect(JSON.stringify(plan)).not.toContain('"price":null');
      expect(next[0]).toMatch(/^octobatch run .* --provider simulated$/);
      expect(next[1]).toMatch(/^octobatch plan /);
    },
  );

  it('may have a name that YAML would read as something else', async () => {
    for (const name of ['12', 'true', '1.5', 'null', '0x1f']) {
      const folder = join(root, 'names', name);
      await initPipeline({ ...NOTHING, folder }, null, 'octobatch');
      expect((await planPipeline(folder, {})).pipeline).toBe(name);
    }
  });
});

describe('what is there already', () => {
  it('is not overwritten, and nothing is written beside it', async () => {
    const folder = join(root, 'taken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'reply.json'), 'mine');
    const message = await errorOf(
      initPipeline({ ...NOTHING, folder, template: 'prompts' }, null, 'octobatch'),
    );
    expect(message).toContain('reply.json is there already, and nothing is overwritten');
    expect(readdirSync(folder)).toEqual(['reply.json']);
    expect(readFileSync(join(folder, 'reply.json'), 'utf8')).toBe('mine');
  });

  it('may be a file where a folder is wanted, which is told', async () => {
    const file = join(root, 'notes');
    writeFileSync(file, 'mine');
    for (const folder of [file, join(file, 'first')])
      expect(await errorOf(initPipeline({ ...NOTHING, folder }, null, 'octobatch'))).toMatch(
        /notes is a file, and no folder/,
      );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('may keep the last file from being written: then no half of a pipeline stays', async () => {
    const repository = join(root, 'blocked');
    mkdirSync(join(repository, '.git'), { recursive: true });
    writeFileSync(join(repository, '.github'), 'no folder');
    const wishes = { ...NOTHING, folder: join(repository, 'first') };
    await expect(initPipeline(wishes, null, 'octobatch')).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(readdirSync(join(repository, 'first'))).toEqual([]);
    expect(readFileSync(join(repository, '.github'), 'utf8')).toBe('no folder');
    const again = await initPipeline({ ...wishes, workflow: false }, null, 'octobatch');
    expect(again.files).toHaveLength(1);
  });

  it('may be a pipeline, which is named', async () => {
    const folder = join(root, 'twice');
    await initPipeline({ ...NOTHING, folder }, null, 'octobatch');
    expect(await errorOf(initPipeline({ ...NOTHING, folder }, null, 'octobatch'))).toContain(
      'there is a pipeline in',
    );
  });

  it('may be a workflow: it stays as it is, and only who asks for one is refused', async () => {
    const repository = join(root, 'with-workflow');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const [first, second] = ['a', 'b'].map((name) => join(repository, name));
    await initPipeline({ ...NOTHING, folder: first! }, null, 'octobatch');
    const message = await errorOf(
      initPipeline({ ...NOTHING, folder: second!, workflow: true }, null, 'octobatch'),
    );
    expect(message).toContain('--no-workflow');
    expect(readdirSync(repository).sort()).toEqual(['.git', '.github', 'a']);
    const { files, notes } = await initPipeline({ ...NOTHING, folder: second! }, null, 'octobatch');
    expect(files).toHaveLength(1);
    expect(notes).toEqual([
      expect.stringMatching(/octobatch.yml is there already and stays as it is: name .*b in/),
    ]);
  });
});

describe('an Octobatch folder', () => {
  it('is copied without its runs and without anything hidden', async () => {
    const folder = join(root, 'copy');
    await initPipeline({ ...NOTHING, folder, from: octobatch() }, null, 'octobatch');
    expect(readdirSync(folder).sort()).toEqual(['config.yaml', 'items.yaml']);
  });

  it.each([
    ['when none is named', { template: 'octobatch' }, 'needs a folder to copy'],
    ['when there is none', { from: 'nowhere' }, 'there is no config.yaml in "nowhere"'],
  ])('is refused %s', async (_, wishes, message) => {
    const asked = initPipeline({ ...NOTHING, folder: join(root, 'none'), ...wishes }, null, 'octobatch');
    expect(await errorOf(asked)).toContain(message);
  });

  it('is refused with its own mistakes before anything is written', async () => {
    const from = join(root, 'broken');
    mkdirSync(from);
    writeFileSync(join(from, 'config.yaml'), 'pipeline: 5\n');
    const folder = join(root, 'not-written');
    expect(await errorOf(initPipeline({ ...NOTHING, folder, from }, null, 'octobatch'))).toContain(
      'config.yaml:1',
    );
    expect(readdirSync(root)).not.toContain('not-written');
  });
});

describe('words that mean nothing', () => {
  it.each([
    [{ template: 'poem' }, 'use one of: simulation, prompts, judge, octobatch'],
    [{ template: 'prompts', provider: 'oracle' }, 'use one of: none, openai, anthropic, gemini'],
    [{ template: 'prompts', provider: 'openai', model: 'a b' }, 'the name of a model'],
    [{ template: 'simulation', provider: 'openai' }, 'use --template prompts or judge'],
    [{ model: 'gpt-5-mini' }, 'the template simulation has no use for it'],
    [{ template: 'judge', from: 'old' }, 'leave it out, or use --template octobatch'],
    [{ template: 'octobatch', from: 'old', provider: 'openai' }, 'name it when you run the pipeline'],
    [{ template: 'judge', model: 'gpt-5-mini' }, 'add --provider'],
    [{ folder: '' }, 'it has no name'],
    [{ folder: join(tmpdir(), '-x') }, 'cannot be the name of a pipeline'],
    [{ folder: join(tmpdir(), 'octobatch-nowhere'), workflow: true }, 'is in no git repository'],
  ])('%j is refused', async (wishes, message) => {
    const asked = initPipeline({ ...NOTHING, folder: join(root, 'refused'), ...wishes }, null, 'octobatch');
    expect(await errorOf(asked)).toContain(message);
  });
});

describe('the workflows', () => {
  it('are the examples', () => {
    const example = (file: string): string =>
      readFileSync(new URL(`../../examples/workflows/${file}`, import.meta.url), 'utf8');
    expect(SIMULATE).toBe(example('simulate.yml'));
    expect(PULL_REQUEST).toBe(example('pull-request.yml'));
    expect(COLLECT).toBe(example('collect.yml'));
  });

  it('name the folder, the key and the model of the pipeline', async () => {
    const repository = join(root, 'repository');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const folder = join(repository, 'sims', 'shop');
    const wishes = { ...NOTHING, folder, template: 'prompts', provider: 'anthropic' };
    const { files, notes } = await initPipeline(wishes, null, 'octobatch');
    expect(files).toHaveLength(6);
    const text = readFileSync(join(repository, '.github/workflows/octobatch.yml'), 'utf8');
    expect(text).toContain('pipeline: sims/shop\n');
    expect(text).toContain('ANTHROPIC_API_KEY: ${' + '{ secrets.ANTHROPIC_API_KEY }}');
    expect(text).toContain('models: [claude-haiku-4-5]');
    expect(text).not.toContain('OPENAI');
    expect(readFileSync(join(repository, '.github/workflows/octobatch-collect.yml'), 'utf8')).not.toContain(
      'OPENAI',
    );
    expect(notes.join(' ')).toContain('secret ANTHROPIC_API_KEY');
  });
});

/** Answers in their order. */
function answering(...answers: readonly string[]): { questions: Questions; said: () => string } {
  const input = new PassThrough();
  const output = new PassThrough();
  let said = '';
  let next = 0;
  output.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (!said.endsWith(': ')) return;
    const answer = answers[next++];
    if (answer === undefined) input.end();
    else input.write(`${answer}\n`);
  });
  return { questions: openQuestions(input, output), said: () => said };
}

describe('a person who is asked', () => {
  it('chooses by number or word, and is told what is wrong with an answer', async () => {
    const folder = join(root, 'asked', 'shop');
    const { questions, said } = answering('9', 'prompts', 'bad name', folder, '2', '');
    const { files } = await initPipeline(NOTHING, questions, 'octobatch');
    questions.close();
    expect(files).toHaveLength(4);
    expect(said()).toContain('one of 1 to 4, please');
    expect(said()).toContain('"bad name" cannot be the name of a pipeline');
    expect(readFileSync(join(folder, 'pipeline.yaml'), 'utf8')).toContain(
      'provider: openai\nmodel: gpt-5-mini\n',
    );
    await expect(said()).toMatchFileSnapshot('../golden/init/asked.txt');
  });

  it('gets the defaults with Enter', async () => {
    const folder = join(root, 'defaults');
    const { questions } = answering('', '', '');
    const written = await initPipeline({ ...NOTHING, folder }, questions, 'octobatch');
    questions.close();
    expect(written.files).toHaveLength(1);
    expect(formatInit(written)).toMatch(
      /^Written:\n {2}.*pipeline\.yaml\n\nNext:\n {2}octobatch run .*\n {2}octobatch plan .*\n$/,
    );
  });

  it('may stop at any question, and nothing is written', async () => {
    const { questions } = answering('2');
    const message = await errorOf(initPipeline(NOTHING, questions, 'octobatch'));
    expect(message).toContain('nothing was written');
  });
});
