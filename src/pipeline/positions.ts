// From an offset inside a decoded scalar (an expression, an inline template) back to its place in the file.
// Exact for plain, quoted and literal scalars; where folding moved text about, the scalar's start is given.
import type { Place } from './mistakes.ts';
import type { ScalarTree } from './tree.ts';

/** The place of the character at `offset` (UTF-16 units) of the scalar's decoded text. */
export function placeInScalar(scalar: ScalarTree, offset: number): Place {
  const { source, start, end } = scalar;
  const written = source.text.slice(start, end);
  return source.placeAt(start + offsetInWritten(scalar, written, offset));
}

function offsetInWritten(scalar: ScalarTree, written: string, offset: number): number {
  switch (scalar.style) {
    case 'plain':
      return written.includes('\n') ? 0 : Math.min(offset, written.length);
    case 'single':
      return written.includes('\n')
        ? 0
        : walk(
            written,
            offset,
            (at) => (written[at] === "'" ? 2 : 1),
            () => 1,
          );
    case 'double':
      return written.includes('\n')
        ? 0
        : walk(written, offset, (at) => escapeLength(written, at), decodedLength(written));
    case 'literal':
      return literal(scalar.text, written, offset);
    case 'folded':
      return 0;
    default:
      return scalar.style satisfies never;
  }
}

// Steps over written characters until `offset` decoded ones have passed; begins after the opening quote.
function walk(
  written: string,
  offset: number,
  writtenLength: (at: number) => number,
  decoded: (at: number) => number,
): number {
  let at = 1;
  for (let passed = 0; passed < offset && at < written.length - 1; ) {
    passed += decoded(at);
    at += writtenLength(at);
  }
  return at;
}

const ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function escapeLength(written: string, at: number): number {
  if (written[at] !== '\\') return 1;
  return 2 + (ESCAPE_DIGITS[written[at + 1] ?? ''] ?? 0);
}

function decodedLength(written: string): (at: number) => number {
  // Only \U can name a character beyond the basic plane, which takes two UTF-16 units.
  return (at) =>
    written.startsWith('\\U', at) && Number.parseInt(written.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1;
}

// The n-th decoded line is the n-th written one after the header, less its indentation.
function literal(text: string, written: string, offset: number): number {
  const before = text.slice(0, offset).split('\n');
  const lines = written.split('\n');
  const first = lines.slice(1).find((line) => line.trim() !== '');
  if (first === undefined || /^[|][-+]?[0-9]/.test(lines[0] ?? '')) return 0;
  const indent = first.length - first.trimStart().length;
  const row = before.length;
  let at = 0;
  for (let i = 0; i < row; i++) at += (lines[i]?.length ?? 0) + 1;
  return Math.min(at + indent + before.at(-1)!.length, written.length);
}
