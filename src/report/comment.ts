// The whole body of the one comment of a pipeline on a pull request, and of a job summary. It knows no network and no
// clock: times and addresses come in as they are shown, and untrusted text leaves through the report's sinks only.
import { formatCount } from '../analysis/numbers.ts';
import { sha256Hex } from '../expression/sha256.ts';
import { type Block, paragraph, type Text } from './block.ts';
import { readData, writeData } from './comment-data.ts';
import { type ForkRun, forkBlocks, forkHeading } from './comment-fork.ts';
import { firstLine } from './comment-marker.ts';
import {
  type Base,
  baseBlocks,
  type LastComplete,
  type Links,
  lastBlocks,
  linkLine,
  type Standing,
  smallPrint,
  standingBlocks,
} from './comment-notes.ts';
import { fitText, layOutAt, leftOut, type Rung, reaches } from './fit.ts';
import { HEADLINE_LIMIT } from './headline.ts';
import { addResult, historyBlocks, isComplete, isOver, type ResultLine, resultLine } from './history.ts';
import { baseFigure } from './layout-changes.ts';
import { headingOf, writeBlocks, writeText } from './markdown.ts';
import type { Report } from './report.ts';

/** Characters (UTF-16 units) of a comment. GitHub refuses one of more than 65,536. */
export const COMMENT_LIMIT = 60_000;

const NO_DIGEST = '0'.repeat(16);

/** What is known about a run beside its report. */
export interface Surroundings {
  /** The commit the run is for, in hex. */
  readonly commit: string;
  readonly standing: Standing;
  readonly base: Base;
  readonly links: Links;
  /** Set when the run had no secrets. */
  readonly fork: ForkRun | null;
  /** The command that ends the run at the provider; null when there is nothing to end. */
  readonly cancel: string | null;
  /** When this was written, as it is shown. */
  readonly time: string | null;
}

/** What a comment is made from. `history` is what `readHistory` finds in the comment that is there. */
export interface CommentInput {
  readonly report: Report;
  readonly surroundings: Surroundings;
  /** From `commentMarker`. */
  readonly marker: string;
  readonly history: readonly ResultLine[];
  /** Shown while the report itself is not complete. */
  readonly last: LastComplete | null;
}

/** The comment, at most `limit` characters. The marker is its first line; below it are hidden lines for `isSameBody` and `readHistory`. */
export function commentBody(input: CommentInput, limit: number = COMMENT_LIMIT): string {
  const { report, surroundings, marker, history } = input;
  const kept = addResult(history, resultLine(report, surroundings.commit));
  const head = (same: string) => `${marker}\n${writeData({ same, history: kept })}\n`;
  // The digest has the same length whatever it says, and is made once, for the rung that is taken.
  const room = limit - head(NO_DIGEST).length;
  const { text, rung } = fitText(
    room,
    (body) => body.length,
    (rung) => writeComment(input, rung, limit),
  );
  return head(sha256Hex(writeComment(withoutTimes(input), rung, limit)).slice(0, 16)) + text;
}

function writeComment(input: CommentInput, rung: Rung, limit: number): string {
  const { report, surroundings, history } = input;
  const earlier = history.filter((line) => line.commit !== surroundings.commit);
  const last = isComplete(report) ? null : input.last;
  const beside = lastBlocks(last, reaches(rung, 'no_failures'));
  const after: Block[] = [];
  if (rung === 'all') after.push(...historyBlocks(report, earlier));
  const gone: Text[] = [];
  if (last !== null && !reaches(rung, 'no_failures')) gone.push(['the table of the last complete result']);
  if (earlier.length > 0 && rung !== 'all')
    gone.push(['the results of earlier commits (see their statuses)']);
  after.push(...leftOut(report, rung, `${formatCount(limit)} characters`, gone));
  const remark = report.verdict === 'pending' ? ' The result replaces this comment.' : ' Edited in place.';
  return writePage(report, surroundings, rung, { beside, after, remark });
}

