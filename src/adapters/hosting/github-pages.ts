// Lists that GitHub gives in pages. Whether there is another page is read from its Link header: a page may be short
// although more follow, because what a reader may not see is taken out of it.
import type { CallManner, GithubClient, Octokit, RestAnswer } from './github-client.ts';

/** Items of one page: GitHub's maximum. */
export const PAGE_SIZE = 100;

/** GitHub allows a pull request 2,500 comments; a list of more pages than this has no end. */
const MOST_PAGES = 100;

/** One page as the client gives it. */
export interface PageAnswer<T> extends RestAnswer<T> {
  readonly headers: { readonly link?: string | undefined };
}

/** All pages, one after the other, until `take` says that it has enough. */
export async function eachPage<T>(
  client: GithubClient,
  ask: (octokit: Octokit, page: number) => Promise<PageAnswer<T>>,
  manner: CallManner,
  take: (data: T) => 'more' | 'enough',
): Promise<void> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    let isLast = true;
    const data = await client.rest(async (octokit) => {
      const answer = await ask(octokit, page);
      isLast = !/rel="next"/.test(answer.headers.link ?? '');
      return answer;
    }, manner);
    if (take(data) === 'enough' || isLast) return;
  }
}
