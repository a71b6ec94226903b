// Backslash escapes of Python's string literals, shared by every literal that has them.

/** What an escape stands for, where it ends, and what is wrong with it, if anything. */
export interface Escape {
  readonly text: string;
  readonly end: number;
  readonly problem: string | null;
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Reads the escape whose backslash stands at `at`. Unknown escapes keep their backslash, as in Python. */
export function decodeEscape(source: string, at: number): Escape {
  const letter = source.charAt(at + 1);
  const simple = SIMPLE.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2, problem: null };
  if (letter === '\r') return { text: '', end: at + (source.charAt(at + 2) === '\n' ? 3 : 2), problem: null };
  const length = HEX_LENGTH.get(letter);
  if (length !== undefined) return hexEscape(source, at, letter, length);
  if (letter === 'N') return { text: '', end: at + 2, problem: '\\N{...} names are not supported: use \\u' };
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    return {
      text: String.fromCharCode(Number.parseInt(octal, 8)),
      end: at + 1 + octal.length,
      problem: null,
    };
  }
  const end = at + 1 + letter.length;
  return { text: source.slice(at, end), end, problem: null };
}

function hexEscape(source: string, at: number, letter: string, length: number): Escape {
  const digits = source.slice(at + 2, at + 2 + length);
  const end = at + 2 + digits.length;
  if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits)) {
    return { text: '', end, problem: `\\${letter} needs ${length} hex digits` };
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) return { text: '', end, problem: 'not a Unicode character' };
  return { text: String.fromCodePoint(code), end, problem: null };
}
