// Lines of the live view as pieces with a tone, and how many columns they take. It knows no terminal codes but colours.
import pc from 'picocolors';

/** What a piece of a line means to the eye. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'busy' | 'warn';

/** A piece of a line: its tone, and text without control characters. */
export type Span = readonly [tone: Tone, text: string];

export type Line = readonly Span[];

// What terminals draw over two columns: East Asian wide and full-width forms, and emoji drawn as pictures. Where
// terminals disagree the wider answer is taken: a line that is cut too early is better than one that wraps.
const WIDE =
  /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}\p{sc=Tangut}\p{sc=Nushu}\u2e80-\u303e\u3041-\u33ff\ua960-\ua97f\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{Mn}|\p{Me}/u;
/** Turns the sign before it into a picture. */
const PICTURE_SELECTOR = '\ufe0f';

/** Columns that a terminal needs for a text without control characters, at the most. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (character < '\u0300') return 1;
  if (character === PICTURE_SELECTOR) return 1;
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns of a line. */
export function lineWidth(line: Line): number {
  return line.reduce((width, [, text]) => width + widthOf(text), 0);
}

/** The beginning of a text in at most so many columns; what is cut off is marked. */
export function cutText(text: string, columns: number, mark: string): string {
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(mark);
  if (room < 0) return '';
  return takeColumns(text, room).trimEnd() + mark;
}

function takeColumns(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}

/** The beginning of a line in at most so many columns; what is cut off is marked. */
export function cutLine(line: Line, columns: number, mark: string): Line {
  if (lineWidth(line) <= columns) return line;
  const kept: Span[] = [];
  let room = Math.max(0, columns - widthOf(mark));
  for (const [tone, text] of line) {
    const part = takeColumns(text, room);
    kept.push([tone, part]);
    if (part !== text) break;
    room -= widthOf(part);
  }
  return [...kept, ['faint', mark]];
}

/** A text with spaces behind it up to so many columns. */
export function padText(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** A text broken between words into lines of so many columns; words that are longer are broken inside. */
export function wrapText(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (widthOf(rest) > width) {
      // A sign that is wider than the screen is dropped: there is no way to show it.
      const head = takeColumns(rest, width) || [...rest][0]!;
      if (widthOf(head) <= width) lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** The line as text. */
export function lineText(line: Line): string {
  return line.map(([, text]) => text).join('');
}

/** The line as a terminal shows it; without colours nothing but its text. */
export function colorLine(line: Line, color: boolean): string {
  const { bold, dim, green, red, cyan, yellow } = pc.createColors(color);
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    plain: (text) => text,
    strong: bold,
    faint: dim,
    good: green,
    bad: red,
    busy: cyan,
    warn: yellow,
  };
  return line.map(([tone, text]) => tones[tone](text)).join('');
}
