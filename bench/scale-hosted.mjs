// Fills the state branch of a local GitHub with runs that wait for a provider, each for a pull request of its own, and lets
// the action collect them once, as a job does: its time, and its calls to the API. Needs Node 24, which reads TypeScript.
// Usage: node bench/scale-hosted.mjs <the action's program> <runs> <simulator URL>
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJob } from '../build/action/host.js';
import { readInputs } from '../build/action/inputs.js';
import { readJob } from '../build/action/job.js';
import { startHosted } from '../build/commands/hosted-start.js';
import { environmentFor } from '../test/github/environment.ts';
import { addRepository, openPull, push } from '../test/github/scene.ts';
import { startGitHub } from '../test/github/server.ts';

const [action, count, simulatorUrl] = process.argv.slice(2);
const RUNS = Number(count);
const REPOSITORY = 'octo/game';
const PIPELINE = `name: dice
items: [{ id: red }]
repeat: 30
provider: openai
model: small
steps:
  - name: ask
    prompt: "Roll for {{ unit_id }}."
    max_tokens: 20
    schema: { type: object, properties: { face: { type: integer, minimum: 1, maximum: 6 } }, required: [face] }
report: { outcomes: [face] }
`;
const POLICY = `providers:
  openai: { base_url: "${simulatorUrl}/v1", key_env: BENCH_KEY }
prices:
  small: { input: 1, output: 4 }
max_cost: 1
`;
/** What a workflow of the examples grants. */
const PERMISSIONS = {
  actions: 'read',
  contents: 'write',
  'pull-requests': 'write',
  statuses: 'write',
};
const KEY = { BENCH_KEY: 'sk-bench-secret-word' };
const ACTION = { GITHUB_ACTION_REPOSITORY: 'octo/octobatch-action', GITHUB_ACTION_REF: 'v1' };
/** From the one job to the next (ms). */
const LATER = 3 * 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'octobatch-hosted-'));
// So many calls are made in one hour as a repository has in many.
const github = await startGitHub({
  now: new Date().toISOString(),
  limits: { perHour: 1e9, contentPerMinute: 1e9, contentPerHour: 1e9 },
});
try {
  const { world } = github;
  addRepository(world, REPOSITORY, {
    public: true,
    files: { 'pipelines/dice/pipeline.yaml': PIPELINE, '.github/workflows/collect.yml': collector() },
  });
  await submitAll(world);
  const fresh = await collect(world);
  // What most collectors are: what was there hours ago is as it was.
  world.advance(LATER);
  // The first after hours notes that they are shown as they stand.
  const noting = await collect(world);
  const later = await collect(world);
  console.log(JSON.stringify({ fresh, noting, later }));
} finally {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
}

/** One job that begins them all: it is the number of runs that counts here, not that of jobs. */
async function submitAll(world) {
  const { env, files, end } = await jobOf(world, 'submit', { name: 'push', branch: 'main' });
  const home = join(files.workspace, 'pipelines/dice');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'pipeline.yaml'), PIPELINE);
  const before = { ...process.env };
  // GitHub's client of artifacts looks there.
  Object.assign(process.env, env);
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    const job = readJob(env);
    const inputs = readInputs((name) => env[`INPUT_${name.toUpperCase()}`] ?? '', job);
    const { signal } = new AbortController();
    const options = {
      workerEntry: null,
      simulatorUrl: null,
      environment: { ...env, ...KEY },
      policy: inputs.policy,
      isForeign: false,
      hide: () => {},
    };
    const hosted = openJob({
      job,
      inputs: { ...inputs, state: { ...inputs.state, folder: join(folder, 'submit') } },
      options,
      launcher: `npx --package=github:${ACTION.GITHUB_ACTION_REPOSITORY}#${ACTION.GITHUB_ACTION_REF} octobatch`,
      signal,
      environment: env,
    });
    for (let seed = 1; seed <= RUNS; seed++) {
      const branch = `topic-${seed}`;
      const commit = push(world, REPOSITORY, branch, { 'note.txt': String(seed) });
      const { number } = openPull(world, REPOSITORY, { branch });
      await startHosted(hosted, {
        request: {
          pipeline: home,
          source: 'pipelines/dice',
          overrides: { seed: String(seed) },
          root: hosted.root,
          runDirectory: null,
          faults: '',
          latency: { minMs: 0, maxMs: 0 },
          maxCost: inputs.maxCost,
          deadlineMs: inputs.deadlineMs,
          shard: null,
        },
        target: {
          pull: number,
          commit,
          branch: 'main',
          workflowRun: job.workflowRun,
          pipeline: 'pipelines/dice',
          shown: hosted.shown,
        },
        waitMs: 0,
        isSchedule: false,
        only: 'work',
      });
    }
  } finally {
    process.stdout.write = write;
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
  end('success');
}

/** One collector; seconds, and calls by their names. */
async function collect(world) {
  const { env, files, end } = await jobOf(world, 'collect', { name: 'schedule' });
  const usage = join(folder, 'usage.json');
  const clock = join(folder, 'clock');
  writeFileSync(clock, String(world.now()));
  const shifted = new URL(`../test/story/clock.mjs?file=${clock}`, import.meta.url).href;
  const from = github.log.length;
  const began = performance.now();
  const { code, output } = await spawned(files.workspace, {
    ...env,
    ...KEY,
    ...ACTION,
    SCALE_USAGE: usage,
    NODE_OPTIONS: `--import=${shifted}`,
  });
  const wall = (performance.now() - began) / 1000;
  end(code === 0 ? 'success' : 'failure');
  if (code !== 0) throw new Error(`the collector ended with ${code}:\n${output.slice(-4000)}`);
  const calls = {};
  for (const { operation } of github.log.slice(from)) calls[operation] = (calls[operation] ?? 0) + 1;
  // Artifacts are another service, whose calls do not count.
  const api = Object.entries(calls).filter(([name]) => !/^(?:blob$|results )/.test(name));
  return {
    wall,
    ...JSON.parse(readFileSync(usage, 'utf8')),
    api: api.reduce((sum, [, times]) => sum + times, 0),
    calls,
  };
}

function spawned(cwd, env) {
  const loaded = new URL('scale-usage.mjs', import.meta.url).href;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', loaded, action], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

function jobOf(world, command, event) {
  return environmentFor(world, {
    repository: REPOSITORY,
    event,
    workflow: command,
    directory: mkdtempSync(join(folder, 'job-')),
    permissions: PERMISSIONS,
    with: {
      command,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
      token: '${{ github.token }}',
      policy: POLICY,
      ...(command === 'submit' ? { pipeline: 'pipelines/dice' } : {}),
    },
  });
}

function collector() {
  return `on:
  schedule:
    - cron: "17 * * * *"
jobs:
  collect:
    runs-on: ubuntu-latest
    steps:
      - uses: octo/octobatch-action@v1
        with: { command: collect }
`;
}
