// What a job knows of itself, from the variables and the event's file that GitHub gives it; and that no file, whoever
// wrote it, makes it believe more than it should.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { isRunId, type Job, readJob } from '../../src/action/job.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { type Event, environmentFor } from '../github/environment.ts';
import { addRepository, openPull, push } from '../github/scene.ts';
import { createWorld, type World } from '../github/world.ts';
import { fc } from '../property.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-job-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string>>;

let world: World;
let head: string;
let count = 0;

beforeEach(() => {
  world = createWorld('2026-11-23T08:00:00Z');
  addRepository(world, 'octo/game', { public: true });
  head = push(world, 'octo/game', 'topic', { 'a.txt': 'a' });
  openPull(world, 'octo/game', { branch: 'topic' });
});

async function environmentOf(event: Event, actor = 'mona', workflow = 'octobatch'): Promise<Environment> {
  const directory = join(folder, String(count++));
  return (await environmentFor(world, { repository: 'octo/game', event, directory, actor, workflow })).env;
}

async function jobOf(event: Event, actor = 'mona'): Promise<Job> {
  return readJob(await environmentOf(event, actor));
}

function mainHead(): string {
  return world.repositories.get('octo/game')!.refs.get('refs/heads/main')!;
}

/** A job whose event's file holds this text. */
function withFile(environment: Environment, text: string): Environment {
  writeFileSync(environment.GITHUB_EVENT_PATH!, text);
  return environment;
}

/** The same with a change to the data of the file. */
// biome-ignore lint/suspicious/noExplicitAny: the tests put into payloads what does not belong there.
function changed(environment: Environment, change: (payload: any) => void): Environment {
  const payload = JSON.parse(readFileSync(environment.GITHUB_EVENT_PATH!, 'utf8'));
  change(payload);
  return withFile(environment, JSON.stringify(payload));
}

describe('a job', () => {
  test('of a pull request is about its head, never about the merge that is checked out', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    const job = readJob(environment);
    const run = Number(environment.GITHUB_RUN_ID);
    const id = world.repositories.get('octo/game')!.id;
    expect(environment.GITHUB_SHA).not.toBe(head);
    expect(job).toEqual({
      repository: { owner: 'octo', name: 'game', id },
      serverUrl: 'https://github.com',
      // This world has no server.
      apiUrl: 'https://api.github.com',
      workflowRun: run,
      attempt: 1,
      runUrl: `https://github.com/octo/game/actions/runs/${run}`,
      workflowName: 'octobatch',
      workflowFile: '.github/workflows/octobatch.yml',
      eventName: 'pull_request',
      actor: 'mona',
      defaultBranch: 'main',
      target: { pull: 1, commit: head, branch: 'main', workflowRun: run },
      baseBranch: 'main',
      isFork: null,
      isForeign: true,
      isSchedule: false,
      isEnterprise: false,
      paidFor: null,
      askedRun: null,
    });
  });

  test('of a push is about the pushed commit of its branch', async () => {
    const environment = await environmentOf({ name: 'push', branch: 'topic' });
    expect(readJob(environment)).toMatchObject({
      target: { pull: null, commit: head, branch: 'topic' },
      baseBranch: 'topic',
      isForeign: false,
      isFork: null,
    });
    expect(readJob({ ...environment, GITHUB_REF: 'refs/tags/v1' }).target).toBe(null);
    expect(readJob({ ...environment, GITHUB_SHA: '0'.repeat(40) }).target).toBe(null);
  });

  test('of a schedule, or that a person started, is about the head of its branch', async () => {
    const nightly = await jobOf({ name: 'schedule' });
    expect(nightly).toMatchObject({
      isSchedule: true,
      target: { pull: null, commit: mainHead(), branch: 'main' },
    });
    const started = await jobOf({ name: 'workflow_dispatch', branch: 'topic', inputs: {} });
    expect(started).toMatchObject({
      isSchedule: false,
      target: { pull: null, commit: head, branch: 'topic' },
    });
    expect([nightly.isForeign, started.isForeign]).toEqual([false, false]);
  });

  test('of a merge queue is about the commit that shall become the branch', async () => {
    const branch = 'gh-readonly-queue/main/pr-1-abc';
    const commit = push(world, 'octo/game', branch, { 'b.txt': 'b' });
    expect(await jobOf({ name: 'merge_group', branch })).toMatchObject({
      target: { pull: null, commit, branch },
      baseBranch: 'main',
      isForeign: true,
      isFork: null,
    });
  });

  test('behind another workflow is about no commit, for nobody can tell what it checks out', async () => {
    const first = await environmentOf({ name: 'push', branch: 'main' });
    const job = await jobOf({ name: 'workflow_run', run: Number(first.GITHUB_RUN_ID) });
    expect(job).toMatchObject({ target: null, baseBranch: null, isForeign: false });
  });

  test('outside of GitHub knows nothing and is not about code of somebody else', () => {
    expect(readJob({})).toMatchObject({
      repository: null,
      serverUrl: 'https://github.com',
      workflowRun: null,
      attempt: 1,
      runUrl: null,
      eventName: '',
      target: null,
      isFork: null,
      isForeign: false,
      isEnterprise: false,
    });
  });

  test('with the secrets of a repository for code of strangers is refused', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    expect(() => readJob({ ...environment, GITHUB_EVENT_NAME: 'pull_request_target' })).toThrow(
      /secrets to a job about a stranger's code {2}\(use `on: pull_request`/,
    );
  });
});