/** The job summary of one run, at most `maxBytes` bytes of UTF-8; `surroundings` null where there is no pull request. */
export function summaryBody(
  report: Report,
  maxBytes: number,
  surroundings: Surroundings | null = null,
): string {
  const encoder = new TextEncoder();
  return fitText(
    maxBytes,
    (text) => encoder.encode(text).length,
    (rung) =>
      writePage(report, surroundings, rung, {
        beside: [],
        after: leftOut(report, rung, `${formatCount(maxBytes)} bytes`),
        remark: '',
      }),
  ).text;
}

/** What a page adds: beside the leading paragraphs, below everything, and to the small print. */
interface Additions {
  readonly beside: readonly Block[];
  readonly after: readonly Block[];
  readonly remark: string;
}

function writePage(
  report: Report,
  surroundings: Surroundings | null,
  rung: Rung,
  { beside, after, remark }: Additions,
): string {
  // Beside a page's own notes, how the run stands to its base is said there.
  const body = layOutAt(report, rung, surroundings !== null && surroundings.base.kind !== 'none');
  if (surroundings === null) return `${headingOf(report)}\n\n${writeBlocks([...body, ...after])}\n`;
  const { commit, standing, base, links, fork, cancel, time } = surroundings;
  const blocks: Block[] = [...standingBlocks(standing, commit)];
  if (fork !== null && rung !== 'first_line') blocks.push(...forkBlocks(report, fork));
  const seen = body.findIndex((block) => block.kind !== 'paragraph' && block.kind !== 'quote');
  const lead = seen < 0 ? 1 : seen;
  blocks.push(...body.slice(0, lead));
  if (rung !== 'first_line') blocks.push(...baseBlocks(base, report));
  blocks.push(...beside, ...body.slice(lead));
  if (cancel !== null && !isOver(report))
    blocks.push(paragraph(['cancel and stop paying: ', { code: cancel, max: 400 }]));
  blocks.push(...after);
  const heading =
    fork !== null && isComplete(report) ? forkHeading(report, fork) : withBase(headingOf(report), report);
  const parts = [heading, writeBlocks(blocks)];
  const line = linkLine(links);
  if (line !== null) parts.push(line);
  parts.push(`<sub>${writeText(smallPrint(report, commit, base, time))}${remark}</sub>`);
  return `${parts.join('\n\n')}\n`;
}

/** The first line with the base's figure, where there is room for it. */
function withBase(heading: string, report: Report): string {
  const figure = baseFigure(report);
  const whole = `${heading}, ${figure}`;
  return figure === null || [...whole].length > HEADLINE_LIMIT ? heading : whole;
}

/**
 * True when an edit would change nothing a reader needs. What does not count: when it was written, how long the run
 * took, when a batch was last looked at and when it will be next, and the addresses behind the links.
 */
export function isSameBody(a: string, b: string): boolean {
  const [x, y] = [readData(a).same, readData(b).same];
  if (x !== null && y !== null) return x === y && firstLine(a) === firstLine(b);
  return plain(a) === plain(b);
}

function plain(body: string): string {
  return body.replace(/\r\n/g, '\n').trimEnd();
}

/** The same comment without what changes although nothing happened. */
function withoutTimes(input: CommentInput): CommentInput {
  const { report, surroundings, last } = input;
  const { links } = surroundings;
  const fixed = (url: string | null) => (url === null ? null : 'https://github.com');
  return {
    ...input,
    report: timeless(report),
    last: last === null ? null : { ...last, report: timeless(last.report) },
    surroundings: {
      ...surroundings,
      time: null,
      links: { report: fixed(links.report), run: fixed(links.run), check: fixed(links.check) },
    },
  };
}

/** The report without its readings of a clock, for telling whether anything happened. */
export function timeless(report: Report): Report {
  const { pending } = report;
  const batches = pending?.batches.map((batch) => ({ ...batch, looked: null })) ?? [];
  return {
    ...report,
    timing: null,
    pending: pending === null ? null : { ...pending, nextLook: null, batches },
  };
}
