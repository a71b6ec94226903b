// What the tests of announcing have in common: reports of every verdict, a request, and a pull request to show it on.
import { createMemoryHosting, type MemoryHosting } from '../../src/adapters/hosting/memory.ts';
import type { AnnounceRequest } from '../../src/commands/announce.ts';
import { errorOfPause } from '../../src/engine/run-error.ts';
import { commentMarker } from '../../src/report/comment-marker.ts';
import type { Report } from '../../src/report/report.ts';
import { HEAD } from '../report/comment-scene.ts';
import {
  canceled,
  dialogue,
  paused,
  reportOf,
  sailor,
  shipGate,
  validGate,
  waiting,
} from '../report/fixture.ts';

const half = reportOf(canceled());

/** A report of each kind, by what it says. */
export const REPORTS = {
  pass: reportOf(sailor({ simulated: false, gates: [shipGate, validGate] })),
  inconclusive: reportOf(sailor({ simulated: false, units: 100, gates: [shipGate] })),
  fail: reportOf(dialogue()),
  pending: reportOf(waiting()),
  dryRun: reportOf(sailor({ gates: [shipGate, validGate] })),
  canceled: half,
  budget: reportOf(
    paused(
      errorOfPause({ kind: 'budget', needs: 310_000_123_456n, left: 19_000_000_000n, cap: 250_000_000_000n }),
    ),
  ),
  deadline: { ...half, error: { kind: 'deadline', allowedMs: 259_200_000 } } as Report,
};

/** The pipeline of most requests. */
export const PIPELINE = { name: 'npc-dialogue', path: 'pipelines/npc-dialogue' };
export const MARKER = commentMarker(PIPELINE.name, PIPELINE.path);

/** A request to show a report for the head of pull request 17. */
export function requestOf(report: Report, part: Partial<AnnounceRequest> = {}): AnnounceRequest {
  return {
    report,
    pipeline: PIPELINE,
    target: { pull: 17, commit: HEAD },
    isFinal: report.verdict !== 'pending',
    supersededBy: null,
    ownsComment: true,
    base: { kind: 'missing', branch: 'main' },
    last: null,
    links: { report: null, run: 'https://github.com/o/r/actions/runs/1' },
    cancel: null,
    time: '2026-11-22 10:09 UTC',
    comment: 'always',
    check: false,
    failOn: 'fail',
    ...part,
  };
}

/** A host with pull request 17, open, at `head`. */
export function hostWithPull(head: string = HEAD, isOpen = true): MemoryHosting {
  const hosting = createMemoryHosting();
  hosting.pulls.set(17, {
    number: 17,
    isOpen,
    head: { commit: head, repository: 'o/r' },
    base: { branch: 'main' },
  });
  return hosting;
}

/** A comment that is there already. */
export function addWritten(hosting: MemoryHosting, body: string, author = 'github-actions[bot]'): number {
  const id = hosting.written.length + 1;
  hosting.written.push({ id, pull: 17, author, body, url: `https://github.com/o/r/pull/17#${id}` });
  return id;
}
