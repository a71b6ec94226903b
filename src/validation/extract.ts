// From a model's text to one JSON value: as it stands, inside one code fence, or inside prose; mended if need be.
// It never chooses between two answers and never takes a piece of a broken one: then the text is not JSON.
import { JsonError, parseJson } from '../expression/json.ts';
import { PyDict, PyList, type Value } from '../expression/values.ts';
import { canonicalJson } from './canonical.ts';
import { repairJson, stringEnd } from './repair.ts';

/**
 * What was found in a text. `notes` say what had to be done; `reason` ends the sentence
 * "The answer is not JSON: ".
 */
export type Extraction =
  | { readonly kind: 'found'; readonly value: Value; readonly notes: readonly string[] }
  | { readonly kind: 'none'; readonly reason: string };

/** Longest answer that is looked at, in UTF-16 units. */
export const MAX_ANSWER = 4 * 1024 * 1024;

// Every start in prose may be followed to the end of the text; this bounds the sum.
const SCAN_FACTOR = 8;
const MAX_CANDIDATES = 1000;

/** Finds the JSON value of an answer. Never throws. */
export function extractJson(answer: string): Extraction {
  if (answer.length > MAX_ANSWER) return none('it is longer than 4 MB');
  const text = answer.replace(/^\ufeff/, '').trim();
  if (text === '') return none('it is empty');
  const whole = tryParse(text);
  if (whole.kind === 'found') return whole;
  const inner = insideFence(text);
  const fenced = inner === null ? null : tryParse(inner);
  if (fenced?.kind === 'found') return { ...fenced, notes: ['took the JSON out of its code fence'] };
  const found = findInProse(inner ?? text, inner === null ? whole.reason : (fenced?.reason ?? whole.reason));
  if (found.kind === 'none' || inner === null) return found;
  return { ...found, notes: ['took the JSON out of its code fence', ...found.notes] };
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}

function tryParse(text: string): Extraction {
  try {
    return { kind: 'found', value: parseJson(text), notes: [] };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return none(`${error.message} at line ${error.line}, column ${error.column}`);
  }
}

function parseOrRepair(text: string): Extraction {
  const strict = tryParse(text);
  if (strict.kind === 'found') return strict;
  const repaired = repairJson(text);
  if (repaired.notes.length === 0) return strict;
  const second = tryParse(repaired.text);
  return second.kind === 'found' ? { ...second, notes: repaired.notes } : second;
}

/** The content of a text that is one code fence from its first line to its last; null otherwise. */
function insideFence(text: string): string | null {
  const open = /^(`{3,}|~{3,})[^\n`]*\n/.exec(text);
  if (open === null) return null;
  const fence = open[1]!;
  if (!text.endsWith(fence) || text.length < open[0].length + fence.length) return null;
  return text.slice(open[0].length, text.length - fence.length).trim();
}

/**
 * Finds the one object (or else the one list) that stands in a text. What begins like JSON must be JSON to its end:
 * from a truncated or broken answer no inner piece is taken.
 */
function findInProse(text: string, reason: string): Extraction {
  const objects: Candidate[] = [];
  const lists: Candidate[] = [];
  let budget = text.length * SCAN_FACTOR;
  for (let at = nextOpening(text, 0); at !== -1; at = nextOpening(text, at)) {
    const promise = promiseAt(text, at);
    if (promise === 'none') {
      at++;
      continue;
    }
    const end = balancedEnd(text, at);
    if (objects.length + lists.length >= MAX_CANDIDATES) return none('it holds too many JSON values');
    budget -= (end ?? text.length) - at;
    if (budget < 0) return none('it holds too many brackets to find the JSON among them');
    const parsed: Extraction = end === null ? none(reason) : parseOrRepair(text.slice(at, end));
    if (parsed.kind === 'found') {
      (parsed.value instanceof PyDict ? objects : lists).push({ start: at, end: end!, ...parsed });
      at = end!;
    } else if (promise === 'sure') {
      return objects.length === 0 && at === 0 && end === text.length
        ? parsed
        : none(broken(parsed.reason, end));
    } else {
      at++;
    }
  }
  const candidates = distinct(objects.length > 0 ? objects : lists);
  const only = candidates[0];
  if (only === undefined) return none(/^[{[]/.test(text) ? reason : 'it holds no JSON value');
  if (candidates.length > 1)
    return none(`it holds ${candidates.length} different JSON values, and one was asked for`);
  const alone = only.start === 0 && only.end === text.length;
  const notes = alone ? only.notes : ['took the JSON out of the text around it', ...only.notes];
  return { kind: 'found', value: only.value, notes };
}

interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
  readonly notes: readonly string[];
}

function broken(reason: string, end: number | null): string {
  return end === null ? 'the JSON breaks off before it is complete' : `the JSON in it is broken: ${reason}`;
}

function nextOpening(text: string, from: number): number {
  const opening = /[{[]/g;
  opening.lastIndex = from;
  return opening.exec(text)?.index ?? -1;
}

/** How much a bracket looks like the start of JSON: `{"` surely, `[1` perhaps (a footnote?), `{x` not. */
function promiseAt(text: string, at: number): 'sure' | 'perhaps' | 'none' {
  const next = /[^ \n\r\t]/g;
  next.lastIndex = at + 1;
  const char = next.exec(text)?.[0] ?? '';
  if (text[at] === '{') return char === '"' ? 'sure' : char === '}' ? 'perhaps' : 'none';
  if (char === '{' || (at === 0 && (char === '"' || char === '['))) return 'sure';
  return /["[\]0-9+tfn-]/.test(char) ? 'perhaps' : 'none';
}

/** The position after the bracket that closes the one at `start`, or null when there is none. */
function balancedEnd(text: string, start: number): number | null {
  const open: string[] = [];
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') i = stringEnd(text, i) - 1;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if (char === '}' || char === ']') {
      if (open.pop() !== char) return null;
      if (open.length === 0) return i + 1;
    }
  }
  return null;
}

/** Empty objects and lists count only when there is nothing else; equal values count once. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const full = candidates.filter(({ value }) => !isEmpty(value));
  const byText = new Map<string, Candidate>();
  for (const candidate of full.length > 0 ? full : candidates) {
    const text = canonicalJson(candidate.value);
    if (!byText.has(text)) byText.set(text, candidate);
  }
  return [...byText.values()];
}

function isEmpty(value: Value): boolean {
  return (
    (value instanceof PyDict && value.entries.size === 0) || (value instanceof PyList && value.length === 0)
  );
}
