// Commit statuses over REST: the newest of a context is read, and a newer one is put on top. None is ever taken back.
import type { CommitStatus, StatusState } from '../../ports/hosting.ts';
import type { CallManner, GithubClient } from './github-client.ts';
import { eachPage, PAGE_SIZE } from './github-pages.ts';

const READ: CallManner = {
  what: 'read the status of a commit',
  permission: 'statuses: read',
  repeat: 'safe',
};
/** Written twice it says the same. */
const WRITE: CallManner = {
  what: 'write the status of a commit',
  permission: 'statuses: write',
  repeat: 'safe',
};

const STATES: readonly StatusState[] = ['pending', 'success', 'failure', 'error'];

/** The newest status of a context, or null: of each context the combined status lists only that one. */
export async function readStatus(
  client: GithubClient,
  commit: string,
  context: string,
): Promise<CommitStatus | null> {
  const { owner, repo } = client;
  let found: CommitStatus | null = null;
  await eachPage(
    client,
    ({ rest }, page) =>
      rest.repos.getCombinedStatusForRef({ owner, repo, ref: commit, per_page: PAGE_SIZE, page }),
    READ,
    ({ statuses }) => {
      const one = statuses.find((status) => status.context === context);
      const state = STATES.find((name) => name === one?.state);
      if (one === undefined || state === undefined) return 'more';
      found = { state, context, description: one.description ?? '', url: one.target_url ?? null };
      return 'enough';
    },
  );
  return found;
}

/** Writes a status. */
export async function writeStatus(
  client: GithubClient,
  commit: string,
  { state, context, description, url }: CommitStatus,
): Promise<void> {
  const { owner, repo } = client;
  const target = url === null ? {} : { target_url: url };
  await client.rest(
    ({ rest }) =>
      rest.repos.createCommitStatus({ owner, repo, sha: commit, state, context, description, ...target }),
    WRITE,
  );
}
