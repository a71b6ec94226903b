// Mends the slips models make in JSON: a comma before a closing bracket, `+5`, a raw line break inside a string.
// Everything else inside strings is left alone, whatever it looks like; a text that needs more is not JSON.

/** The mended text and what was done to it, in words; empty when nothing was. */
export interface Repair {
  readonly text: string;
  readonly notes: readonly string[];
}

/** Mends a text that is nearly JSON. It may still not be JSON afterwards. */
export function repairJson(text: string): Repair {
  let out = '';
  let copied = 0;
  let commas = 0;
  let pluses = 0;
  let controls = 0;
  // The last character outside strings and white space tells whether a value may begin here.
  let before = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') {
      const end = stringEnd(text, i);
      const escaped = escapeControls(text.slice(i, end));
      if (escaped.count > 0) {
        out += text.slice(copied, i) + escaped.text;
        copied = end;
        controls += escaped.count;
      }
      i = end - 1;
      before = char;
    } else if (char === ',' && /[}\]]/.test(nextSignificant(text, i + 1))) {
      out += text.slice(copied, i);
      copied = i + 1;
      commas++;
    } else if (char === '+' && /^[:[,]?$/.test(before) && /[0-9]/.test(text[i + 1] ?? '')) {
      out += text.slice(copied, i);
      copied = i + 1;
      pluses++;
    } else if (!isSpace(char)) {
      before = char;
    }
  }
  const notes: string[] = [];
  if (commas > 0) notes.push(`removed ${commas} comma${commas === 1 ? '' : 's'} before a closing bracket`);
  if (pluses > 0) notes.push(`removed ${pluses} plus sign${pluses === 1 ? '' : 's'} before a number`);
  if (controls > 0) notes.push(`escaped ${controls} control character${controls === 1 ? '' : 's'} in text`);
  return { text: out + text.slice(copied), notes };
}

/** The position after the string that begins at `start`, or the end of the text when it never ends. */
export function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code === 92) i++;
  }
  return text.length;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

function nextSignificant(text: string, from: number): string {
  let i = from;
  while (i < text.length && isSpace(text[i]!)) i++;
  return text[i] ?? '';
}

function escapeControls(text: string): { readonly text: string; readonly count: number } {
  let count = 0;
  const escaped = text.replace(/[\u0000-\u001f]/g, (char) => {
    count++;
    return JSON.stringify(char).slice(1, -1);
  });
  return { text: escaped, count };
}
