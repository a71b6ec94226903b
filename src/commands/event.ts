// What GitHub's file of an event says, as data that anybody may have written, and whether a job runs for code of somebody
// else: what a pull request brings has no say in endpoints, keys or ceilings.
import { readFileSync, statSync } from 'node:fs';
import { parsePlainJson } from '../expression/plain-json.ts';

/** Variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes of an event's file that are read; GitHub sends none above 25 MB. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;

/** Events about a pull request, or about code of which cannot be told whose it is. */
const FOREIGN = /^(?:pull_request|merge_group$|check_(?:run|suite)$|deployment)/;

/** What the event's file holds; null when there is none, or it cannot be read. */
export function readEvent(environment: Environment): unknown {
  const path = environment.GITHUB_EVENT_PATH ?? '';
  if (path === '') return null;
  try {
    const info = statSync(path);
    if (!info.isFile() || info.size > MAX_EVENT_BYTES) return null;
    return parsePlainJson(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** What stands at a path of keys; undefined when the path leads nowhere. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** True for jobs about a pull request, by the event's name and what its file says. In doubt, true. */
export function isPullRequestEvent(name: string, event: unknown): boolean {
  if (FOREIGN.test(name)) return true;
  switch (name) {
    case 'workflow_run': {
      const caller = fieldAt(event, 'workflow_run', 'event');
      return typeof caller !== 'string' || /^pull_request/.test(caller);
    }
    case 'issue_comment':
      return (
        typeof fieldAt(event, 'issue') !== 'object' || fieldAt(event, 'issue', 'pull_request') !== undefined
      );
    default:
      return false;
  }
}
