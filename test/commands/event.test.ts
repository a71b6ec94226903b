// Which jobs are about code of somebody else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isPullRequestEvent } from '../../src/commands/event.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-event-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isForeign(name: string, payload: unknown = null): boolean {
  const path = join(folder, 'event.json');
  if (payload !== null) writeFileSync(path, JSON.stringify(payload));
  return isPullRequestEvent({
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: payload === null ? join(folder, 'none.json') : path,
  });
}

describe('a job', () => {
  test.each(['pull_request', 'pull_request_target', 'pull_request_review', 'merge_group'])(
    '%s is about a pull request',
    (name) => {
      expect(isForeign(name)).toBe(true);
    },
  );

  test.each(['check_run', 'check_suite', 'deployment', 'deployment_status'])(
    '%s may be about a pull request, which nobody can tell',
    (name) => {
      expect(isForeign(name)).toBe(true);
    },
  );

  test.each(['push', 'schedule', 'workflow_dispatch', ''])('"%s" is not', (name) => {
    expect(isForeign(name)).toBe(false);
    expect(isPullRequestEvent({})).toBe(false);
  });

  test('that another workflow began is, when a pull request began that one', () => {
    expect(isForeign('workflow_run', { workflow_run: { event: 'pull_request' } })).toBe(true);
    expect(isForeign('workflow_run', { workflow_run: { event: 'push' } })).toBe(false);
  });

  test('that a comment began is, when the comment is on a pull request', () => {
    expect(isForeign('issue_comment', { issue: { number: 1, pull_request: { url: 'x' } } })).toBe(true);
    expect(isForeign('issue_comment', { issue: { number: 1 } })).toBe(false);
  });

  test('of which that cannot be told is', () => {
    expect(isForeign('workflow_run')).toBe(true);
    expect(isForeign('workflow_run', [])).toBe(true);
  });
});
