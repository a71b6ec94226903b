// Mishaps as data, from the control endpoint or a scenario, read strictly: a word nobody knows is a mistake, because a
// test that asks for a mishap must not pass without it.
import {
  CALL_NAMES,
  CALLS_OF,
  type CallName,
  type Mishap,
  type MishapKind,
  PROTOCOL_NAMES,
  type ScheduledMishap,
  type WaitingMishap,
} from './mishaps.ts';

/** A mishap that cannot be read, in a sentence. */
export class MishapError extends Error {}

/** Kinds that may be asked for at other calls than their usual ones. */
const MOVABLE: readonly MishapKind[] = ['rate_limit', 'overloaded', 'spend_limit'];

/** Reads a mishap of the control endpoint: the kind, what it needs, `times`, `call`, `protocol`, `method`, `path`. */
export function readWaitingMishap(value: unknown): WaitingMishap {
  const given = new Fields(value, 'a mishap');
  const filter = {
    protocol: given.choice('protocol', PROTOCOL_NAMES),
    call: given.choice('call', CALL_NAMES),
    method: given.text('method'),
    path: given.text('path'),
  };
  const times = given.count('times') ?? 1;
  const mishap = readMishap(given);
  given.finish();
  if (filter.call !== null) requireCall(mishap.kind, filter.call);
  return { mishap, times, filter };
}

/** Reads `{at: {call, nth, protocol}, do: {kind, ...}}`, or `do: kind` for a kind that needs nothing more. */
export function readScheduledMishap(value: unknown): ScheduledMishap {
  const given = new Fields(value, 'a mishap of a scenario');
  const at = new Fields(given.any('at'), '"at"');
  const what = given.any('do');
  given.finish();
  const call = at.choice('call', CALL_NAMES);
  if (call === null) throw new MishapError(`"at" needs a call: ${CALL_NAMES.join(', ')}`);
  const protocol = at.choice('protocol', PROTOCOL_NAMES);
  const nth = at.count('nth') ?? 1;
  at.finish();
  const doing = new Fields(typeof what === 'string' ? { kind: what } : what, '"do"');
  const times = doing.count('times') ?? 1;
  const mishap = readMishap(doing);
  doing.finish();
  requireCall(mishap.kind, call);
  return { call, protocol, nth, times, mishap };
}

function requireCall(kind: MishapKind, call: CallName): void {
  const usual = CALLS_OF[kind];
  if (usual === undefined || MOVABLE.includes(kind) || usual.includes(call)) return;
  throw new MishapError(`${kind} happens at ${usual.join(' or ')}, not at ${call}`);
}

const KINDS: Readonly<Record<MishapKind, (given: Fields) => Mishap>> = {
  fail: (given) => ({
    kind: 'fail',
    status: given.needed('status'),
    code: given.text('code'),
    message: given.text('message'),
    headers: given.headers(),
  }),
  hang: () => ({ kind: 'hang' }),
  headers: (given) => ({ kind: 'headers', headers: given.headers() }),
  rate_limit: (given) => ({ kind: 'rate_limit', retryAfterMs: given.count('retryAfterMs') }),
  overloaded: () => ({ kind: 'overloaded' }),
  spend_limit: () => ({ kind: 'spend_limit' }),
  lose_create_answer: () => ({ kind: 'lose_create_answer' }),
  create_5xx_after: (given) => ({ kind: 'create_5xx_after', status: given.count('status') ?? 503 }),
  late_visibility: (given) => ({ kind: 'late_visibility', ms: given.needed('ms') }),
  late_file: (given) => ({ kind: 'late_file', ms: given.needed('ms') }),
  queue_full: () => ({ kind: 'queue_full' }),
  fail_batch: (given) => ({ kind: 'fail_batch', code: given.text('code') }),
  stuck: (given) => ({ kind: 'stuck', ms: given.needed('ms') }),
  lose_call_answer: () => ({ kind: 'lose_call_answer' }),
  cut_download: (given) => ({ kind: 'cut_download', afterBytes: given.needed('afterBytes') }),
};

function readMishap(given: Fields): Mishap {
  const kind = given.choice('kind', Object.keys(KINDS) as MishapKind[]);
  if (kind === null) throw new MishapError(`a mishap has a kind: ${Object.keys(KINDS).join(', ')}`);
  return KINDS[kind](given);
}

/** An object read member by member; `finish` refuses what nobody asked for. */
class Fields {
  private readonly left: Map<string, unknown>;
  private readonly what: string;

  constructor(value: unknown, what: string) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new MishapError(`${what} is an object`);
    }
    this.left = new Map(Object.entries(value));
    this.what = what;
  }

  any(name: string): unknown {
    const value = this.left.get(name);
    this.left.delete(name);
    return value ?? null;
  }

  text(name: string): string | null {
    const value = this.any(name);
    if (value !== null && typeof value !== 'string') throw new MishapError(`${name} is a text`);
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | null {
    const value = this.any(name);
    if (value === null) return null;
    const known = choices.find((choice) => choice === value);
    if (known === undefined) throw new MishapError(`${name} is one of ${choices.join(', ')}`);
    return known;
  }

  count(name: string): number | null {
    const value = this.any(name);
    if (value === null) return null;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new MishapError(`${name} is a whole number, 0 or more`);
    }
    return value;
  }

  needed(name: string): number {
    const value = this.count(name);
    if (value === null) throw new MishapError(`${this.what} of this kind needs ${name}`);
    return value;
  }

  headers(): Record<string, string> {
    const value = this.any('headers') ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new MishapError('headers is an object');
    return Object.fromEntries(
      Object.entries(value).map(([name, text]) => [name.toLowerCase(), String(text)]),
    );
  }

  finish(): void {
    const [name] = this.left.keys();
    if (name !== undefined) throw new MishapError(`${this.what} has no "${name}"`);
  }
}
