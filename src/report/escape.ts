// The only ways out for untrusted text (model answers, unit ids, file names, error messages): a code span, a fenced
// block, a log line, HTML text; and, for names that are proven inert by their alphabet, plain words. Nothing else may
// put such text into Markdown, a log or a page.

// Controls, format and bidi characters, private use, separators, lone surrogates; then letters that show nothing.
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Cs}]|\u034f|[\u115f\u1160\u2800\u3164\uffa0]|[\u17b4\u17b5]|[\u180b-\u180f]/gu;

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;

function show(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One visible line of at most `max` code points; invisible characters appear as `\u{...}`. Not safe in Markdown. */
export function oneLine(text: string, max: number = 80): string {
  // Cut before the work: an answer may have millions of characters, of which a few are shown.
  const head = text.length > max * 8 ? text.slice(0, max * 8) : text;
  const clean = head
    .replace(/[\r\n\t]+/g, ' ')
    .replace(INVISIBLE, show)
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...clean];
  if (characters.length > max) return `${characters.slice(0, max - 1).join('')}…`;
  return clean === '' ? '(empty)' : clean;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** A Markdown code span, also safe in a table cell. Code spans take no mention, link, HTML, emoji or math. */
export function inline(text: string, max: number = 80): string {
  const clean = oneLine(text, max).replace(/\|/g, '¦');
  const ticks = '`'.repeat(longestRun(clean) + 1);
  return ticks.length > 1 ? `${ticks} ${clean} ${ticks}` : `${ticks}${clean}${ticks}`;
}

/** A fenced block with info string `text`. Lines beyond `maxLines` are left out, and that is said. */
export function fence(text: string, maxLines: number = 20, maxColumns: number = 200): string {
  return fenceLines(cap(text, maxLines, maxColumns));
}

/** A fenced block of lines that were made with `oneLine` or hold no untrusted text. Their spaces are kept. */
export function fenceLines(lines: readonly string[]): string {
  const body = lines.join('\n');
  const ticks = '`'.repeat(Math.max(2, longestRun(body)) + 1);
  return `${ticks}text\n${body}\n${ticks}`;
}

/** Log lines: each is prefixed, so that none is a workflow command (`::` first, or `##[` anywhere). */
export function log(text: string, maxLines: number = 200, maxColumns: number = 400): string {
  return cap(text, maxLines, maxColumns)
    .map((line) => `│ ${breakCommands(line)}`)
    .join('\n');
}

/** A piece of a log line: visible and short. Whoever puts pieces together passes the lines through `logLines`. */
export function logText(text: string, max: number = 80): string {
  return breakCommands(oneLine(text, max));
}

/** Finished log lines, made of our text and `logText` pieces, with every workflow command in them broken. */
export function logLines(text: string): string {
  return text.split('\n').map(breakCommands).join('\n');
}

/** Data for other programs that goes to a screen after all: its lines and tabs stay, nothing else in it is obeyed. */
export function screenData(text: string): string {
  return text.replace(INVISIBLE, (character) => ('\n\r\t'.includes(character) ? character : show(character)));
}

function breakCommands(line: string): string {
  return line.replace(/##\[/g, '## [').replace(/^(\s*)::/, '$1: :');
}

function cap(text: string, maxLines: number, maxColumns: number): readonly string[] {
  const lines = text.slice(0, maxLines * maxColumns * 8).split(LINE_ENDS);
  const kept = lines.slice(0, maxLines).map((line) => (line.trim() === '' ? '' : oneLine(line, maxColumns)));
  return lines.length > maxLines ? [...kept, `… ${lines.length - maxLines} more lines`] : kept;
}

/** The last `max` lines of a text, nothing made harmless yet; what is left out is said before them. */
export function lastLines(text: string, max: number): string {
  const lines = text.trimEnd().split(LINE_ENDS);
  const more = lines.length - max;
  if (more <= 0) return lines.join('\n');
  return [`… ${more} more ${more === 1 ? 'line' : 'lines'} before`, ...lines.slice(more)].join('\n');
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of an HTML element, or of a quoted attribute. Line ends stay, every other invisible character is shown. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => HTML[character]!)
    .replace(INVISIBLE, (character) => (character === '\n' ? character : show(character)));
}

/** Visible text of several lines with its spaces, of at most `max` code points; what is left out is said. */
export function manyLines(text: string, max: number): string {
  const head = text.slice(0, max * 2);
  const clean = head.replace(/\r\n?/g, '\n').replace(/\t/g, '  ');
  const shown = clean.split('\n').map((line) => line.replace(INVISIBLE, show).trimEnd());
  const characters = [...shown.join('\n')];
  if (characters.length <= max && head.length === text.length) return characters.join('');
  return `${characters.slice(0, max).join('')}\n… cut here`;
}

// Words of letters and digits, joined by single spaces, hyphens, or underscores and dots inside a word, percentages
// and times of day. This leaves no way to write markup, a mention, a reference, a link or a command.
const INERT =
  /^[A-Za-z0-9]+(?:(?:[ -]|, |[_.'](?=[A-Za-z0-9])|(?<=[0-9]):(?=[0-9])|(?<=[0-9]) ?% )[A-Za-z0-9]+)*%?$/;
// What GitHub links although it looks like a word: `www.`, commit hashes, `GH-1`; and anything that reads as a host.
const LINKED = /\bwww\.|\b[0-9a-f]{7,64}\b|\bgh-[0-9]|[a-z0-9]\.[a-z]/i;

/** A name in running text and headings: as it is when its alphabet makes it inert, else a code span. */
export function plainName(text: string, max: number = 64): string {
  return text.length <= max && isInert(text) ? text : inline(text, max);
}

/** True when the text is nothing but words, on any surface. */
export function isInert(text: string): boolean {
  return INERT.test(text) && !LINKED.test(text);
}
