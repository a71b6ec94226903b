// Answers GraphQL: walks an operation over nodes and collects data and errors as GitHub does. What the nodes say is not
// decided here.
import type { Call, Reply } from './exchange.ts';
import { type Operation, readDocument, type Selection, type Value } from './graphql-document.ts';
import { FieldError, type Node } from './graphql-node.ts';
import { rootOf } from './graphql-nodes.ts';
import type { World } from './world.ts';

/** A document the schema does not allow: nothing is answered. */
class DocumentError extends Error {
  readonly details: object;

  constructor(message: string, details: object) {
    super(message);
    this.details = details;
  }
}

/** Answers `POST /graphql`. Errors also come with status 200, as GitHub's do. */
export function answerGraphql(call: Call, world: World): Reply {
  const { query, variables = {} } = call.body as {
    query?: unknown;
    variables?: Readonly<Record<string, unknown>>;
  };
  if (typeof query !== 'string') {
    return { status: 400, body: { message: 'A query attribute must be specified and must be a string.' } };
  }
  const errors: object[] = [];
  try {
    const operation = readDocument(query);
    const known = valuesOf(operation, variables ?? {});
    const root = rootOf(operation.kind, call, world);
    const step = (selections: readonly Selection[], at: Node, path: readonly (string | number)[]) =>
      walk(selections, at, path, known, query, errors);
    const data = step(operation.selections, root, []);
    return { status: 200, body: errors.length > 0 ? { data, errors } : { data } };
  } catch (error) {
    if (error instanceof SyntaxError) {
      const details = { extensions: { code: 'parseError' } };
      return { status: 200, body: { errors: [{ ...details, message: `Parse error: ${error.message}` }] } };
    }
    if (!(error instanceof DocumentError)) throw error;
    return { status: 200, body: { errors: [{ ...error.details, message: error.message }] } };
  }
}

/** The variables' values: given, else the fallback. Throws when one that is needed is missing. */
function valuesOf(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const { name, type, fallback } of operation.variables) {
    const value = given[name] ?? (fallback === null ? null : plainOf(fallback, values));
    if (value === null && type.endsWith('!')) {
      throw new DocumentError(`Variable $${name} of type ${type} was provided invalid value`, {
        extensions: { value: null, problems: [{ path: [], explanation: 'Expected value to not be null' }] },
      });
    }
    values.set(name, value);
  }
  return values;
}

function plainOf(value: Value, variables: ReadonlyMap<string, unknown>): unknown {
  switch (value.kind) {
    case 'variable':
      if (variables.has(value.name)) return variables.get(value.name);
      throw new DocumentError(`Variable $${value.name} is used by anonymous query but not declared`, {
        extensions: { code: 'variableNotDefined', variableName: value.name },
      });
    case 'plain':
      return value.value;
    case 'list':
      return value.items.map((item) => plainOf(item, variables));
    case 'object':
      return Object.fromEntries(value.fields.map(([name, field]) => [name, plainOf(field, variables)]));
    default:
      throw new Error(value satisfies never);
  }
}

function walk(
  selections: readonly Selection[],
  at: Node,
  path: readonly (string | number)[],
  variables: ReadonlyMap<string, unknown>,
  query: string,
  errors: object[],
): Record<string, unknown> {
  const data: [string, unknown][] = [];
  for (const selection of selections) {
    if (selection.kind === 'fragment') {
      if (selection.type !== at.type) continue;
      data.push(...Object.entries(walk(selection.selections, at, path, variables, query, errors)));
      continue;
    }
    const { alias, name, selections: inner, offset } = selection;
    const here = [...path, alias];
    const locations = [placeOf(query, offset)];
    const field = at.fields.get(name);
    if (field === undefined) {
      throw new DocumentError(`Field '${name}' doesn't exist on type '${at.type}'`, {
        path: [at.type, name],
        extensions: { code: 'undefinedField', typeName: at.type, fieldName: name },
        locations,
      });
    }
    const args = Object.fromEntries(selection.args.map(([key, value]) => [key, plainOf(value, variables)]));
    const enter = (value: unknown, where: readonly (string | number)[]): unknown => {
      if (Array.isArray(value)) return value.map((one, index) => enter(one, [...where, index]));
      if (!isNode(value)) {
        if (inner === null || value === null) return value;
        throw new DocumentError(`Selections can't be made on scalars (field '${name}')`, { locations });
      }
      if (inner !== null) return walk(inner, value, where, variables, query, errors);
      throw new DocumentError(`Field must have selections (field '${name}' returns ${value.type})`, {
        extensions: { code: 'selectionMismatch' },
        locations,
      });
    };
    try {
      data.push([alias, enter(field(args) ?? null, here)]);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      data.push([alias, null]);
      errors.push({ type: error.type, path: here, locations, message: error.message });
    }
  }
  return Object.fromEntries(data);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

function placeOf(query: string, offset: number): { line: number; column: number } {
  const before = query.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
