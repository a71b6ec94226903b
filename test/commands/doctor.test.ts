// What the doctor finds: on machines, in environments, at providers and in jobs that are made here, never beyond loopback.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openDirectoryJournal } from '../../src/adapters/journals/directory.ts';
import { diagnose, formatDiagnosis } from '../../src/commands/doctor.ts';
import { checkActions } from '../../src/commands/doctor-actions.ts';
import type { Check } from '../../src/commands/doctor-check.ts';
import {
  checkClock,
  checkDisk,
  checkNode,
  checkProxy,
  checkRuns,
  type KeptRuns,
} from '../../src/commands/doctor-machine.ts';
import { checkProviders } from '../../src/commands/doctor-providers.ts';
import { listRuns } from '../../src/commands/runs.ts';
import { describeRuns } from '../../src/commands/status.ts';
import { STRICT_POLICY } from '../../src/pipeline/policy.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { created } from '../engine/journal-cases.ts';
import { startedGitHub } from '../github/client.ts';
import { addToken, openPull, push } from '../github/scene.ts';

const OPTIONS = { workerEntry: null, simulatorUrl: null };
const NEVER = new AbortController().signal;
const SECRET = 'sk-doctor-Secret0123456789word';

let root: string;
let simulator: Simulator;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'octobatch-doctor-test-'));
  simulator = await startSimulator({ directory: join(root, 'simulator') });
});
afterAll(async () => {
  await simulator.close();
  rmSync(root, { recursive: true, force: true });
});

/** The runs that are kept in a folder. */
async function runsIn(folder: string): Promise<KeptRuns> {
  return describeRuns(await listRuns(folder), OPTIONS);
}

/** The state of a check by its name. */
function stateOf(checks: readonly Check[], name: string): string | undefined {
  return checks.find((one) => one.name === name)?.state;
}

function pipelineOf(name: string, url: string, key = 'DOCTOR_KEY'): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'pipeline.yaml'),
    `name: ${name}
items: [{ id: a }]
provider: openai
model: small
steps:
  - name: tell
    prompt: "Tell of {{ id }}."
    max_tokens: 100
    schema: { type: object, properties: { good: { type: boolean } } }
providers:
  openai: { base_url: "${url}", key_env: ${key} }
prices: { small: { input: 1, output: 4 } }
`,
  );
  return folder;
}

