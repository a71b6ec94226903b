// The alphabets of names. Names of pipelines and steps appear in headings, markers and status contexts; names of fields
// are Python identifiers.

/** Pipelines and steps: letters, digits, space, `-`, `_`, `.`; 1 to 64 characters, no space at an end. */
export const SAFE_NAME = /^[A-Za-z0-9._-](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?$/;

/** What to do about a name outside `SAFE_NAME`. */
export const SAFE_NAME_FIX = "use letters, digits, space, '-', '_' and '.', at most 64 characters";

/** Fields of a unit: ASCII identifiers of at most 64 characters. */
export const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

const PYTHON_WORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Why a unit's field cannot be given this name, and what to do; null when it can. */
export function fieldNameProblem(name: string): { readonly what: string; readonly fix: string } | null {
  if (name === 'unit_id' || name.startsWith('_')) {
    return {
      what: `the field name '${name}' is reserved`,
      fix: "choose a name that is not 'unit_id' and does not begin with '_'",
    };
  }
  if (!FIELD_NAME.test(name)) {
    return {
      what: `'${name}' cannot name a field`,
      fix: "use letters, digits and '_', not beginning with a digit, at most 64 characters",
    };
  }
  if (PYTHON_WORDS.has(name)) {
    return { what: `'${name}' is a word of the expression language`, fix: 'choose another field name' };
  }
  return null;
}

/** A name made of any text, inside the safe alphabet. */
export function safeName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9 ._-]+/g, '-')
    .slice(0, 64)
    .trim();
  return /[A-Za-z0-9]/.test(name) ? name : 'pipeline';
}
