// Makes, from what the runner tells and what the inputs ask for, the job that the commands work in: where runs are kept,
// where they are shown, and what the log says. It sends nothing.
import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { usageError } from '../commands/arguments.ts';
import type { HostedJob } from '../commands/hosted.ts';
import { printProgress } from '../commands/progress.ts';
import type { RunPlaceOptions } from '../compose.ts';
import type { BaselineWish } from '../engine/events.ts';
import { type OpenedHost, openFolderStore, openHost } from '../hosted.ts';
import { STRICT_POLICY } from '../pipeline/policy.ts';
import type { RunStore } from '../ports/run-store.ts';
import { logText, oneLine } from '../report/escape.ts';
import { type ActionInputs, OVER_RUNS } from './inputs.ts';
import type { Job } from './job.ts';

/** What a job is made from. */
export interface HostOptions {
  readonly job: Job;
  readonly inputs: ActionInputs;
  readonly options: RunPlaceOptions;
  readonly launcher: string;
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The job as the commands see it. */
export function openJob({ job, inputs, options, launcher, signal, environment }: HostOptions): HostedJob {
  const { workflowRun } = job;
  const { state } = inputs;
  // What a stranger's job may not write it does not try to: its runs stay in the job.
  const host = openHostOf(job, inputs, environment);
  const mayWrite = job.isFork === null;
  const said = new Set<string>();
  const once = (sentence: string, say: (text: string) => void): void => {
    if (said.has(sentence)) return;
    said.add(sentence);
    say(oneLine(sentence, 1000));
  };
  const warn = (sentence: string): void => once(sentence, (text) => core.warning(text));
  const store = host === null || !mayWrite ? null : storeOf(host, job, inputs, warn);
  return {
    store: store ?? openFolderStore(state.folder),
    isKept: store !== null,
    hosting: mayWrite ? (host?.hosting ?? null) : null,
    workflows: async () => (await host?.hosting.workflows()) ?? new Map(),
    uploads: canUpload(job, environment) ? (host?.uploads ?? null) : null,
    // What is kept for the repository was held against the policy of those who began it; a collector that says none
    // of its own adds none, whatever set it off.
    options:
      store !== null && OVER_RUNS.includes(inputs.command) && inputs.policy === STRICT_POLICY
        ? { ...options, policy: null }
        : options,
    root: state.folder,
    now: () => Date.now(),
    workflowRun: workflowRun ?? 0,
    runUrl: job.runUrl,
    launcher,
    shown: {
      comment: inputs.comment,
      check: inputs.check,
      failOn: inputs.failOn,
      baseline: baselineOf(inputs.baseline, job),
    },
    warn,
    say: (sentence) => once(sentence, (text) => core.info(text)),
    signal,
    follow(name) {
      const progress = printProgress((text) => void process.stdout.write(text));
      core.startGroup(logText(name, 200));
      return {
        seen: (state) => progress.seen(state),
        began: (entry) => progress.began(entry),
        stop() {
          progress.stop();
          core.endGroup();
        },
      };
    },
  };
}

/** Where runs are kept beyond the job; null: only in its folder. Throws a ConfigurationError where that costs money. */
function storeOf(
  host: OpenedHost,
  { isEnterprise, workflowFile }: Job,
  { state, command }: ActionInputs,
  warn: (sentence: string) => void,
): RunStore | null {
  if (state.kind === 'folder') return null;
  if (isEnterprise) {
    if (command === 'run' || command === 'plan') return null;
    const fix =
      'use `command: run`, which finishes in its job, or name a folder as `state` and carry it yourself';
    throw usageError(
      'input state',
      'on GitHub Enterprise Server no state outlives a job: it has no artifacts',
      fix,
    );
  }
  if (state.kind === 'branch') return host.branchStore(state.branch);
  if (workflowFile !== null) return host.artifactStore(workflowFile, warn);
  const fix = 'use `state: branch`, with `contents: write`';
  throw usageError(
    'input state',
    'the job does not know its workflow, whose artifacts alone are trusted',
    fix,
  );
}

/** Artifacts of an Enterprise Server are others than those that GitHub's client speaks to. */
function canUpload({ isEnterprise }: Job, environment: HostOptions['environment']): boolean {
  return !isEnterprise && (environment.ACTIONS_RUNTIME_TOKEN ?? '') !== '';
}

/** Null: the job has no token, or it is not one of GitHub's. */
function openHostOf(
  { repository, workflowRun, attempt, apiUrl, serverUrl }: Job,
  { token }: ActionInputs,
  environment: HostOptions['environment'],
): OpenedHost | null {
  if (token === null || repository === null || workflowRun === null) return null;
  const { owner, name: repo, id: repositoryId } = repository;
  const days = Number(environment.GITHUB_RETENTION_DAYS ?? '');
  const retentionDays = Number.isInteger(days) && days > 0 ? days : null;
  const temporary = environment.RUNNER_TEMP ?? tmpdir();
  const place = { token, owner, repo, repositoryId, apiUrl, serverUrl, workflowRun, attempt };
  return openHost({ ...place, retentionDays, temporary });
}

/** A merge queue's branch is compared with the one it shall become. */
function baselineOf(wish: BaselineWish, job: Job): BaselineWish {
  if (wish.kind !== 'event' || job.eventName !== 'merge_group' || job.baseBranch === null) return wish;
  return { kind: 'branch', branch: job.baseBranch };
}
