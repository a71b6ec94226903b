// The hidden lines below a comment's marker: a digest of what it says, and the results of earlier commits. They stand
// where no text of a model or of a person can stand, and are read as plain data by a strict grammar.
import { firstLine, isMarker, isSamePipeline } from './comment-marker.ts';
import { addResult, HISTORY_LIMIT, parseResult, type ResultLine, writeResult } from './history.ts';

/** `same` is 16 hex digits that are equal when two comments say the same, times and addresses aside. */
export interface CommentData {
  readonly same: string | null;
  readonly history: readonly ResultLine[];
}

const OPEN = '<!-- octobatch-data 1';
const CLOSE = '-->';

/** The hidden lines, without a line end. */
export function writeData(data: { readonly same: string; readonly history: readonly ResultLine[] }): string {
  const results = data.history.slice(0, HISTORY_LIMIT).map((line) => `result ${writeResult(line)}`);
  return [OPEN, `same ${data.same}`, ...results, CLOSE].join('\n');
}

/** Reads them from a comment's body. Only the lines right below the marker count; what is not of the grammar is dropped. */
export function readData(body: string): CommentData {
  const lines = body.slice(0, 8_000).split(/\r?\n/);
  const end = lines.indexOf(CLOSE, 2);
  if (!isMarker(lines[0] ?? '') || lines[1] !== OPEN || end < 0) return { same: null, history: [] };
  const inside = lines.slice(2, end);
  const same = /^same ([0-9a-f]{16})$/.exec(inside[0] ?? '')?.[1] ?? null;
  const results = inside.flatMap((line) =>
    line.startsWith('result ') ? (parseResult(line.slice('result '.length)) ?? []) : [],
  );
  const history = results.reduceRight<readonly ResultLine[]>((list, line) => addResult(list, line), []);
  return { same, history };
}

/** The results of earlier commits that our own comment keeps; none when the body is not of the same pipeline. */
export function readHistory(body: string, marker: string): readonly ResultLine[] {
  return isSamePipeline(firstLine(body), marker) ? readData(body).history : [];
}
