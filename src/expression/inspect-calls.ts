// Calls and attributes that must fail whatever the values are: too many arguments, a method that no type has.
// It refuses to guess types: a receiver counts as known only when it is written out.
import { METHOD_TABLES, PLAIN_ATTRIBUTES } from './attributes.ts';
import { BUILTINS } from './builtins.ts';
import { bind, type Signature, signatureOf } from './calls.ts';
import { ExpressionError } from './errors.ts';
import { type Surroundings, visitTree } from './inspect.ts';
import type { Node } from './syntax.ts';
import { PyFunction, PyModule, PyType, type Value } from './values.ts';

/** One thing that cannot work. `word` is what could not be found among `known`, or null when nothing was looked up. */
export interface CallProblem {
  /** Offset into the source. */
  readonly start: number;
  readonly what: string;
  readonly word: string | null;
  readonly known: readonly string[];
  /** How to write it, when that is known. */
  readonly usage: string | null;
}

type Call = Node & { readonly kind: 'call' };
type Attribute = Node & { readonly kind: 'attribute' };

/** Functions of any number of arguments: how many they cannot do without, and how they are called. */
const LEAST: ReadonlyMap<string, { readonly count: number; readonly usage: string }> = new Map([
  ['min', { count: 1, usage: 'min(items)' }],
  ['max', { count: 1, usage: 'max(items)' }],
  ['map', { count: 2, usage: 'map(function, items)' }],
]);

const ATTRIBUTES: readonly string[] = [
  ...new Set([...Object.values(METHOD_TABLES).flatMap((table) => [...table.keys()]), ...PLAIN_ATTRIBUTES]),
];

/** Every call and attribute of a tree that cannot work. `isField`: names that hide builtins. */
export function callProblems(tree: Node, isField: (name: string) => boolean): readonly CallProblem[] {
  const problems: CallProblem[] = [];
  const callees = new Set<Node>();
  visitTree(tree, (node, around) => {
    const builtinOf = (named: Node): Value | undefined => builtinNamed(named, around, isField);
    if (node.kind === 'call') {
      callees.add(node.callee);
      const problem = callProblem(node, builtinOf);
      if (problem !== null) problems.push(problem);
    } else if (node.kind === 'attribute') {
      const problem = attributeProblem(node, builtinOf(node.object), callees.has(node));
      if (problem !== null) problems.push(problem);
    }
  });
  return problems;
}

function builtinNamed(
  node: Node,
  { bound }: Surroundings,
  isField: (name: string) => boolean,
): Value | undefined {
  return node.kind === 'name' && !bound.has(node.name) && !isField(node.name)
    ? BUILTINS.get(node.name)
    : undefined;
}

function attributeProblem(node: Attribute, owner: Value | undefined, isCalled: boolean): CallProblem | null {
  const { name } = node;
  const start = node.end - name.length;
  if (owner instanceof PyModule) {
    if (owner.members.has(name)) return null;
    const what = `the module '${owner.name}' has no '${name}'`;
    return { start, what, word: name, known: [...owner.members.keys()], usage: null };
  }
  const type = writtenType(node.object);
  if (type !== null) {
    const table = METHOD_TABLES[type]!;
    if (table.has(name)) return null;
    return { start, what: `${type} has no '${name}'`, word: name, known: [...table.keys()], usage: null };
  }
  // A module may hide behind another name.
  if (ATTRIBUTES.includes(name) || isModuleMember(name)) return null;
  const what = `nothing has an attribute '${name}'`;
  // A dict's entries are no attributes, as in Python.
  const owned = node.object.kind === 'name' ? node.object.name : '...';
  return { start, what, word: name, known: ATTRIBUTES, usage: isCalled ? null : `${owned}['${name}']` };
}

function isModuleMember(name: string): boolean {
  return ['math', 'random'].some((module) => (BUILTINS.get(module) as PyModule).members.has(name));
}

// The type of a value that is written out; null for everything that is computed.
function writtenType(node: Node): string | null {
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'string' ? 'str' : null;
    case 'formatted':
      return 'str';
    case 'list':
    case 'tuple':
    case 'set':
    case 'dict':
      return node.kind;
    case 'comprehension':
      return node.form === 'generator' ? null : node.form;
    default:
      return null;
  }
}

function callProblem(node: Call, builtinOf: (node: Node) => Value | undefined): CallProblem | null {
  const isSpread = node.positional.some(({ kind }) => kind === 'starred');
  if (isSpread || node.named.some(({ name }) => name === null)) return null;
  const { callee } = node;
  if (callee.kind === 'attribute') {
    const owner = builtinOf(callee.object);
    if (owner instanceof PyModule) {
      const member = owner.members.get(callee.name);
      return member === undefined ? null : valueProblem(node, `${owner.name}.${callee.name}`, member);
    }
    return owner === undefined ? methodProblem(node, callee) : null;
  }
  const value = builtinOf(callee);
  return value === undefined || callee.kind !== 'name' ? null : valueProblem(node, callee.name, value);
}

function valueProblem(node: Call, shown: string, value: Value): CallProblem | null {
  if (!(value instanceof PyFunction || value instanceof PyType)) {
    return {
      start: node.start,
      what: `'${shown}' is no function`,
      word: null,
      known: [],
      usage: value instanceof PyModule ? `${shown}.name(...)` : shown,
    };
  }
  const target = signatureOf(value.body);
  if (target !== undefined) return bindProblem(node, shown, target);
  const least = LEAST.get(shown);
  if (least === undefined || node.positional.length >= least.count) return null;
  const what = `${shown}() needs at least ${least.count} argument${least.count === 1 ? '' : 's'}`;
  return { start: node.start, what, word: null, known: [], usage: least.usage };
}

// Certain only when no type has a method of this name that takes these arguments.
function methodProblem(node: Call, callee: Attribute): CallProblem | null {
  const type = writtenType(callee.object);
  const tables = type === null ? Object.values(METHOD_TABLES) : [METHOD_TABLES[type]!];
  let first: CallProblem | null = null;
  for (const table of tables) {
    const method = table.get(callee.name);
    if (method === undefined) continue;
    const target = signatureOf(method);
    const problem = target === undefined ? null : bindProblem(node, callee.name, target);
    if (problem === null) return null;
    first ??= problem;
  }
  return first;
}

// The runtime's own judgement, on arguments whose values do not matter.
function bindProblem(node: Call, shown: string, target: Signature): CallProblem | null {
  const named = new Map<string, Value>(node.named.map(({ name }) => [name ?? '', null]));
  try {
    bind(
      { ...target, name: shown },
      node.positional.map(() => null),
      named,
    );
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const start = node.callee.kind === 'attribute' ? node.callee.object.start : node.start;
    return { start, what: error.message, word: null, known: [], usage: usageOf(shown, target) };
  }
}

function usageOf(shown: string, { parameters, required, positional }: Signature): string {
  const parts = parameters.map((name, i) => {
    const part = i < positional ? name : `${name}=...`;
    return i < required ? part : `[${part}]`;
  });
  return `${shown}(${parts.join(', ')})`;
}