describe('a job that may write nothing', () => {
  test('is that of a pull request from another repository, or from one that is gone', async () => {
    addRepository(world, 'stranger/game', { forkOf: 'octo/game' });
    push(world, 'stranger/game', 'main', { 'x.txt': 'x' });
    const { number } = openPull(world, 'octo/game', {
      branch: 'main',
      from: 'stranger/game',
      login: 'stranger',
    });
    const environment = await environmentOf({ name: 'pull_request', pull: number }, 'stranger');
    expect(readJob(environment)).toMatchObject({ isFork: 'fork', isForeign: true, target: { pull: number } });
    const gone = changed(environment, (payload) => {
      payload.pull_request.head.repo = null;
    });
    expect(readJob(gone).isFork).toBe('fork');
  });

  test('is that of a pull request about which the file says nothing', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    for (const text of ['', '{', 'null', '[]', '"x"', '{"pull_request":7}', '{"pull_request":{"head":[]}}']) {
      expect(readJob(withFile(environment, text)), text).toMatchObject({
        isFork: 'fork',
        isForeign: true,
        target: null,
      });
    }
    expect(readJob({ ...environment, GITHUB_EVENT_PATH: join(folder, 'nowhere') }).isFork).toBe('fork');
  });

  test('is that of Dependabot, by its author or by who set it off', async () => {
    const pull = openPull(world, 'octo/game', { branch: 'topic', login: 'dependabot[bot]' }).number;
    expect((await jobOf({ name: 'pull_request', pull }, 'dependabot[bot]')).isFork).toBe('dependabot');
    expect((await jobOf({ name: 'pull_request', pull })).isFork).toBe('dependabot');
    expect((await jobOf({ name: 'push', branch: 'topic' }, 'dependabot[bot]')).isFork).toBe('dependabot');
  });

  test('is not that of a schedule whose file Dependabot changed last', async () => {
    expect((await jobOf({ name: 'schedule' }, 'dependabot[bot]')).isFork).toBe(null);
  });
});

