// Makes, from what the runner tells and what the inputs ask for, the job that the commands work in: where runs are kept,
// where they are shown, and what the log says. It sends nothing.
import * as core from '@actions/core';
import type { BaselineWish, HostedJob } from '../commands/hosted.ts';
import { createProgress } from '../commands/progress.ts';
import type { RunPlaceOptions } from '../compose.ts';
import { openFolderStore, openHosting } from '../hosted.ts';
import { logText, oneLine } from '../report/escape.ts';
import type { ActionInputs } from './inputs.ts';
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

/** Columns of a text for the log. */
const LOG_WIDTH = 100;

/** The job as the commands see it. */
export function openJob({ job, inputs, options, launcher, signal, environment }: HostOptions): HostedJob {
  const { repository, workflowRun, apiUrl } = job;
  const { token, state } = inputs;
  const hosting =
    token === null || repository === null || workflowRun === null
      ? null
      : openHosting({ token, owner: repository.owner, repo: repository.name, apiUrl });
  // What a stranger's job may not write it does not try to: its runs stay in the job.
  const mayWrite = job.isFork === null;
  const said = new Set<string>();
  const once = (sentence: string, say: (text: string) => void): void => {
    if (said.has(sentence)) return;
    said.add(sentence);
    say(oneLine(sentence, 1000));
  };
  const kept = null;
  return {
    store: kept ?? openFolderStore(state.folder),
    isKept: kept !== null,
    hosting: mayWrite ? hosting : null,
    uploads: null,
    options,
    root: state.folder,
    workflowRun: workflowRun ?? 0,
    runUrl: job.runUrl,
    launcher,
    baseline: baselineOf(inputs.baseline, job),
    shown: { comment: inputs.comment, check: inputs.check, failOn: inputs.failOn },
    warn: (sentence) => once(sentence, (text) => core.warning(text)),
    say: (sentence) => once(sentence, (text) => core.info(text)),
    signal,
    follow(name) {
      const color = environment.NO_COLOR === undefined;
      const write = (text: string): void => void process.stdout.write(text);
      const progress = createProgress({ write, isTerminal: false, color, columns: LOG_WIDTH });
      core.startGroup(logText(name, 200));
      return {
        seen: (state) => progress.seen(state),
        stop() {
          progress.stop();
          core.endGroup();
        },
      };
    },
  };
}

/** A merge queue's branch is compared with the one it shall become. */
function baselineOf(wish: BaselineWish, job: Job): BaselineWish {
  if (wish.kind !== 'event' || job.eventName !== 'merge_group' || job.baseBranch === null) return wish;
  return { kind: 'branch', branch: job.baseBranch };
}
