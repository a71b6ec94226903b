// Pipelines whose units become several, and answers that depend on the request alone.
import { sha256Hex } from '../../src/expression/sha256.ts';
import { dictOf } from '../../src/expression/values.ts';
import type {
  ExpressionStep,
  FanOutStep,
  LlmStep,
  LoadedPipeline,
  Pipeline,
  Step,
} from '../../src/pipeline/pipeline.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { type Script, textAnswer } from './scripted-provider.ts';
import { pipelineOf } from './world.ts';

const NO_CHECKS = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };
const RETRY = { maxAttempts: 3, feedback: true, from: null };

/** A step that fans out the list in `field`. */
export function split(field: string, childField: string, maxChildren: number, name = 'split'): FanOutStep {
  return { kind: 'fan_out', name, field, childField, maxChildren, retry: RETRY };
}

/** A local step that assigns one field, and may hold it against a rule. */
export function local(name: string, field: string, expr: string, rule: string | null = null): ExpressionStep {
  const rules =
    rule === null ? [] : [{ name: 'rule', expr: rule, when: null, error: 'no', level: 'error' } as const];
  return {
    kind: 'expression',
    name,
    init: [],
    expressions: [{ name: field, expr }],
    loopUntil: null,
    maxIterations: 10,
    checks: { ...NO_CHECKS, rules },
    retry: RETRY,
  };
}

const ASK = pipelineOf(1).pipeline.steps[0] as LlmStep;

/** Asks for `{"lines": [...]}`. */
export const WRITE: LlmStep = {
  ...ASK,
  name: 'write',
  template: 'write',
  schema: '{"type":"object","required":["lines"],"properties":{"lines":{"type":"array"}}}',
};

/** Asks for `{"n": integer}` about one line. */
export const RATE: LlmStep = { ...ASK, name: 'rate', template: 'rate' };

/** A pipeline of these steps over three items; the second is written no line. */
export function chorus(
  steps: readonly Step[],
  more: Partial<Pipeline> = {},
  items: readonly string[] = ['ant', 'elk', 'cat'],
): LoadedPipeline {
  const { pipeline } = pipelineOf(1, {}, more);
  const templates = {
    write: 'write about {{ unit_id }}',
    rate: 'rate {{ unit_id }}: {{ line }}',
    ask: 'ask {{ unit_id }}',
  };
  const fields = (id: string) => dictOf([['kind', id]]);
  return {
    pipeline: { ...pipeline, templates, steps },
    items: new Map([['items', items.map((id) => ({ id, fields: fields(id) }))]]),
  };
}

/** How many lines the unit in a prompt is written: 0 to 4, by its id. */
export function linesOf(unit: string): number {
  return Number.parseInt(sha256Hex(`hum ${unit}`).slice(0, 8), 16) % 5;
}

/** Lists of `linesOf` lines, and numbers 0 to 8; what `bad` says to a request is not accepted. */
export function choir(bad: (request: ModelRequest) => boolean = () => false): Script {
  const answer = (request: ModelRequest): Answer => {
    if (bad(request)) return textAnswer(request, 'no JSON');
    const [, verb, unit = ''] = /^(\w+) (?:about )?([^\s:]+)/.exec(request.prompt) ?? [];
    if (verb !== 'write') {
      return textAnswer(request, `{"n": ${Number.parseInt(sha256Hex(unit).slice(0, 8), 16) % 9}}`);
    }
    const lines = Array.from({ length: linesOf(unit) }, (_, i) => `${unit} sings ${i}`);
    return textAnswer(request, JSON.stringify({ lines }));
  };
  return {
    rows: (requests) => requests.map(answer),
    ask: (request) => ({ kind: 'answered', answer: answer(request) }),
  };
}

/** One request in so many is answered badly, by its prompt and attempt. */
export function sometimes(salt: number, oneIn: number): (request: ModelRequest) => boolean {
  return ({ customId }) =>
    Number.parseInt(sha256Hex(`${salt} ${customId.slice(9)}`).slice(0, 8), 16) % oneIn === 0;
}
