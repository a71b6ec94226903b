// Finds the artifacts that hold the state of runs, and tells those this repository's own workflow made from all others
// of the same name. A fork's workflow can upload what it likes under any name: nothing of it is ever downloaded.
import { HostingError } from '../../ports/hosting.ts';
import type { CallManner, GithubClient } from './github-client.ts';
import { PAGE_SIZE } from './github-pages.ts';

/** Whose artifacts are believed: those of this workflow, run in this repository on code of its own. */
export interface ArtifactTrust {
  /** Artifacts are called `<name>-<8 digits>`, and `-2`, `-3` after it where an upload broke off. */
  readonly name: string;
  readonly repositoryId: number;
  /** This job's workflow run, and the path of its workflow: `.github/workflows/octobatch.yml`. */
  readonly workflowRun: number;
  readonly workflow: string;
}

/** An artifact that is believed. */
export interface ListedState {
  readonly id: number;
  readonly number: number;
  readonly workflowRun: number;
}

/** Pages looked through at the most; GitHub lists the newest first. */
const MOST_PAGES = 100;

/** Events whose jobs may stand on code of strangers although they run in the name of the repository. */
const MIXED_EVENTS = ['pull_request_target'];

/** The newest states, those of other numbers among them: one call, unless 100 other artifacts are newer. */
export function openStateList(
  client: GithubClient,
  trust: ArtifactTrust,
  warn: (text: string) => void,
): () => Promise<readonly ListedState[]> {
  const { owner, repo } = client;
  const manner: CallManner = {
    what: 'look for the state of runs among the artifacts',
    permission: 'actions: read',
    repeat: 'safe',
  };
  const trusted = new Map<number, boolean>([[trust.workflowRun, true]]);
  const ignored = new Set<number>();
  let warned = 0;

  /** One call for each workflow run that is new to this process. */
  async function isOfOurWorkflow(run: number): Promise<boolean> {
    const known = trusted.get(run);
    if (known !== undefined) return known;
    const answer = await askForRun(run);
    trusted.set(run, answer);
    return answer;
  }

  async function askForRun(run_id: number): Promise<boolean> {
    try {
      const run = await client.rest(
        (octokit) => octokit.rest.actions.getWorkflowRun({ owner, repo, run_id }),
        manner,
      );
      const actors = [run.actor?.login, run.triggering_actor?.login];
      return (
        run.path.split('@')[0] === trust.workflow &&
        run.repository.id === trust.repositoryId &&
        run.head_repository?.id === trust.repositoryId &&
        !MIXED_EVENTS.includes(run.event) &&
        !actors.includes('dependabot[bot]')
      );
    } catch (error) {
      if (error instanceof HostingError && error.status === 404) return false;
      throw error;
    }
  }

  return async () => {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const found = await client.rest(
        (octokit) => octokit.rest.actions.listArtifactsForRepo({ owner, repo, per_page: PAGE_SIZE, page }),
        manner,
      );
      const states: ListedState[] = [];
      for (const { id, name, expired, workflow_run: run } of found.artifacts) {
        const number = numberIn(name, trust.name);
        if (number === null || expired) continue;
        const isOwn =
          run?.id !== undefined &&
          run.repository_id === trust.repositoryId &&
          run.head_repository_id === trust.repositoryId &&
          (await isOfOurWorkflow(run.id));
        if (isOwn) states.push({ id, number, workflowRun: run.id ?? 0 });
        else ignored.add(id);
      }
      if (ignored.size > warned) {
        warned = ignored.size;
        warn(
          `${warned} artifacts named ${trust.name}-* were ignored: they do not come from this repository's own ${trust.workflow}.`,
        );
      }
      if (states.length > 0 || page * PAGE_SIZE >= found.total_count) return states;
    }
    return [];
  };
}

function numberIn(name: string, wanted: string): number | null {
  if (!name.startsWith(`${wanted}-`)) return null;
  const digits = /^(\d{8})(?:-\d+)?$/.exec(name.slice(wanted.length + 1))?.[1];
  return digits === undefined ? null : Number(digits);
}
