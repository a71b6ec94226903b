// A maintainer's run for a stranger's commit: it is the commit that was read, checked out, and still the newest.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Job, readJob } from '../../src/action/job.ts';
import { checkCheckout, refuseBroughtRuns, refuseMovedHead, withPull } from '../../src/action/paid-run.ts';
import type { PullFacts } from '../../src/ports/hosting.ts';

const [READ, OTHER] = ['1'.repeat(40), '2'.repeat(40)];
let folder: string;
let paid: Job;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octobatch-paid-'));
  const event = join(folder, 'event.json');
  const repository = { default_branch: 'main' };
  writeFileSync(event, JSON.stringify({ repository, inputs: { pr: '17', sha: READ } }));
  paid = readJob({
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: event,
    GITHUB_RUN_ID: '5',
    GITHUB_REF: 'refs/heads/main',
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('the newest commit of the pull request', () => {
  const facts: PullFacts = {
    number: 17,
    isOpen: true,
    head: { commit: READ, repository: 'stranger/game' },
    base: { branch: 'release' },
  };

  test('must be the one that was read', () => {
    expect(refuseMovedHead(facts, paid)).toBe(null);
    const moved = { ...facts, head: { ...facts.head, commit: OTHER } };
    expect(refuseMovedHead(moved, paid)).toBe(
      `Pull request 17 has another newest commit than the one that was read, ${READ}: read its changes, then start the workflow again with -f sha=${OTHER}`,
    );
  });

  test('must be that of an open pull request which there is', () => {
    expect(refuseMovedHead({ ...facts, isOpen: false }, paid)).toContain('is closed');
    expect(refuseMovedHead(null, paid)).toContain('There is no pull request 17');
    expect(refuseMovedHead({ ...facts, number: 18 }, paid)).toContain('There is no pull request 17');
  });

  test('tells to which branch it is compared', () => {
    expect(withPull(paid, facts)).toMatchObject({
      target: { pull: 17, branch: 'release' },
      baseBranch: 'release',
    });
  });

  test('is nothing to any other job', () => {
    const own = readJob({});
    expect(refuseMovedHead(null, own)).toBe(null);
    expect(withPull(own, facts)).toBe(own);
    expect(() => checkCheckout(own, join(folder, 'nowhere'))).not.toThrow();
  });
});

describe('what is checked out in a paid run', () => {
  test('must be the commit that was asked for', () => {
    write('.git/HEAD', `${READ}\n`);
    write('pipelines/sailor/pipeline.yaml', '');
    expect(() => checkCheckout(paid, folder)).not.toThrow();
    expect(() => checkCheckout(paid, join(folder, 'pipelines/sailor'))).not.toThrow();
    write('.git/HEAD', `${OTHER}\n`);
    expect(() => checkCheckout(paid, folder)).toThrow(
      /commit 2{40} is checked out, and 1{40} was asked for {2}\(write `ref: \$\{\{ inputs\.sha \}\}` at actions\/checkout\)/,
    );
  });

  test('may be a branch, whose commit is in a file of its own or among the packed ones', () => {
    write('.git/HEAD', 'ref: refs/heads/topic/x\n');
    write('.git/refs/heads/topic/x', `${READ}\n`);
    expect(() => checkCheckout(paid, folder)).not.toThrow();
    rmSync(join(folder, '.git/refs'), { recursive: true });
    write(
      '.git/packed-refs',
      `# pack-refs with: peeled\n${OTHER} refs/heads/topic\n${READ} refs/heads/topic/x\n^${OTHER}\n`,
    );
    expect(() => checkCheckout(paid, folder)).not.toThrow();
    write('.git/refs/heads/topic/x', `${OTHER}\n`);
    expect(() => checkCheckout(paid, folder)).toThrow(/was asked for/);
  });

  test('cannot be told from a HEAD that leads elsewhere, is damaged, or is not there', () => {
    expect(() => checkCheckout(paid, folder)).toThrow(/nobody can tell which commit this is/);
    write('secret', READ);
    for (const head of [
      '',
      'main',
      'ref: refs/../../secret',
      'ref: ../secret',
      READ.slice(1),
      `ref: refs/heads/gone`,
    ]) {
      write('.git/HEAD', head);
      expect(() => checkCheckout(paid, folder), head).toThrow(/nobody can tell/);
    }
  });

  test('in a folder of its own counts, not what lies around it', () => {
    write('.git/HEAD', READ);
    write('head/.git/HEAD', OTHER);
    expect(() => checkCheckout(paid, join(folder, 'head'))).toThrow(/was asked for/);
    write('module/.git', 'gitdir: ../.git');
    expect(() => checkCheckout(paid, join(folder, 'module'))).toThrow(/nobody can tell/);
  });
});

describe('runs that a stranger’s commit brings along', () => {
  const paidFor = { pull: 17, commit: 'a'.repeat(40) };
  const inFolder = (work: (folder: string) => void): void => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'octobatch-brought-')));
    try {
      mkdirSync(join(folder, '.git'));
      work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const refusal = (folder: string, root: string, paid: Job['paidFor'] = paidFor): string | null =>
    refuseBroughtRuns({ paidFor: paid } as Job, folder, root);

  test('are seen in the index of the checkout, whatever their letters’ case, as a folder or as a link', () => {
    for (const entry of ['.octobatch/runs/x/journal/1.jsonl', '.Octobatch/a', '.octobatch\0'])
      inFolder((folder) => {
        writeFileSync(join(folder, '.git', 'index'), `DIRC\0\0\0\u0002${entry}`);
        expect(refusal(folder, join(folder, '.octobatch')), entry).toContain('holds a folder .octobatch');
        expect(refusal(folder, join(folder, '.octobatch'), null)).toBeNull();
        expect(refusal(folder, join(tmpdir(), 'elsewhere'))).toBeNull();
      });
  });

  test('are not what an earlier step of the job has left', () => {
    inFolder((folder) => {
      mkdirSync(join(folder, '.octobatch'));
      writeFileSync(join(folder, '.git', 'index'), 'DIRC\0pipelines/tale/pipeline.yaml\0');
      expect(refusal(folder, join(folder, '.octobatch'))).toBeNull();
      rmSync(join(folder, '.git', 'index'));
      expect(refusal(folder, join(folder, '.octobatch'))).toContain('holds a folder');
    });
  });
});
