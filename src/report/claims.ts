// What a result is judged by: gates, how often one may fail by chance, when to stop, rules, the schemas of answers. Two
// lists of them tell what a pull request has changed, which its comment names: a pass under another gate is another
// pass. Read back as data; it holds no expression.
import { FALSE_ALARMS } from '../analysis/against.ts';
import { formatRegion } from '../analysis/gate-text.ts';
import { formatPlain } from '../analysis/numbers.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';

const KINDS = ['gate', 'rule', 'schema', 'seed', 'false_alarms', 'stop'] as const;

/** One claim. `text` is a gate's region as people write it; `digest` 16 hex digits of all of it. */
export interface Claim {
  readonly kind: (typeof KINDS)[number];
  /** Of a gate its name, of a schema its step's, of a rule both: `step: rule`. */
  readonly name: string;
  readonly text: string | null;
  readonly digest: string;
}

/** A claim that is not on both sides as it was; null: it is not there. */
export interface ClaimChange {
  readonly kind: Claim['kind'];
  readonly name: string;
  readonly before: Claim | null;
  readonly now: Claim | null;
}

/** Claims that are kept of one pipeline. */
const MOST_CLAIMS = 300;
/** Changes that are named; the others are counted. */
const MOST_NAMED = 8;

/** What a pipeline's results are judged by. */
export function claimsOf(pipeline: Pipeline): readonly Claim[] {
  const claims: Claim[] = [claim('seed', 'seed', pipeline.seed, pipeline.seed)];
  const { falseAlarms = FALSE_ALARMS, stop = null } = pipeline;
  claims.push(claim('false_alarms', 'false_alarms', `${formatPlain(falseAlarms * 100)}%`, falseAlarms));
  claims.push(claim('stop', 'stop', null, stop));
  for (const gate of pipeline.gates) claims.push(claim('gate', gate.name, formatRegion(gate), gate));
  for (const step of pipeline.steps) {
    if (step.kind === 'fan_out') continue;
    const { rules, ...others } = step.checks;
    const schema = step.kind === 'llm' ? step.schema : null;
    claims.push(claim('schema', step.name, null, { schema, ...others }));
    for (const rule of rules) claims.push(claim('rule', `${step.name}: ${rule.name}`, null, rule));
  }
  return claims.slice(0, MOST_CLAIMS);
}

function claim(kind: Claim['kind'], name: string, text: string | null, all: unknown): Claim {
  const cut = text === null ? null : text.slice(0, 100);
  return { kind, name: name.slice(0, 200), text: cut, digest: sha256Hex(JSON.stringify(all)).slice(0, 16) };
}

/** Reads claims that were kept; null for anything else. */
export function parseClaims(value: unknown): readonly Claim[] | null {
  if (!Array.isArray(value) || value.length > MOST_CLAIMS) return null;
  return value.every(isClaim) ? value : null;
}

function isClaim(value: unknown): value is Claim {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, name, text, digest } = value as Partial<Record<keyof Claim, unknown>>;
  return (
    KINDS.includes(kind as Claim['kind']) &&
    typeof name === 'string' &&
    name.length <= 200 &&
    (text === null || (typeof text === 'string' && text.length <= 100)) &&
    typeof digest === 'string' &&
    /^[0-9a-f]{16}$/.test(digest)
  );
}

const NAMED_WHEN_NEW: ReadonlySet<Claim['kind']> = new Set(['gate', 'rule', 'seed']);

/** What differs, in the order of what is there now, then what is gone, then what is new. */
export function changedClaims(before: readonly Claim[], now: readonly Claim[]): readonly ClaimChange[] {
  const key = ({ kind, name }: Claim): string => `${kind} ${name}`;
  const [then, here] = [before, now].map((claims) => new Map(claims.map((one) => [key(one), one])));
  const changes: ClaimChange[] = [];
  for (const [id, one] of here!) {
    const old = then!.get(id) ?? null;
    // A step that is new has a schema of its own: that says nothing about how others are judged. Who kept nothing of a kind
    // has not said that it was otherwise.
    if (old === null && !NAMED_WHEN_NEW.has(one.kind)) continue;
    if (old?.digest !== one.digest) changes.push({ kind: one.kind, name: one.name, before: old, now: one });
  }
  for (const [id, one] of then!)
    if (!here!.has(id) && one.kind !== 'schema')
      changes.push({ kind: one.kind, name: one.name, before: one, now: null });
  // What is new takes nothing away, and stands last, so that it cannot crowd out what does.
  return [...changes.filter(({ before: old }) => old !== null), ...changes.filter(isNew)];
}

function isNew({ before }: ClaimChange): boolean {
  return before === null;
}

/** Names what differs from a branch, first of all the gates; nothing when nothing does. */
export function claimBlocks(branch: string, changes: readonly ClaimChange[]): readonly Block[] {
  if (changes.length === 0) return [];
  const named = changes.slice(0, MOST_NAMED).map(describe);
  const more = changes.length - named.length;
  const texts = more > 0 ? [...named, [`${more} more`]] : named;
  const lead: Text = ['⚠️ ', { strong: 'Judged differently from' }, ' ', { name: branch }, ': '];
  return [paragraph([...lead, ...joinText(texts, '; '), '.'])];
}

function describe({ kind, name, before, now }: ClaimChange): Text {
  const what: Text = subjectOf(kind, name);
  if (before === null) return [...what, ' is new', ...textOf(now, ', ')];
  if (now === null) return [...what, ' is gone', ...textOf(before, ', it was ')];
  if (before.text === null || now.text === null) return [...what, ' has changed'];
  if (before.text === now.text) return [...what, ' asks something else', ...textOf(now, ', as before ')];
  return [...what, ' was ', shown(before), ', is ', shown(now)];
}

function subjectOf(kind: Claim['kind'], name: string): Text {
  switch (kind) {
    case 'seed':
      return ['the seed'];
    case 'false_alarms':
      return ['the rate of false alarms'];
    case 'stop':
      return ['the rule that ends the run early'];
    case 'schema':
      return ['the schema of ', { name }];
    case 'gate':
    case 'rule':
      return [`${kind} `, { name }];
    default:
      return kind satisfies never;
  }
}

function textOf(claim: Claim | null, lead: string): Text {
  return claim?.text == null ? [] : [lead, shown(claim)];
}

/** A seed may be any text. */
function shown({ kind, text }: Claim): Text[number] {
  return kind === 'seed' ? { code: text ?? '', max: 40 } : { name: text ?? '' };
}
