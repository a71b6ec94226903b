// Which jobs are about code of somebody else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fieldAt, isPullRequestEvent, readEvent } from '../../src/commands/event.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-event-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isForeign(name: string, payload: unknown = null): boolean {
  const path = join(folder, 'event.json');
  if (payload !== null) writeFileSync(path, JSON.stringify(payload));
  const environment = { GITHUB_EVENT_PATH: payload === null ? join(folder, 'none.json') : path };
  return isPullRequestEvent(name, readEvent(environment));
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

describe('the file of an event', () => {
  const read = (text: string): unknown => {
    const path = join(folder, 'file.json');
    writeFileSync(path, text);
    return readEvent({ GITHUB_EVENT_PATH: path });
  };

  test('that is missing, no file, or no JSON holds nothing', () => {
    expect(readEvent({})).toBe(null);
    expect(readEvent({ GITHUB_EVENT_PATH: folder })).toBe(null);
    expect(readEvent({ GITHUB_EVENT_PATH: join(folder, 'nowhere') })).toBe(null);
    for (const text of ['', '{', '\u0000', 'undefined']) expect(read(text)).toBe(null);
  });

  test('that is larger than any that GitHub sends holds nothing', () => {
    expect(read(`"${'x'.repeat(33 * 1024 * 1024)}"`)).toBe(null);
  });

  test('is only asked for what it has itself', () => {
    const event = read('{"__proto__":{"a":1},"b":[{"c":2}],"d":null}');
    expect(fieldAt(event, 'b', '0', 'c')).toBe(2);
    expect(fieldAt(event, 'a')).toBe(undefined);
    expect(fieldAt(event, 'constructor')).toBe(undefined);
    expect(fieldAt(event, 'd', 'e')).toBe(undefined);
    expect(fieldAt(event, 'b', 'length', 'toFixed')).toBe(undefined);
  });
});