describe('a diagnosis', () => {
  it('is all fine on a machine as it should be, changes nothing, and never shows a key', async () => {
    const pipeline = pipelineOf('good', `${simulator.url}/v1`);
    const kept = join(root, 'kept');
    const environment = { DOCTOR_KEY: SECRET };
    const place = { ...OPTIONS, environment };
    const diagnosis = await diagnose({ pipeline, root: kept, isOffline: false, place, signal: NEVER });
    expect(diagnosis.checks.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(stateOf(diagnosis.checks, 'openai small')).toBe('ok');
    expect(stateOf(diagnosis.checks, 'simulator')).toBe('ok');
    expect(diagnosis.checks.find(({ name }) => name === 'clock')?.says).toContain("as a provider's");
    const text = formatDiagnosis(diagnosis) + JSON.stringify(diagnosis);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(SECRET.slice(-4));
    expect(text).toMatch(/\n\n\d+ fine, 0 warnings, 0 problems\n/);
    expect(readdirSync(root)).not.toContain('kept');
  });

  it('counts a key that is refused, an address that nobody listens at, and a pipeline with a mistake', async () => {
    const refused = pipelineOf('refused', `${simulator.url}/v1`);
    const place = { ...OPTIONS, environment: { DOCTOR_KEY: 'bad-key' } };
    const bad = await diagnose({ pipeline: refused, root, isOffline: false, place, signal: NEVER });
    expect(stateOf(bad.checks, 'openai small')).toBe('problem');
    expect(JSON.stringify(bad)).not.toContain('bad-key');
    const nobody = pipelineOf('nobody', 'http://127.0.0.1:9/v1');
    const lost = await diagnose({ pipeline: nobody, root, isOffline: false, place, signal: NEVER });
    expect(stateOf(lost.checks, 'openai small')).toBe('warning');
    writeFileSync(join(nobody, 'pipeline.yaml'), 'name: [\n');
    const broken = await diagnose({ pipeline: nobody, root, isOffline: true, place, signal: NEVER });
    expect(stateOf(broken.checks, 'pipeline')).toBe('problem');
    expect(broken.problems).toBe(1);
    expect(formatDiagnosis(broken)).toContain('see `validate');
  });

  it('tells which variable is missing, and asks nobody when it is to stay offline', async () => {
    const pipeline = pipelineOf('offline', 'http://127.0.0.1:9/v1');
    const request = { pipeline, root, isOffline: true, signal: NEVER };
    const without = await diagnose({ ...request, place: { ...OPTIONS, environment: {} } });
    expect(without.checks.find(({ name }) => name === 'providers')?.says).toContain('DOCTOR_KEY');
    const place = { ...OPTIONS, environment: { DOCTOR_KEY: SECRET } };
    expect(stateOf((await diagnose({ ...request, place })).checks, 'openai small')).toBe('skipped');
  });
});

describe('a pipeline of others', () => {
  it('sends no key, and nothing at all, to an address that the policy does not name', async () => {
    const heard: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const pipeline = pipelineOf('stranger', `http://127.0.0.1:${port}/v1`, 'OPENAI_API_KEY');
    const place = { ...OPTIONS, environment: { DOCTOR_KEY: SECRET } };
    const request = { pipeline, root, isOffline: false, signal: NEVER };
    const held = await diagnose({ ...request, place: { ...place, policy: STRICT_POLICY } });
    expect(stateOf(held.checks, 'pipeline')).toBe('problem');
    expect(formatDiagnosis(held)).toContain('not what the policy allows');
    stranger.close();
    expect(heard).toEqual([]);
  });
});

describe('keys', () => {
  const look = async (environment: Readonly<Record<string, string>>): Promise<readonly Check[]> => {
    const open = () => Promise.reject(new Error('nothing is opened'));
    const { checks } = await checkProviders({
      environment,
      pipeline: null,
      isOffline: true,
      place: OPTIONS,
      open,
    });
    return checks;
  };

  test.each([
    ['OPENAI_API_KEY', SECRET, 'ok'],
    ['OPENAI_API_KEY', ` ${SECRET}\n`, 'ok'],
    ['OPENAI_API_KEY', 'sk-ant-0123456789abcdefghij', 'warning'],
    ['OPENAI_API_KEY', `"${SECRET}"`, 'problem'],
    ['OPENAI_API_KEY', `${SECRET} ${SECRET}`, 'problem'],
    ['OPENAI_API_KEY', '   ', 'problem'],
    ['ANTHROPIC_API_KEY', 'sk-ant-0123456789abcdefghij', 'ok'],
    ['ANTHROPIC_API_KEY', SECRET, 'warning'],
    ['GEMINI_API_KEY', `AIza${'0'.repeat(35)}`, 'ok'],
    ['GOOGLE_API_KEY', SECRET, 'warning'],
  ])('%s set to %j is: %s', async (name, value, state) => {
    const checks = await look({ [name]: value });
    expect(stateOf(checks, name)).toBe(state);
    expect(JSON.stringify(checks)).not.toContain(value.trim() || '   ');
  });

  it('are not needed: the simulated provider has none', async () => {
    expect((await look({})).map(({ says }) => says)).toEqual([
      'no key is set; the simulated provider needs none',
    ]);
  });
});

describe('the machine', () => {
  test.each([
    ['18.20.0', 'problem'],
    ['20.18.3', 'problem'],
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('with Node %s: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it('with a folder that cannot be written', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    const { state, says } = await checkDisk(join(file, 'below'));
    expect(state).toBe('problem');
    expect(says).toContain('ENOTDIR');
  });

  it('with a journal of a newer version, which is named', async () => {
    const kept = join(root, 'newer');
    const begun = { ...created(1, ['ewalk']), journal: 99 } as ReturnType<typeof created>;
    await openDirectoryJournal(join(kept, 'runs', 'future', 'journal')).append([begun], 0);
    const [check] = checkRuns(kept, await runsIn(kept));
    expect(check?.state).toBe('problem');
    expect(check?.says).toMatch(/future: The journal has version 99/);
  });

  it('with a clock that lies behind what was written, before this program, or apart from a provider', async () => {
    const kept = join(root, 'later');
    const none = { runs: [], unreadable: [] };
    const now = Date.UTC(2027, 0, 1);
    const begun = { ...created(1, ['ewalk']), at: now + 3_600_000 } as ReturnType<typeof created>;
    await openDirectoryJournal(join(kept, 'runs', 'late', 'journal')).append([begun], 0);
    expect(checkClock(await runsIn(kept), now, null).says).toContain('written 1 h later');
    expect(checkClock(none, 0, null).state).toBe('problem');
    const apart = checkClock(none, now, -7_200_000);
    expect(apart).toMatchObject({
      state: 'warning',
      says: expect.stringContaining("2 h ahead of a provider's clock"),
    });
    expect(checkClock(none, now, 1_000).state).toBe('ok');
  });

  it('with a proxy, whose password is not shown', () => {
    const environment = { HTTPS_PROXY: 'http://me:word@proxy:80' };
    const [check] = checkProxy(environment, '24.5.0');
    expect(check?.state).toBe('warning');
    expect(check?.fix).toBe('set NODE_USE_ENV_PROXY=1');
    expect(JSON.stringify(check)).not.toContain('word@');
    expect(checkProxy({ ...environment, NODE_USE_ENV_PROXY: '1' }, '24.5.0')[0]?.state).toBe('ok');
    expect(checkProxy({ ...environment, NODE_USE_ENV_PROXY: '1' }, '20.20.2')[0]?.state).toBe('warning');
    expect(checkProxy({}, '20.20.2')).toEqual([]);
  });
});

describe('a job of GitHub Actions', () => {
  const job = (name: string, event: object, more: Readonly<Record<string, string>> = {}) => {
    const path = join(root, `event-${Math.abs(name.length)}-${readdirSync(root).length}.json`);
    writeFileSync(path, JSON.stringify(event));
    return { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, ...more };
  };
  const pullEvent = (head: string, number = 1) => ({
    pull_request: { number, head: { repo: { full_name: head } }, base: { repo: { full_name: 'octo/game' } } },
  });

  it('is told what its token may do, by what GitHub answers, and nothing is written there', async () => {
    const github = await startedGitHub();
    push(github.world, 'octo/game', 'topic', { a: 'a' });
    openPull(github.world, 'octo/game', { branch: 'topic' });
    const look = async (permissions: Parameters<typeof addToken>[2]) => {
      const { value } = addToken(github.world, 'octo/game', permissions);
      const place = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'octo/game', GITHUB_TOKEN: value };
      return checkActions(job('pull_request', pullEvent('octo/game'), place), false);
    };
    const all = await look({
      contents: 'write',
      statuses: 'write',
      actions: 'read',
      'pull-requests': 'write',
    });
    const names = ['contents: write', 'statuses: write', 'actions: read', 'pull-requests: write'];
    expect(names.map((name) => stateOf(all, name))).toEqual(['ok', 'ok', 'ok', 'ok']);
    const none = await look({ contents: 'read' });
    expect(names.map((name) => stateOf(none, name))).toEqual(['warning', 'warning', 'warning', 'warning']);
    expect(none.find(({ name }) => name === 'statuses: write')?.fix).toContain("the job's permissions");
    expect(github.world.comments.size).toBe(0);
    expect([...github.world.repositories.values()][0]?.refs.has('refs/heads/octobatch-doctor')).toBe(false);
  });

  it('of a fork is told that it has no secrets', async () => {
    const checks = await checkActions(job('pull_request', pullEvent('stranger/game')), true);
    expect(checks.find(({ name }) => name === 'event')?.says).toContain('from a fork');
  });

  it('on pull_request_target is a problem', async () => {
    expect(stateOf(await checkActions(job('pull_request_target', {}), true), 'event')).toBe('problem');
  });

  it('without a token or a checkout is told so', async () => {
    const checks = await checkActions(job('push', {}, { GITHUB_WORKSPACE: join(root, 'nothing') }), false);
    expect(stateOf(checks, 'token')).toBe('skipped');
    expect(stateOf(checks, 'checkout')).toBe('warning');
  });

  it('is not looked for elsewhere', async () => {
    expect(await checkActions({}, false)).toEqual([]);
  });
});
