// Comments of pull requests over REST. A comment is never made twice because an answer was lost: the list tells first
// whether it is there.
import type { Clock } from '../../ports/clock.ts';
import { type HostedComment, HostingError } from '../../ports/hosting.ts';
import { findOwnComment, firstLine } from '../../report/comment-marker.ts';
import { type CallManner, type GithubClient, isUnclear } from './github-client.ts';
import { eachPage, PAGE_SIZE } from './github-pages.ts';

const READ: CallManner = {
  what: 'read the comments of a pull request',
  permission: 'pull-requests: read',
  repeat: 'safe',
};
const WRITE: Omit<CallManner, 'repeat'> = {
  what: 'write a comment on a pull request',
  permission: 'pull-requests: write',
};

/** Creates of one comment in all, each after a look at the list. */
const TRIES = 3;
/** Time for a comment whose answer was lost to appear in the list (ms). */
const SETTLE_MS = 2000;

/** All comments of a pull request. */
export async function listComments(client: GithubClient, pull: number): Promise<readonly HostedComment[]> {
  const { owner, repo } = client;
  const found: HostedComment[] = [];
  await eachPage(
    client,
    ({ rest }, page) =>
      rest.issues.listComments({ owner, repo, issue_number: pull, per_page: PAGE_SIZE, page }),
    READ,
    (data) => {
      found.push(...data.map(hosted));
      return 'more';
    },
  );
  return found;
}

/** Makes a comment. `author`: the login this job writes under, to know the own comment again by its first line. */
export async function createComment(
  client: GithubClient,
  clock: Clock,
  { pull, body, author }: { readonly pull: number; readonly body: string; readonly author: string },
): Promise<HostedComment> {
  const { owner, repo } = client;
  for (let tries = 1; ; tries++) {
    try {
      const made = await client.rest(
        ({ rest }) => rest.issues.createComment({ owner, repo, issue_number: pull, body }),
        { ...WRITE, repeat: 'never' },
      );
      return hosted(made);
    } catch (error) {
      if (!isUnclear(error)) throw error;
      await clock.sleep(SETTLE_MS * tries);
      const own = findOwnComment(await listComments(client, pull), { author, marker: firstLine(body) });
      // Somebody else may have made it in the meantime, with other words.
      if (own !== null) return own.body === body ? own : editComment(client, own.id, body);
      if (tries === TRIES) throw error;
    }
  }
}

/** Gives a comment another body. */
export async function editComment(client: GithubClient, id: number, body: string): Promise<HostedComment> {
  const { owner, repo } = client;
  const edited = await client.rest(
    ({ rest }) => rest.issues.updateComment({ owner, repo, comment_id: id, body }),
    { ...WRITE, repeat: 'safe' },
  );
  return hosted(edited);
}

/** Deletes a comment; one that is gone stays so. */
export async function deleteComment(client: GithubClient, id: number): Promise<void> {
  const { owner, repo } = client;
  try {
    await client.rest(({ rest }) => rest.issues.deleteComment({ owner, repo, comment_id: id }), {
      ...WRITE,
      repeat: 'safe',
    });
  } catch (error) {
    if (!(error instanceof HostingError && error.status === 404)) throw error;
  }
}

function hosted(comment: {
  readonly id: number;
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}): HostedComment {
  const { id, body, html_url: url, user } = comment;
  return { id, author: user?.login ?? null, body: body ?? '', url };
}
