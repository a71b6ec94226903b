// One line of `--jsonl`: reads what it asks for and writes what comes of it. A line that asks for nothing sensible is
// answered like one that fails.
import { ExpressionError, ExpressionSyntaxError } from '../expression/errors.ts';
import { JsonError, parseJson } from '../expression/json.ts';
import { DEFAULT_LIMITS } from '../expression/limits.ts';
import { dictEntries, dictGet, PyDict, type Value } from '../expression/values.ts';
import { RNGS } from '../pipeline/rng.ts';
import { TemplateError } from '../template/error.ts';
import type { Draws } from './draws.ts';

/** What a template given as text is called in messages, as in Jinja. */
export const MAIN_TEMPLATE = '<template>';

/** The line itself is wrong, not what it asks to be computed. */
class LineError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** The object on a line. Throws what `answerOrError` writes. */
export function readLine(line: string): PyDict {
  // The context may be as deep as a context can be, one level below the line's object.
  const request = parseJson(line, DEFAULT_LIMITS.depth + 1);
  if (!(request instanceof PyDict)) throw new LineError('the line is not a JSON object');
  return request;
}

/** Text that must be there. */
export function readText(request: PyDict, key: string): string {
  const value = dictGet(request, key);
  if (typeof value !== 'string') throw new LineError(`"${key}" must be text`);
  return value;
}

/** The object under a key by names; empty when absent or null. */
export function readObject(request: PyDict, key: string): Map<string, Value> {
  const value = dictGet(request, key) ?? null;
  if (value === null) return new Map();
  if (!(value instanceof PyDict)) throw new LineError(`"${key}" must be an object`);
  return new Map([...dictEntries(value)].map(([name, item]) => [String(name), item]));
}

/** The texts under a key by names; none when absent or null. */
export function readTexts(request: PyDict, key: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, text] of readObject(request, key)) {
    if (typeof text !== 'string') throw new LineError(`"${key}" must hold texts by name`);
    texts.set(name, text);
  }
  return texts;
}

/** The line's own `seed` and `rng` over those of the command line. A seed in quotes is a str, as in Python. */
export function readDraws(request: PyDict, defaults: Draws): Draws {
  const seed = dictGet(request, 'seed') ?? defaults.seed;
  const isWhole = typeof seed === 'bigint' || (typeof seed === 'number' && Number.isInteger(seed));
  if (typeof seed !== 'string' && !isWhole) throw new LineError('"seed" must be a whole number or text');
  const name = dictGet(request, 'rng') ?? defaults.rng;
  const rng = RNGS.find((one) => one === name);
  if (rng === undefined) throw new LineError(`"rng" must be one of: ${RNGS.join(', ')}`);
  return { seed, rng };
}

/**
 * What `compute` gives, or the line `{"error", "at"}` of what a person got wrong; with the name of the template when
 * it is not the line's own.
 */
export function answerOrError(compute: () => string): string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof ExpressionError) {
      return errorLine(error.toString(), error);
    }
    if (error instanceof TemplateError) {
      const other = error.template === MAIN_TEMPLATE ? null : error.template;
      return errorLine(`${error.type}: ${error.message}`, error, other);
    }
    if (error instanceof JsonError) return errorLine(`InputError: the line is not JSON: ${error.message}`);
    if (error instanceof LineError) return errorLine(`InputError: ${error.message}`);
    throw error;
  }
}

interface Place {
  readonly line: number | null;
  readonly column: number | null;
}

const NOWHERE: Place = { line: null, column: null };

function errorLine(error: string, { line, column } = NOWHERE, template: string | null = null): string {
  const at = line === null || column === null ? null : [line, column];
  return JSON.stringify({ error, at, ...(template === null ? {} : { template }) });
}

/** What was compiled lately, by its source; emptied when it has grown too large, for sources may all differ. */
export class CompileCache<T> {
  private readonly kept = new Map<string, T>();
  private characters = 0;

  /** The compiled form of a source. Throws what `compile` throws. */
  get(source: string, compile: () => T): T {
    const known = this.kept.get(source);
    if (known !== undefined) return known;
    const compiled = compile();
    this.characters += source.length;
    if (this.kept.size >= MAX_KEPT || this.characters > MAX_KEPT_CHARACTERS) {
      this.kept.clear();
      this.characters = source.length;
    }
    this.kept.set(source, compiled);
    return compiled;
  }
}

const MAX_KEPT = 1000;
const MAX_KEPT_CHARACTERS = 2 ** 19;
