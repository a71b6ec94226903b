// GitHub's own description of its REST API, and what a request or an answer has wrong by it.
import { readFileSync } from 'node:fs';
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { Call, Reply } from './exchange.ts';

interface Operation {
  readonly id: string;
  readonly query: Readonly<Record<string, Schema>>;
  readonly body?: Schema | null;
  readonly bodyRequired?: boolean;
  /** By status; an empty schema describes nothing. */
  readonly answers: Readonly<Record<string, Schema>>;
}

/** A description that requests and answers can be held against. */
export interface Description {
  /** The operation's name, as GitHub calls it, or undefined when the description has none for the route. */
  idOf(route: string): string | undefined;
  requestProblems(route: string, call: Call): readonly string[];
  replyProblems(route: string, reply: Reply): readonly string[];
}

/** Reads the description that lies with the fixtures. `route` is a method and a path with braces. */
export function readDescription(): Description {
  const text = readFileSync(new URL('../fixtures/github-api.json', import.meta.url), 'utf8');
  const { operations, schemas } = JSON.parse(text) as {
    operations: Readonly<Record<string, Operation>>;
    schemas: Readonly<Record<string, Schema>>;
  };
  const validators = new Map<Schema, Validator>();

  function problems(schema: Schema, value: unknown, what: string): readonly string[] {
    const known = validators.get(schema) ?? new Validator({ schemas, allOf: [schema] }, '2020-12', false);
    validators.set(schema, known);
    return known
      .validate(value)
      .errors.filter(isInnermost)
      .map((error) => `${what}: ${wordsOf(error)}`);
  }

  return {
    idOf: (route) => operations[route]?.id,
    requestProblems(route, call) {
      const operation = operations[route];
      if (operation === undefined) return [`${route} is not described`];
      const found: string[] = [];
      for (const [name, text] of call.query) {
        const schema = operation.query[name];
        if (schema === undefined) found.push(`query: ${name} is not described`);
        else found.push(...problems(schema, typed(text, schema), `query ${name}`));
      }
      if (call.body === null) {
        if (operation.bodyRequired === true) found.push('body: is missing');
      } else if (operation.body === undefined || operation.body === null) {
        found.push('body: is not described');
      } else {
        found.push(...problems(operation.body, call.body, 'body'), ...strangers(operation.body, call.body));
      }
      return found;
    },
    replyProblems(route, { status, body }) {
      const operation = operations[route];
      if (operation === undefined) return [`${route} is not described`];
      const schema = operation.answers[String(status)];
      // What any call may meet is described once for all, not with each operation.
      if (schema === undefined) {
        return status >= 400 ? [] : [`answer: status ${status} is not described`];
      }
      return body === undefined ? [] : problems(schema, body, `answer ${status}`);
    },
  };
}

/** Fields of a body that the description does not know: GitHub would ignore them without a word. */
function strangers(schema: Schema, body: unknown): readonly string[] {
  const { properties } = schema;
  if (properties === undefined || typeof body !== 'object' || body === null) return [];
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => `body: ${name} is not described`);
}

function typed(text: string, { type }: Schema): unknown {
  if (type === 'integer' || type === 'number') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** Those that only say that something inside is wrong tell nothing new. */
function isInnermost({ keyword }: OutputUnit): boolean {
  return !['$ref', 'properties', 'items', 'allOf', 'anyOf', 'oneOf'].includes(keyword);
}

function wordsOf({ instanceLocation, error }: OutputUnit): string {
  return `${instanceLocation} ${error}`;
}
