// Wraps text at a width, as Python's textwrap does with the settings Jinja gives it.
// It keeps tabs and white space inside lines as they are.
import { raise } from '../expression/errors.ts';
import { type Evaluation, spend } from '../expression/evaluation.ts';
import { codePointLength } from '../expression/text.ts';

/** How to wrap; `width` counts code points. */
export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

const SPACE = '[\\t\\n\\v\\f\\r ]';
const NOT_SPACE = '[^\\t\\n\\v\\f\\r ]';
const WORD = '[\\p{L}\\p{N}_]';
const LETTER = '(?:(?!\\p{Nd})[\\p{L}\\p{N}_])';
const WORD_OR_PUNCTUATION = '[\\p{L}\\p{N}_!"\'&.,?]';

// Where a line may be broken: at white space, after the hyphen of a hyphenated word, around an em-dash. The
// alternatives and their order are those of Python's textwrap.
const HYPHENATED = new RegExp(
  `(${SPACE}+|(?<=${WORD_OR_PUNCTUATION})-{2,}(?=${WORD})|${NOT_SPACE}+?(?:` +
    `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${WORD_OR_PUNCTUATION}-))(?=${LETTER}-?${LETTER})` +
    `|(?=${SPACE}|$)|(?<=${WORD_OR_PUNCTUATION})(?=-{2,}${WORD})))`,
  'u',
);
const SPACES = new RegExp(`(${SPACE}+)`);

/** The lines of a text that has no line end in it. Throws ValueError for a width below 1. */
export function wrapText(evaluation: Evaluation, text: string, options: WrapOptions): string[] {
  if (options.width <= 0) raise('ValueError', `invalid width ${options.width} (must be > 0)`);
  spend(evaluation, text.length * 2);
  const chunks = text.split(options.breakOnHyphens ? HYPHENATED : SPACES).filter((chunk) => chunk !== '');
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (isBlank(chunks.at(-1)!) && lines.length > 0) chunks.pop();
    const line = takeLine(evaluation, chunks, options);
    if (line.length > 0 && isBlank(line.at(-1)!)) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** Takes as many chunks from the end of `chunks` as fit on a line. */
function takeLine(evaluation: Evaluation, chunks: string[], options: WrapOptions): string[] {
  const line: string[] = [];
  let length = 0;
  for (let next = chunks.at(-1); next !== undefined; next = chunks.at(-1)) {
    // A word far beyond the width need not be counted to its end.
    const size = next.length > 2 * options.width ? options.width + 1 : codePointLength(next);
    if (length + size > options.width) {
      if (size > options.width) breakWord(evaluation, chunks, line, options, options.width - length);
      break;
    }
    line.push(next);
    length += size;
    chunks.pop();
  }
  return line;
}

function breakWord(
  evaluation: Evaluation,
  chunks: string[],
  line: string[],
  options: WrapOptions,
  room: number,
): void {
  if (options.breakLongWords) {
    const word = chunks.pop()!;
    // No more of the word than fits: its rest is looked at when its turn comes.
    const letters = Array.from(word.slice(0, 2 * room)).slice(0, room);
    spend(evaluation, 1 + (letters.length >> 4));
    let end = room;
    if (options.breakOnHyphens) {
      const hyphen = letters.lastIndexOf('-');
      if (hyphen > 0 && letters.slice(0, hyphen).some((letter) => letter !== '-')) end = hyphen + 1;
    }
    const piece = letters.slice(0, end).join('');
    line.push(piece);
    chunks.push(word.slice(piece.length));
  } else if (line.length === 0) {
    line.push(chunks.pop()!);
  }
}

function isBlank(chunk: string): boolean {
  return chunk.trim() === '';
}
