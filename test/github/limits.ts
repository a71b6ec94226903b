// GitHub's rate limits: requests in an hour, and content made in a minute or an hour. They count by GitHub's clock.
import { Refusal, refusal } from './exchange.ts';
import type { Token, World } from './world.ts';

/** The limits of one GitHub. Those of a GITHUB_TOKEN hold for all jobs of a repository together. */
export interface LimitSettings {
  readonly perHour: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

/** What GitHub documents for a GITHUB_TOKEN. */
export const DOCUMENTED_LIMITS: LimitSettings = { perHour: 1000, contentPerMinute: 80, contentPerHour: 500 };

/** Counts requests and refuses those that are too many. */
export interface Limits {
  /** Counts one request. Throws Refusal when a limit is reached. */
  take(token: Token, resource: 'core' | 'graphql', makesContent: boolean): void;
  /** The headers that tell how things stand. */
  headers(token: Token, resource: 'core' | 'graphql'): Record<string, string>;
  /** How things stand as `/rate_limit` tells it. */
  overview(token: Token, resource: 'core' | 'graphql'): RateLimit;
}

/** One limit as GitHub tells it. `reset` in seconds since 1970. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly reset: number;
}

const HOUR = 3_600_000;

/** Limits that nobody has used yet. */
export function createLimits(world: World, settings: LimitSettings): Limits {
  const windows = new Map<string, { start: number; used: number }>();
  const made = new Map<string, number[]>();

  function windowOf({ repository }: Token, resource: string) {
    const key = `${resource} ${repository}`;
    const known = windows.get(key);
    if (known !== undefined && world.now() < known.start + HOUR) return known;
    const fresh = { start: world.now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  function overview(token: Token, resource: 'core' | 'graphql'): RateLimit {
    const { start, used } = windowOf(token, resource);
    const limit = settings.perHour;
    const reset = Math.ceil((start + HOUR) / 1000);
    return { limit, remaining: Math.max(0, limit - used), used: Math.min(used, limit), reset };
  }

  function headers(token: Token, resource: 'core' | 'graphql'): Record<string, string> {
    const { limit, remaining, used, reset } = overview(token, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': resource,
    };
  }

  return {
    overview,
    headers,
    take(token, resource, makesContent) {
      const window = windowOf(token, resource);
      if (window.used >= settings.perHour) throw exhausted(resource);
      window.used += 1;
      if (!makesContent) return;
      const recent = (made.get(token.repository) ?? []).filter((at) => at > world.now() - HOUR);
      made.set(token.repository, recent);
      const lastMinute = recent.filter((at) => at > world.now() - 60_000).length;
      if (recent.length >= settings.contentPerHour || lastMinute >= settings.contentPerMinute) {
        throw tooMuchContent();
      }
      recent.push(world.now());
    },
  };
}

function exhausted(resource: 'core' | 'graphql'): Refusal {
  const message = 'API rate limit exceeded for installation.';
  if (resource === 'core') return refusal(403, message);
  return new Refusal({ status: 200, body: { errors: [{ type: 'RATE_LIMITED', message }] } });
}

function tooMuchContent(): Refusal {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return refusal(403, message, {}, { 'retry-after': '60' });
}
