// Check runs over REST. One of a name is kept up to date on a commit; it is not touched when it says so already, and
// never made twice because an answer was lost.
import type { Clock } from '../../ports/clock.ts';
import type { CheckRun } from '../../ports/hosting.ts';
import { type CallManner, type GithubClient, isUnclear } from './github-client.ts';
import { eachPage, PAGE_SIZE } from './github-pages.ts';

const READ: CallManner = {
  what: 'read the check runs of a commit',
  permission: 'checks: read',
  repeat: 'safe',
};
const WRITE: Omit<CallManner, 'repeat'> = {
  what: 'write a check run of a commit',
  permission: 'checks: write',
};

/** Creates of one check run in all, each after a look at the list. */
const TRIES = 3;
/** Time for a check run whose answer was lost to appear in the list (ms). */
const SETTLE_MS = 2000;

interface Found {
  readonly id: number;
  readonly url: string;
  readonly conclusion: string | null;
  readonly isCompleted: boolean;
  readonly title: string;
  readonly summary: string;
}

/** Brings the check run of that name on a commit up to date. `author`: the login this job writes under. Its address. */
export async function writeCheck(
  client: GithubClient,
  clock: Clock,
  wish: { readonly commit: string; readonly check: CheckRun; readonly author: string },
): Promise<string> {
  for (let tries = 1; ; tries++) {
    const now = await newestCheck(client, wish);
    if (now !== null && says(now, wish.check)) return now.url;
    try {
      // One that has ended stays so: what begins anew is another check run, and the newest counts.
      const isGoingOn = now !== null && !(now.isCompleted && wish.check.conclusion === null);
      return isGoingOn ? await update(client, now.id, wish.check) : await create(client, wish);
    } catch (error) {
      if (!isUnclear(error) || tries === TRIES) throw error;
      await clock.sleep(SETTLE_MS * tries);
    }
  }
}

/** The newest of that name which this job's app has made. */
async function newestCheck(
  client: GithubClient,
  { commit, check, author }: { readonly commit: string; readonly check: CheckRun; readonly author: string },
): Promise<Found | null> {
  const { owner, repo } = client;
  const app = author.replace(/\[bot\]$/, '');
  let newest: Found | null = null;
  await eachPage(
    client,
    ({ rest }, page) =>
      rest.checks.listForRef({
        owner,
        repo,
        ref: commit,
        check_name: check.name,
        filter: 'all',
        per_page: PAGE_SIZE,
        page,
      }),
    READ,
    ({ check_runs: runs }) => {
      for (const { id, html_url, conclusion, status, output, app: by } of runs) {
        if (by?.slug !== app || id < (newest?.id ?? 0)) continue;
        const isCompleted = status === 'completed';
        const { title, summary } = output;
        newest = {
          id,
          url: html_url ?? '',
          conclusion,
          isCompleted,
          title: title ?? '',
          summary: summary ?? '',
        };
      }
      return 'more';
    },
  );
  return newest;
}

function says(found: Found, { conclusion, title, summary }: CheckRun): boolean {
  const plain = (text: string) => text.replace(/\r\n/g, '\n').trimEnd();
  return (
    found.conclusion === conclusion &&
    found.isCompleted === (conclusion !== null) &&
    found.title === title &&
    plain(found.summary) === plain(summary)
  );
}

async function create(
  client: GithubClient,
  { commit, check }: { readonly commit: string; readonly check: CheckRun },
): Promise<string> {
  const { owner, repo } = client;
  const made = await client.rest(
    ({ rest }) => rest.checks.create({ owner, repo, name: check.name, head_sha: commit, ...stateOf(check) }),
    { ...WRITE, repeat: 'never' },
  );
  return made.html_url ?? '';
}

async function update(client: GithubClient, id: number, check: CheckRun): Promise<string> {
  const { owner, repo } = client;
  const changed = await client.rest(
    ({ rest }) => rest.checks.update({ owner, repo, check_run_id: id, ...stateOf(check) }),
    { ...WRITE, repeat: 'safe' },
  );
  return changed.html_url ?? '';
}

/** What is completed needs a conclusion, which GitHub's own description does not say. */
function stateOf({ conclusion, title, summary, url }: CheckRun) {
  return {
    ...(conclusion === null
      ? { status: 'in_progress' as const }
      : { status: 'completed' as const, conclusion }),
    output: { title, summary },
    ...(url === null ? {} : { details_url: url }),
  };
}
