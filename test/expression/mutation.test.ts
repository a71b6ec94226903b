// What the parser makes of 20,000 expressions with a few tokens changed, next to what CPython 3.11 said of them; see
// generate_mutations.py. Nothing that Python refuses may be accepted, except what is named here.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { compileExpression } from '../../src/expression/expression.ts';

/** Why an expression is refused, or null when it is accepted. */
function refusalOf(source: string): string | null {
  try {
    compileExpression(source);
    return null;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error.message;
    throw error;
  }
}

/** Valid in Python, not in this language: what is written, and how it is refused. */
const NOT_IN_THE_LANGUAGE: Readonly<Record<string, readonly [message: RegExp, examples: readonly string[]]>> =
  {
    'bytes literals': [/^bytes literals are not supported/, ["b'a'", "Rb'a'", "[rb'a']"]],
    'the ellipsis': [/^'\.\.\.' is not supported/, ['...', 'xs[...]']],
    'complex numbers': [/^complex numbers are not supported/, ['1j', '.5J', '1e3j']],
    'the matrix operator': [/^the matrix operator '@' is not supported/, ['a @ b']],
    'double underscores': [/double underscores reach Python's machinery/, ['x.__y', 'x.__class__()']],
    'names of characters': [/\\N\{\.\.\.\} names are not supported/, ["'\\N{DASH}'", "f'\\N{DIGIT ONE}'"]],
    'starred parameters': [
      /^a lambda takes plain parameter names here/,
      ['lambda *a: a', 'lambda **k: k', 'lambda a, /: a', 'lambda a, *, b: a'],
    ],
    'a starred name after for': [/^a starred name after for is not supported/, ['[a for a, *b in x]']],
    'places after for': [/'in' was expected/, ['[0 for x[0] in y]', '[0 for x.a in y]']],
    'empty places after for': [/^a name was expected after 'for'/, ['[0 for () in x]', '[0 for [] in x]']],
    'asynchronous comprehensions': [/^'async' comprehensions are not supported/, ['(x async for x in y)']],
    'starred subscripts': [/^invalid syntax at '\*'/, ['x[*a]', 'x[*a, b]']],
  };

/** Refused by CPython 3.11, accepted here: later Pythons accept them, or nothing could be meant by them. */
const ACCEPTED_ALL_THE_SAME: Readonly<Record<string, readonly string[]>> = {
  'f-strings as from Python 3.12 on': ["f'{d['a']}'", `f'{"\\n"}'`, "f'{1 # one\n}'", `f"{f'{f"x"}'}"`],
  'lines before the expression': ['\n a'],
  '__debug__ as a name like any other': ['f(__debug__=1)', '(__debug__ := 1)', 'lambda __debug__: 1'],
};

describe('mutated expressions', () => {
  const lines = readFileSync(new URL('../golden/expression/mutations.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => ({ valid: line[0] === '+', source: JSON.parse(line.slice(1)) as string }));

  test('are enough to mean something', () => {
    expect(rows.length).toBe(20_000);
    expect(rows.filter((row) => row.valid).length).toBeGreaterThan(4_000);
  });

  test('are refused when CPython refuses them', () => {
    const accepted = rows.filter((row) => !row.valid && refusalOf(row.source) === null);
    expect(accepted.map((row) => row.source)).toEqual([]);
  });

  test('are accepted when CPython accepts them, unless the language lacks what they use', () => {
    const reasons = Object.values(NOT_IN_THE_LANGUAGE).map(([message]) => message);
    const unexplained = rows
      .filter((row) => row.valid)
      .map((row) => ({ ...row, refusal: refusalOf(row.source) }))
      .filter(({ refusal }) => refusal !== null && !reasons.some((reason) => reason.test(refusal)));
    expect(unexplained).toEqual([]);
  });
});

describe('what differs from CPython on purpose', () => {
  for (const [what, [message, examples]] of Object.entries(NOT_IN_THE_LANGUAGE)) {
    test(`refuses ${what}`, () => {
      for (const source of examples) expect(refusalOf(source)).toMatch(message);
    });
  }

  for (const [what, examples] of Object.entries(ACCEPTED_ALL_THE_SAME)) {
    test(`accepts ${what}`, () => {
      for (const source of examples) expect(refusalOf(source)).toBeNull();
    });
  }
});
