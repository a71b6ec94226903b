// Whether a job runs for code of somebody else: what a pull request brings has no say in endpoints, keys or ceilings.
import { readFileSync } from 'node:fs';
import { parsePlainJson } from '../expression/plain-json.ts';

/** Events about a pull request, or about code of which cannot be told whose it is. */
const FOREIGN = /^(?:pull_request|merge_group$|check_(?:run|suite)$|deployment)/;

/** Events that may be about a pull request though their name does not say so. */
const MAYBE = ['workflow_run', 'issue_comment'];

/** True for jobs about a pull request, by what GitHub tells of the event. In doubt, true. */
export function isPullRequestEvent(environment: Readonly<Record<string, string | undefined>>): boolean {
  const name = environment.GITHUB_EVENT_NAME ?? '';
  if (FOREIGN.test(name)) return true;
  if (!MAYBE.includes(name)) return false;
  try {
    const event = parsePlainJson(readFileSync(environment.GITHUB_EVENT_PATH ?? '', 'utf8'));
    const caller = fieldOf(fieldOf(event, 'workflow_run'), 'event');
    if (name === 'workflow_run') return typeof caller !== 'string' || /^pull_request/.test(caller);
    return fieldOf(fieldOf(event, 'issue'), 'pull_request') !== undefined;
  } catch {
    return true;
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
