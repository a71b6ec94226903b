// Where a job's runs are kept and shown, by what the runner tells and what the inputs ask for.
import { describe, expect, it } from 'vitest';
import { openJob } from '../../src/action/host.ts';
import { readInputs } from '../../src/action/inputs.ts';
import { type Job, readJob } from '../../src/action/job.ts';
import type { HostedJob } from '../../src/commands/hosted.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const ENVIRONMENT = {
  GITHUB_REPOSITORY: 'octo/game',
  GITHUB_REPOSITORY_ID: '7',
  GITHUB_RUN_ID: '12',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_WORKFLOW_REF: 'octo/game/.github/workflows/octobatch.yml@refs/heads/main',
  ACTIONS_RUNTIME_TOKEN: 'runtime',
};

function open(
  inputs: Readonly<Record<string, string>>,
  more: Partial<Job> = {},
  environment: Readonly<Record<string, string>> = ENVIRONMENT,
): HostedJob {
  const job: Job = { ...readJob(environment), ...more };
  const all: Readonly<Record<string, string>> = { pipeline: 'p', token: 'ghs_x', ...inputs };
  return openJob({
    job,
    inputs: readInputs((name) => all[name] ?? '', job),
    options: { workerEntry: null, simulatorUrl: null },
    launcher: 'octobatch',
    signal: new AbortController().signal,
    environment,
  });
}

describe('the place of a job', () => {
  it('is the state branch, with comments and uploads, on GitHub', () => {
    const hosted = open({});
    expect([hosted.isKept, hosted.hosting !== null, hosted.uploads !== null]).toEqual([true, true, true]);
  });

  it('is a folder without a token, outside of GitHub, and where one is named', () => {
    for (const hosted of [open({ token: '' }), open({}, {}, {}), open({ state: '.cache' })])
      expect(hosted.isKept).toBe(false);
    expect(open({ state: '.cache' }).root).toBe('.cache');
  });

  it('writes nothing for a stranger, whatever the token could do', () => {
    for (const isFork of ['fork', 'dependabot'] as const) {
      const hosted = open({}, { isFork });
      expect([hosted.isKept, hosted.hosting]).toEqual([false, null]);
    }
  });

  it('keeps a run in its job on GitHub Enterprise Server, and begins none that would have to outlive it', () => {
    const enterprise = { isEnterprise: true, serverUrl: 'https://git.example.com' };
    expect(open({ command: 'run' }, enterprise).isKept).toBe(false);
    expect(open({ command: 'submit', state: 'runs' }, enterprise).isKept).toBe(false);
    for (const command of ['submit', 'collect']) {
      const refused = expect(() => open({ command }, enterprise));
      refused.toThrow(ConfigurationError);
      refused.toThrow('on GitHub Enterprise Server no state outlives a job');
    }
  });

  it('trusts artifacts of its own workflow only, so it must know which that is', () => {
    expect(open({ state: 'artifact' }).isKept).toBe(true);
    expect(() => open({ state: 'artifact' }, { workflowFile: null })).toThrow('does not know its workflow');
  });

  it('says each sentence once', () => {
    const hosted = open({});
    const written: string[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
    try {
      for (let i = 0; i < 3; i++) hosted.warn('a permission is missing');
    } finally {
      process.stdout.write = write;
    }
    expect(written.filter((text) => text.includes('a permission is missing'))).toHaveLength(1);
  });
});
