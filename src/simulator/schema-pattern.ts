// Text for a simple regular expression: literals, classes, groups, alternatives and counts. It writes, it never
// matches; look-arounds, back references and properties make it give up.
import type { RandomSource } from '../expression/random.ts';

type Piece =
  | { readonly kind: 'chars'; readonly chars: string }
  | { readonly kind: 'group'; readonly choices: readonly Piece[][] }
  | { readonly kind: 'repeat'; readonly piece: Piece; readonly least: number; readonly most: number };

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const CLASSES: Readonly<Record<string, string>> = { d: DIGITS, w: `${LETTERS}${DIGITS}_`, s: ' ' };
const MAX_REPEATS = 1_000;
const MAX_LENGTH = 10_000;

class TooHard extends Error {}

/** A text that matches the pattern, or null when the pattern is beyond this writer. */
export function textForPattern(pattern: string, random: RandomSource): string | null {
  try {
    const parser = new PatternParser(pattern);
    const choices = parser.alternatives(0);
    if (!parser.atEnd()) return null;
    return writeChoices(choices, random, { left: MAX_LENGTH });
  } catch (error) {
    if (error instanceof TooHard) return null;
    throw error;
  }
}

function writeChoices(choices: readonly Piece[][], random: RandomSource, budget: { left: number }): string {
  const sequence = choices[Math.floor(random.double() * choices.length)] ?? [];
  return sequence.map((piece) => writePiece(piece, random, budget)).join('');
}

function writePiece(piece: Piece, random: RandomSource, budget: { left: number }): string {
  if (--budget.left < 0) throw new TooHard();
  switch (piece.kind) {
    case 'chars':
      return piece.chars.charAt(Math.floor(random.double() * piece.chars.length));
    case 'group':
      return writeChoices(piece.choices, random, budget);
    case 'repeat': {
      const count = piece.least + Math.floor(random.double() * (piece.most - piece.least + 1));
      let text = '';
      for (let index = 0; index < count; index++) text += writePiece(piece.piece, random, budget);
      return text;
    }
    default:
      return piece satisfies never;
  }
}

class PatternParser {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  atEnd(): boolean {
    return this.at >= this.source.length;
  }

  alternatives(depth: number): Piece[][] {
    if (depth > 50) throw new TooHard();
    const choices: Piece[][] = [[]];
    while (!this.atEnd() && this.peek() !== ')') {
      const char = this.peek();
      if (char === '|') {
        this.at++;
        choices.push([]);
      } else if ((char === '^' && this.at === 0) || (char === '$' && this.at === this.source.length - 1)) {
        this.at++;
      } else {
        choices.at(-1)?.push(this.quantified(this.atom(depth)));
      }
    }
    return choices;
  }

  private peek(): string {
    return this.source.charAt(this.at);
  }

  private take(): string {
    if (this.atEnd()) throw new TooHard();
    return this.source.charAt(this.at++);
  }

  private atom(depth: number): Piece {
    const char = this.take();
    if (char === '.') return { kind: 'chars', chars: LETTERS };
    if (char === '[') return { kind: 'chars', chars: this.class() };
    if (char === '\\') return { kind: 'chars', chars: this.escape() };
    if (char === '(') {
      if (this.peek() === '?') {
        if (this.source.startsWith('?:', this.at)) this.at += 2;
        else throw new TooHard();
      }
      const choices = this.alternatives(depth + 1);
      if (this.take() !== ')') throw new TooHard();
      return { kind: 'group', choices };
    }
    if ('*+?{}^$'.includes(char)) throw new TooHard();
    return { kind: 'chars', chars: char };
  }

  private escape(): string {
    const char = this.take();
    if (char === 'n') return '\n';
    if (char === 't') return '\t';
    const known = Object.hasOwn(CLASSES, char) ? CLASSES[char] : undefined;
    if (known !== undefined) return known;
    if (/[a-zA-Z0-9]/.test(char)) throw new TooHard();
    return char;
  }

  private class(): string {
    const negated = this.peek() === '^';
    if (negated) this.at++;
    let chars = '';
    while (this.peek() !== ']') {
      const char = this.take();
      if (char === '\\') {
        chars += this.escape();
        continue;
      }
      if (this.peek() === '-' && this.source.charAt(this.at + 1) !== ']') {
        this.at++;
        const end = this.take();
        if (end === '\\' || end < char || end.charCodeAt(0) - char.charCodeAt(0) > 500) throw new TooHard();
        for (let code = char.charCodeAt(0); code <= end.charCodeAt(0); code++)
          chars += String.fromCharCode(code);
      } else {
        chars += char;
      }
    }
    this.at++;
    const result = negated ? [...PRINTABLE].filter((char) => !chars.includes(char)).join('') : chars;
    if (result === '') throw new TooHard();
    return result;
  }

  private quantified(piece: Piece): Piece {
    const count = /^(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})\??/.exec(this.source.slice(this.at, this.at + 16));
    if (count === null) return piece;
    this.at += count[0].length;
    const sign = count[0].charAt(0);
    if (sign === '*') return { kind: 'repeat', piece, least: 0, most: 4 };
    if (sign === '+') return { kind: 'repeat', piece, least: 1, most: 5 };
    if (sign === '?') return { kind: 'repeat', piece, least: 0, most: 1 };
    const least = Number(count[1]);
    const most = count[2] === undefined ? least : count[3] === '' ? least + 4 : Number(count[3]);
    if (most < least || most > MAX_REPEATS) throw new TooHard();
    return { kind: 'repeat', piece, least, most };
  }
}
