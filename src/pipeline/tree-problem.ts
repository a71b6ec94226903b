// The sentences for YAML that cannot be read. Decides nothing.

/** Levels of nesting in any file a user writes; the expression language's data limit leaves room above it. */
export const MAX_DEPTH = 50;

/** Why a text gives no tree; the offset is where. */
export class TreeProblem extends Error {
  readonly offset: number;
  readonly what: string;
  readonly fix: string;
  constructor(offset: number, what: string, fix: string) {
    super(what);
    this.offset = offset;
    this.what = what;
    this.fix = fix;
  }
}

/** Nested deeper than `MAX_DEPTH`. */
export function tooDeep(start: number): TreeProblem {
  return new TreeProblem(start, 'the text is nested too deeply', `at most ${MAX_DEPTH} levels`);
}

/** A tag such as `!secret`. */
export function foreignTag(tag: string, start: number): TreeProblem {
  const shown = tag.replace('tag:yaml.org,2002:', '!!');
  return new TreeProblem(start, `the tag ${shown} is not used in pipelines`, 'remove it');
}

/** What the YAML parser complains about, in words for people who do not write parsers. */
export function syntaxProblem(code: string, message: string, offset: number, text: string): TreeProblem {
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return tooDeep(offset);
    case 'TAB_AS_INDENT':
      return new TreeProblem(offset, 'a tab is used for indentation', 'indent with spaces');
    case 'BAD_INDENT':
      return misaligned(offset);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return new TreeProblem(offset, "a second ': ' on one line is not YAML", 'put quotes around the text');
    case 'BAD_SCALAR_START':
      return new TreeProblem(
        offset,
        `text cannot begin with ${text[offset] ?? 'this'}`,
        'put quotes around it',
      );
    case 'MISSING_CHAR':
      if (message.includes('quote'))
        return new TreeProblem(offset, 'a quote is not closed', 'close it before this place');
      if (message.includes('indicator')) return misaligned(offset);
      return new TreeProblem(
        offset,
        `the text is not YAML: ${plainMessage(message)}`,
        'close what was opened before this place',
      );
    default:
      return new TreeProblem(
        offset,
        `the text is not YAML: ${plainMessage(message)}`,
        'check quotes, brackets and indentation here',
      );
  }
}

function misaligned(offset: number): TreeProblem {
  return new TreeProblem(
    offset,
    'the indentation does not fit the lines above',
    'align it with its neighbours, and close every bracket',
  );
}

function plainMessage(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}
