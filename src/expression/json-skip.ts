// Finds the end of a JSON value without making it: only of compact, plain text, such as this program writes. Whatever else
// it meets it leaves to the reader, which knows what is wrong with it.

/**
 * Where the value that begins at `at` ends; -1: it is not compact, has an escape or another rare form, is no JSON, or is
 * nested deeper than `depth` levels more.
 */
export function endOfPlainJson(text: string, at: number, depth: number): number {
  const code = text.charCodeAt(at);
  if (code === 34) return endOfText(text, at);
  if (code === 123) return endOfObject(text, at + 1, depth - 1);
  if (code === 91) return endOfArray(text, at + 1, depth - 1);
  if (code === 45 || (code >= 48 && code <= 57)) return endOfNumber(text, at);
  if (code === 116) return text.startsWith('true', at) ? at + 4 : -1;
  if (code === 102) return text.startsWith('false', at) ? at + 5 : -1;
  if (code === 110) return text.startsWith('null', at) ? at + 4 : -1;
  return -1;
}

function endOfText(text: string, at: number): number {
  for (let i = at + 1; ; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) return i + 1;
    // Not so at the end of the text, where the code is no number.
    if (!(code >= 32) || code === 92) return -1;
  }
}

function endOfNumber(text: string, at: number): number {
  let i = text.charCodeAt(at) === 45 ? at + 1 : at;
  const first = i;
  while (isDigit(text.charCodeAt(i))) i++;
  const digits = i - first;
  // More digits may be more than there may be.
  if (digits === 0 || digits > 15 || (digits > 1 && text.charCodeAt(first) === 48)) return -1;
  if (text.charCodeAt(i) === 46) {
    const point = i++;
    while (isDigit(text.charCodeAt(i))) i++;
    if (i === point + 1) return -1;
  }
  const next = text.charCodeAt(i);
  return next === 101 || next === 69 ? -1 : i;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function endOfObject(text: string, from: number, depth: number): number {
  if (depth < 0) return -1;
  if (text.charCodeAt(from) === 125) return from + 1;
  for (let at = from; ; at++) {
    if (text.charCodeAt(at) !== 34) return -1;
    at = endOfText(text, at);
    if (at < 0 || text.charCodeAt(at) !== 58) return -1;
    at = endOfPlainJson(text, at + 1, depth);
    if (at < 0) return -1;
    const code = text.charCodeAt(at);
    if (code === 125) return at + 1;
    if (code !== 44) return -1;
  }
}

function endOfArray(text: string, from: number, depth: number): number {
  if (depth < 0) return -1;
  if (text.charCodeAt(from) === 93) return from + 1;
  for (let at = from; ; at++) {
    at = endOfPlainJson(text, at, depth);
    if (at < 0) return -1;
    const code = text.charCodeAt(at);
    if (code === 93) return at + 1;
    if (code !== 44) return -1;
  }
}