describe('a paid run for a commit of a pull request', () => {
  const dispatch = (inputs: Readonly<Record<string, string>>) => jobOf({ name: 'workflow_dispatch', inputs });

  test('is about that commit, and about code of somebody else', async () => {
    expect(await dispatch({ pr: '17 ', sha: ` ${head}` })).toMatchObject({
      paidFor: { pull: 17, commit: head },
      target: { pull: 17, commit: head, branch: 'main' },
      isForeign: true,
      isFork: null,
    });
  });

  test('names both the pull request and the whole commit', async () => {
    await expect(dispatch({ pr: '17', sha: 'e41d07c' })).rejects.toThrow(
      /workflow input sha {2}"e41d07c" is no whole commit {2}\(give all 40 characters/,
    );
    await expect(dispatch({ pr: '17' })).rejects.toThrow(/workflow input sha/);
    await expect(dispatch({ pr: '', sha: head })).rejects.toThrow(/workflow input pr/);
    await expect(dispatch({ pr: '$(id)', sha: '`id`' })).rejects.toThrow(/input pr .*\n.*input sha/);
    for (const pr of ['0', '-1', '1e3', '0x11', '1 7', '١٧', '99999999999999999999']) {
      await expect(dispatch({ pr, sha: head }), pr).rejects.toThrow(/workflow input pr/);
    }
  });

  test('is none when its inputs are empty, or belong to another workflow', async () => {
    expect((await dispatch({ pr: '', sha: '' })).paidFor).toBe(null);
    expect((await dispatch({ sha: 'v1.2.3' })).paidFor).toBe(null);
  });
});

describe('what a person says who starts a workflow', () => {
  test('is the run to cancel, when it can be one', async () => {
    const asked = async (run: string) =>
      (await jobOf({ name: 'workflow_dispatch', inputs: { run } })).askedRun;
    expect(await asked('sailor-0a1b2c3d4e-e1')).toBe('sailor-0a1b2c3d4e-e1');
    expect(await asked('sailor-')).toBe('sailor-');
    for (const run of ['', '../x', 'A', 'a b', '$(id)', '-a', 'a--b', 'x'.repeat(300)]) {
      expect(await asked(run), run).toBe(null);
    }
    expect(isRunId('sailor-0a1b2c3d4e-s2of7')).toBe(true);
  });
});

describe('variables and files of strangers', () => {
  const events: readonly Event[] = [
    { name: 'pull_request', pull: 1 },
    { name: 'push', branch: 'topic' },
    { name: 'schedule' },
    { name: 'workflow_dispatch', inputs: { pr: '1', sha: 'a'.repeat(40), run: 'x' } },
    { name: 'merge_group', branch: 'topic' },
  ];

  test('of wrong types make fields null and nothing else', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const changes: readonly ((pull: any) => void)[] = [
      (pull) => void (pull.number = -1),
      (pull) => void (pull.number = 1.5),
      (pull) => void (pull.number = '1; rm -rf /'),
      (pull) => void (pull.number = { toString: 'x' }),
      (pull) => void (pull.head.sha = 'main'),
      (pull) => void (pull.head.sha = `${head}\n`),
      (pull) => void (pull.head.sha = head.toUpperCase().replaceAll(/\d/g, 'A')),
      (pull) => void (pull.base.ref = 'a b; $(curl evil)'),
      (pull) => void (pull.base.ref = '../../x'),
      (pull) => void (pull.base.ref = '-f'),
      (pull) => void (pull.base.ref = 'x'.repeat(10_000)),
      (pull) => void (pull.base = null),
    ];
    for (const change of changes) {
      const copy = await environmentOf({ name: 'pull_request', pull: 1 });
      const job = readJob(changed(copy, ({ pull_request }) => change(pull_request)));
      expect(job.target, String(change)).toBe(null);
      expect(job.eventName).toBe('pull_request');
    }
    const text = changed(environment, (payload) => {
      payload.pull_request.number = '1';
    });
    expect(readJob(text).target?.pull).toBe(1);
  });

  test('with shell text in the names of branches that git allows are taken as they are', async () => {
    const branch = '$(touch$IFS);`id`&&"\'|<!--@mona';
    push(world, 'octo/game', branch, { 'c.txt': 'c' });
    expect((await jobOf({ name: 'push', branch })).target?.branch).toBe(branch);
  });

  test('do not reach the prototypes of objects', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    const evil = '{"__proto__":{"pull_request":{"number":1}},"constructor":{"prototype":{"isFork":null}}}';
    expect(readJob(withFile(environment, evil))).toMatchObject({ isFork: 'fork', target: null });
    expect(({} as Record<string, unknown>).pull_request).toBe(undefined);
  });

  test('that are very large or very deep are read or left, and nothing ends', async () => {
    const environment = await environmentOf({ name: 'pull_request', pull: 1 });
    const large = changed(environment, (payload) => {
      payload.pull_request.body = '\\"é'.repeat(3_000_000);
    });
    expect(readJob(large)).toMatchObject({ eventName: 'pull_request', isForeign: true });
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(readJob(withFile(environment, deep))).toMatchObject({ target: null, isFork: 'fork' });
    const escaped = deep.replaceAll('"a"', '"\\u0061"');
    expect(readJob(withFile(environment, escaped))).toMatchObject({ target: null, isFork: 'fork' });
  });

  test('never make it crash, nor take a pull request for the own code', async () => {
    const environments = await Promise.all(events.map((event) => environmentOf(event)));
    const word = fc.constantFrom(
      ...['pull_request', 'head', 'base', 'repo', 'id', 'sha', 'ref', 'number', 'repository'],
      ...['inputs', 'pr', 'run', 'merge_group', 'head_sha', 'head_ref', 'default_branch'],
    );
    const leaf = fc.constantFrom(1, '1', '', head, 'main', 'refs/heads/main', null, true, -0.5);
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, fc.constantFrom(...environments), (payload, environment) => {
        try {
          const job = readJob(withFile(environment, JSON.stringify(payload)));
          if (job.eventName === 'pull_request') expect(job.isForeign).toBe(true);
          if (job.target !== null) expect(job.target.commit).toMatch(/^[0-9a-f]{40}$/);
        } catch (error) {
          // Half of what a paid run needs is a mistake of whoever started it.
          if (!(error instanceof ConfigurationError)) throw error;
          expect(environment.GITHUB_EVENT_NAME).toBe('workflow_dispatch');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of a runner with other variables are taken only when they can be true', () => {
    const job = readJob({
      GITHUB_REPOSITORY: 'octo/game/../x',
      GITHUB_REPOSITORY_ID: '12',
      GITHUB_RUN_ID: '1 2',
      GITHUB_RUN_ATTEMPT: 'two',
      GITHUB_SERVER_URL: 'javascript:alert(1)',
      GITHUB_API_URL: 'https://api.example/v3/',
      GITHUB_WORKFLOW: 'a\nb',
      GITHUB_WORKFLOW_REF: 'octo/game/scripts/x.yml@refs/heads/main',
      GITHUB_ACTOR: 'a b',
    });
    expect(job).toMatchObject({
      repository: null,
      workflowRun: null,
      attempt: 1,
      serverUrl: 'https://github.com',
      apiUrl: 'https://api.example/v3',
      workflowName: null,
      workflowFile: null,
      actor: null,
    });
    expect(
      readJob({ GITHUB_WORKFLOW_REF: 'o/r/.github/workflows/a@b.yml@refs/heads/x@y' }).workflowFile,
    ).toBe('.github/workflows/a@b.yml');
  });

  test.each([
    ['https://github.com', false],
    ['https://octo.ghe.com/', false],
    ['http://github.localhost:3000', false],
    ['https://github.example.org', true],
    ['https://github.com.evil.example', true],
  ])('the server %s is an Enterprise Server: %s', (url, expected) => {
    expect(readJob({ GITHUB_SERVER_URL: url }).isEnterprise).toBe(expected);
  });
});
