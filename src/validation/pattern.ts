// Regular expressions of schemas, run in linear time by RE2. Translates the JavaScript notation schemas are written in
// and refuses what RE2 cannot do (look-around, back-references) rather than fall back on a backtracking engine.
import { RE2JS } from 're2js';

/** A compiled pattern. It matches anywhere in a text unless it is anchored, as JSON Schema asks. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

/** Why a pattern cannot be used, as a sentence part that follows "pattern ...". */
export class PatternError extends Error {}

const MAX_LENGTH = 1000;

/** Compiles a JSON Schema pattern. `\d` and `\w` are ASCII, as in JavaScript. Throws PatternError. */
export function compilePattern(source: string): Pattern {
  if (source.length > MAX_LENGTH) throw new PatternError(`is longer than ${MAX_LENGTH} characters`);
  const translated = translate(source);
  try {
    const compiled = RE2JS.compile(translated);
    return { source, test: (text) => compiled.test(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new PatternError(`cannot be used: ${why}`);
  }
}

function translate(source: string): string {
  let out = '';
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    if (char === '\\') {
      const [text, end] = escapeAt(source, i, inClass);
      out += text;
      i = end - 1;
      continue;
    }
    if (!inClass && char === '(' && /^\(\?<?[=!]/.test(source.slice(i, i + 4))) {
      throw new PatternError('uses look-ahead or look-behind, which cannot run in linear time');
    }
    // RE2 would read `[[:alpha:]]` as a POSIX class; in JavaScript the inner bracket is a plain character.
    out += inClass && char === '[' ? '\\[' : char;
    if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
  }
  return out;
}

const SPACE = '\\s\\v\\p{Z}\\x{feff}';

/** Translates the escape at `at`; returns RE2's text and the position after it. */
function escapeAt(source: string, at: number, inClass: boolean): [string, number] {
  const letter = source[at + 1];
  if (letter === undefined) throw new PatternError('ends with a lone backslash');
  if (/[1-9k]/.test(letter)) {
    throw new PatternError('uses a back-reference, which cannot run in linear time');
  }
  switch (letter) {
    case 's':
      return [inClass ? SPACE : `[${SPACE}]`, at + 2];
    case 'S':
      return [inClass ? '\\S' : `[^${SPACE}]`, at + 2];
    case 'b':
      return [inClass ? '\\x08' : '\\b', at + 2];
    case '0':
      return ['\\x00', at + 2];
    // Python's names for the ends of the text; Octobatch's schemas were written for Python.
    case 'A':
      return ['\\A', at + 2];
    case 'Z':
    case 'z':
      return ['\\z', at + 2];
    case 'c':
      return controlAt(source, at);
    case 'u':
    case 'x':
      return codePointAt(source, at);
    case 'p':
    case 'P':
      return propertyAt(source, at);
    default:
  }
  if (/[A-Za-z]/.test(letter) && !'dDwWBnrtfv'.includes(letter)) {
    throw new PatternError(`uses the unknown escape \\${letter}`);
  }
  return [`\\${letter}`, at + 2];
}

function controlAt(source: string, at: number): [string, number] {
  const letter = source[at + 2] ?? '';
  if (!/[A-Za-z]/.test(letter)) throw new PatternError('uses \\c without a letter');
  return [hex(letter.charCodeAt(0) % 32), at + 3];
}

function codePointAt(source: string, at: number): [string, number] {
  const match = /^\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(
    source.slice(at, at + 12),
  );
  if (match === null) throw new PatternError('uses \\u or \\x without its hex digits');
  const code = Number.parseInt(match[1] ?? match[2] ?? match[3]!, 16);
  const end = at + match[0].length;
  const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(source.slice(end, end + 6));
  if (match[2] === undefined || code < 0xd800 || code > 0xdbff || low === null) return [hex(code), end];
  const pair = 0x10000 + ((code - 0xd800) << 10) + (Number.parseInt(low[1]!, 16) - 0xdc00);
  return [hex(pair), end + 6];
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

// RE2 knows Unicode categories by their short names only.
const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['Letter', 'L'],
  ['Uppercase_Letter', 'Lu'],
  ['Lowercase_Letter', 'Ll'],
  ['Titlecase_Letter', 'Lt'],
  ['Modifier_Letter', 'Lm'],
  ['Other_Letter', 'Lo'],
  ['Mark', 'M'],
  ['Number', 'N'],
  ['Decimal_Number', 'Nd'],
  ['Letter_Number', 'Nl'],
  ['Other_Number', 'No'],
  ['digit', 'Nd'],
  ['Punctuation', 'P'],
  ['punct', 'P'],
  ['Symbol', 'S'],
  ['Separator', 'Z'],
  ['Space_Separator', 'Zs'],
  ['Control', 'Cc'],
  ['Other', 'C'],
]);

function propertyAt(source: string, at: number): [string, number] {
  const match =
    /^\\[pP]\{(?:(?:Script|sc|Script_Extensions|scx|General_Category|gc)=)?([A-Za-z_]{1,40})\}/.exec(
      source.slice(at, at + 70),
    );
  if (match === null) throw new PatternError('uses \\p without a {property name}');
  const name = match[1]!;
  return [`\\${source[at + 1]}{${CATEGORIES.get(name) ?? name}}`, at + match[0].length];
}
