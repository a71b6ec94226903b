// The hosting of these tests: the real client against the local GitHub, with a clock that never waits.
import { openGithubHosting } from '../../../src/adapters/hosting/github.ts';
import { type GithubClient, openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Hosting } from '../../../src/ports/hosting.ts';
import { HERE } from '../../github/client.ts';
import { ALL_PERMISSIONS, addToken } from '../../github/scene.ts';
import type { LocalGitHub } from '../../github/server.ts';
import type { Token } from '../../github/world.ts';

/** A clock on which every pause is over at once. */
export function createRestlessClock(): Clock {
  let time = Date.parse('2026-11-23T08:00:00Z');
  return {
    now: () => time,
    async sleep(ms) {
      time += ms;
    },
  };
}

/** Hosting of `octo/game` for a job whose token has these permissions; all of them when none are named. */
export function hostingOf(
  github: LocalGitHub,
  permissions: Token['permissions'] = ALL_PERMISSIONS,
  login?: string,
): { readonly hosting: Hosting; readonly client: GithubClient; readonly clock: Clock } {
  const token = addToken(github.world, 'octo/game', permissions, login);
  const clock = createRestlessClock();
  const client = openGithubClient({ token: token.value, ...HERE, apiUrl: github.url }, clock);
  return { hosting: openGithubHosting(client, clock), client, clock };
}

/** The operations asked for since `from`, in order. */
export function operationsOf(github: LocalGitHub, from = 0): readonly (string | null)[] {
  return github.log.slice(from).map(({ operation }) => operation);
}
