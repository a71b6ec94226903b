// The clients of these tests: GitHub's own, against a server that is closed after the test.
import { getOctokit } from '@actions/github';
import { expect, onTestFinished } from 'vitest';
import { ALL_PERMISSIONS, addRepository, addToken, type RepositorySettings } from './scene.ts';
import { type GitHubOptions, type LocalGitHub, startGitHub } from './server.ts';
import type { Token } from './world.ts';

/** The repository of most tests, split as clients want it. */
export const HERE = { owner: 'octo', repo: 'game' };

/** A client of GitHub with every call it has. */
export type Client = ReturnType<typeof getOctokit>;

/** A local GitHub with one repository. It must end without a breach of GitHub's description. */
export async function startedGitHub(
  options: GitHubOptions = {},
  settings: RepositorySettings = {},
): Promise<LocalGitHub> {
  const github = await startGitHub(options);
  addRepository(github.world, 'octo/game', settings);
  onTestFinished(async () => {
    await github.close();
    expect(github.violations).toEqual([]);
  });
  return github;
}

/** A client whose token has these permissions; all of them when none are named. */
export function clientOf(github: LocalGitHub, permissions: Token['permissions'] = ALL_PERMISSIONS): Client {
  return clientWith(github, addToken(github.world, 'octo/game', permissions));
}

/** A client with a token that is already there. */
export function clientWith({ url }: LocalGitHub, { value }: Token): Client {
  return getOctokit(value, { baseUrl: url, request: { fetch } });
}

/** The error a call ends with: its status, its message and its headers. */
export async function errorOf(call: Promise<unknown>): Promise<{
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}> {
  try {
    await call;
  } catch (error) {
    const { status, message, response } = error as {
      status: number;
      message: string;
      response?: { headers: Record<string, string> };
    };
    return { status, message, headers: response?.headers ?? {} };
  }
  throw new Error('the call did not fail');
}

/** The errors a GraphQL call ends with. */
export async function graphErrorsOf(
  call: Promise<unknown>,
): Promise<
  readonly { readonly type?: string; readonly path?: readonly string[]; readonly message: string }[]
> {
  try {
    await call;
  } catch (error) {
    return (error as { errors?: { type?: string; path?: string[]; message: string }[] }).errors ?? [];
  }
  throw new Error('the call did not fail');
}
