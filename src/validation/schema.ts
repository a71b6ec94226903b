// From the text of a JSON Schema to something answers can be held against. An interpreter of our own, because schemas
// and answers are both untrusted: patterns run in linear time, every step costs fuel, nothing is fetched or generated.
import { JsonError, parseJson } from '../expression/json.ts';
import { dictEntries, dictGet, PyDict, PyList, type Value } from '../expression/values.ts';
import { APPLICATORS } from './applicators.ts';
import type { Issue } from './failure.ts';
import {
  type Draft,
  isLegacy,
  type KeywordCompiler,
  patternAt,
  SchemaError,
  type Site,
  VALUE_KEYWORDS,
} from './keywords.ts';
import { createNode, escapePointer, OutOfSteps, Run, type SchemaNode } from './node.ts';
import type { Pattern } from './pattern.ts';
import { show } from './wording.ts';

/** A schema that answers can be held against. */
export interface CompiledSchema {
  /** The compiled schema as a tree, for coercion. */
  readonly root: SchemaNode;
  /** Everything wrong with a value that came from JSON, at most 50 issues; empty when it fits. */
  check(value: Value): readonly Issue[];
  /** A run with fresh fuel, for holding values against parts of the tree. */
  createRun(issues: Issue[] | null): Run;
}

const MAX_TEXT = 1_000_000;
// Compiling a pattern can cost 1 ms per ten characters.
const MAX_PATTERN_TEXT = 20_000;

/** Compiles a JSON Schema (2020-12 unless `$schema` names draft 4, 6, 7 or 2019-09). Throws SchemaError. */
export function compileSchema(text: string): CompiledSchema {
  if (text.length > MAX_TEXT) {
    throw new SchemaError(`the schema is longer than ${MAX_TEXT} characters`, '');
  }
  const compiler = new Compiler(parseSchema(text));
  const root = compiler.compile();
  return {
    root,
    check(value) {
      const issues: Issue[] = [];
      const run = this.createRun(issues);
      try {
        run.check(root, value, null, null);
      } catch (error) {
        if (!(error instanceof OutOfSteps)) throw error;
        issues.push({ path: '', rule: 'limit', message: 'is too large or too deeply nested to be checked' });
      }
      return issues;
    },
    createRun: (issues) => new Run(compiler.tracks, issues),
  };
}

function parseSchema(text: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const place = `line ${error.line}, column ${error.column}`;
    throw new SchemaError(`the schema is not JSON: ${error.message} at ${place}`, '');
  }
}

const DIALECTS: readonly (readonly [RegExp, Draft])[] = [
  [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, '2020-12'],
  [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, '2019-09'],
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, '7'],
  [/^https?:\/\/json-schema\.org\/draft-06\/schema#?$/, '6'],
  [/^https?:\/\/json-schema\.org\/draft-04\/schema#?$/, '4'],
];

function draftOf(schema: Value): Draft {
  const dialect = schema instanceof PyDict ? dictGet(schema, '$schema') : undefined;
  if (dialect === undefined) return '2020-12';
  const known = DIALECTS.find(([pattern]) => typeof dialect === 'string' && pattern.test(dialect));
  if (known !== undefined) return known[1];
  throw new SchemaError(
    `"$schema" names ${show(dialect)}, which is not known; use https://json-schema.org/draft/2020-12/schema`,
    '/$schema',
  );
}

/** Keywords whose argument holds schemas: one, a list of them, or a map of them. */
const HOLDS_SCHEMA = new Set([
  'additionalItems',
  'unevaluatedItems',
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]);
const HOLDS_LIST = new Set(['prefixItems', 'items', 'allOf', 'anyOf', 'oneOf']);
const HOLDS_MAP = new Set([
  '$defs',
  'definitions',
  'properties',
  'patternProperties',
  'dependentSchemas',
  'dependencies',
]);

const KEYWORDS: readonly (readonly [string, KeywordCompiler])[] = [...VALUE_KEYWORDS, ...APPLICATORS];

// Where a schema without `$id` stands; references into other places are refused, so nobody sees it.
const NOWHERE = 'schema:/';

/** Compiles one document: finds its subschemas and names, then compiles each of them once. */
class Compiler {
  /** True when some subschema asks what others have looked at. */
  tracks = false;
  private readonly document: Value;
  private readonly draft: Draft;
  private readonly nodes = new Map<string, SchemaNode>();
  /** Base URI of each subschema, by JSON pointer. */
  private readonly bases = new Map<string, string>();
  /** JSON pointers by absolute URI: of resources (no fragment) and of anchors (with fragment). */
  private readonly names = new Map<string, string>();
  /** How many resources define a dynamic anchor. */
  private readonly dynamicAnchors = new Map<string, number>();
  private readonly waiting: { readonly schema: PyDict; readonly node: SchemaNode }[] = [];
  private patternText = 0;

  constructor(document: Value) {
    this.document = document;
    this.draft = draftOf(document);
  }

  compile(): SchemaNode {
    this.names.set(NOWHERE, '');
    this.collect(this.document, '', NOWHERE);
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      this.fill(next.schema, next.node);
    }
    refuseLoops(this.nodes.values());
    return this.nodes.get('')!;
  }

  /** Registers a subschema and all below it. */
  private collect(schema: Value, pointer: string, base: string): void {
    if (this.nodes.has(pointer)) return;
    const node = createNode(pointer);
    this.nodes.set(pointer, node);
    if (typeof schema === 'boolean') {
      node.always = schema;
      return;
    }
    if (!(schema instanceof PyDict)) {
      throw new SchemaError(
        `a schema must be an object, true or false, but this is ${show(schema)}`,
        pointer,
      );
    }
    const own = this.registerNames(schema, pointer, base);
    this.bases.set(pointer, own);
    this.waiting.push({ schema, node });
    for (const [key, argument] of dictEntries(schema)) {
      const keyword = String(key);
      const at = `${pointer}/${escapePointer(keyword)}`;
      if (argument instanceof PyList && HOLDS_LIST.has(keyword)) {
        for (let i = 0; i < argument.length; i++) this.collect(argument.items[i]!, `${at}/${i}`, own);
      } else if (HOLDS_SCHEMA.has(keyword)) {
        this.collect(argument, at, own);
      } else if (HOLDS_MAP.has(keyword)) {
        if (!(argument instanceof PyDict)) throw new SchemaError(`"${keyword}" must be an object`, at);
        for (const [name, child] of dictEntries(argument)) {
          if (keyword === 'dependencies' && child instanceof PyList) continue;
          this.collect(child, `${at}/${escapePointer(String(name))}`, own);
        }
      }
    }
  }

  /** Registers `$id` and anchors; returns the base URI inside this schema. */
  private registerNames(schema: PyDict, pointer: string, base: string): string {
    if (isLegacy(this.draft) && dictGet(schema, '$ref') !== undefined) return base;
    let own = base;
    const id = dictGet(schema, this.draft === '4' ? 'id' : '$id');
    if (typeof id === 'string') {
      const url = parseUri(id, base, `${pointer}/$id`);
      if (url.hash.length > 1) {
        this.names.set(url.href, pointer);
      } else {
        url.hash = '';
        own = url.href;
        this.register(own, pointer);
      }
    }
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = dictGet(schema, keyword);
      if (typeof anchor !== 'string') continue;
      this.register(`${own}#${anchor}`, pointer);
      if (keyword === '$dynamicAnchor') this.countDynamic(`#${anchor}`);
    }
    if (dictGet(schema, '$recursiveAnchor') === true) this.countDynamic('#');
    return own;
  }

  private register(uri: string, pointer: string): void {
    if (this.names.has(uri) && this.names.get(uri) !== pointer) {
      throw new SchemaError(`two schemas are called ${show(uri)}`, pointer);
    }
    this.names.set(uri, pointer);
  }

  private countDynamic(reference: string): void {
    this.dynamicAnchors.set(reference, (this.dynamicAnchors.get(reference) ?? 0) + 1);
  }

  private fill(schema: PyDict, node: SchemaNode): void {
    const alone = isLegacy(this.draft) && dictGet(schema, '$ref') !== undefined;
    for (const [keyword, compile] of KEYWORDS) {
      const argument = dictGet(schema, keyword);
      if (argument === undefined || (alone && keyword !== '$ref')) continue;
      if (keyword.startsWith('unevaluated')) this.tracks = true;
      compile(argument, this.siteOf(schema, node, keyword));
    }
  }

  private siteOf(schema: PyDict, node: SchemaNode, keyword: string): Site {
    const pointer = `${node.pointer}/${escapePointer(keyword)}`;
    return {
      draft: this.draft,
      schema,
      node,
      keyword,
      pointer,
      child: (at) => this.nodeAt(at, pointer),
      resolve: (reference) => this.resolve(reference, keyword, this.bases.get(node.pointer)!, pointer),
      pattern: (source, at) => this.compilePattern(source, at),
    };
  }

  private nodeAt(pointer: string, asker: string): SchemaNode {
    const node = this.nodes.get(pointer);
    if (node !== undefined) return node;
    throw new SchemaError('a schema was expected here: an object, true or false', asker);
  }

  private compilePattern(source: string, pointer: string): Pattern {
    this.patternText += source.length;
    if (this.patternText > MAX_PATTERN_TEXT) {
      throw new SchemaError(`the patterns together are longer than ${MAX_PATTERN_TEXT} characters`, pointer);
    }
    return patternAt(source, pointer);
  }

  /** The subschema a reference leads to. Nothing outside the document is ever fetched. */
  private resolve(reference: string, keyword: string, base: string, asker: string): SchemaNode {
    if (keyword !== '$ref' && (this.dynamicAnchors.get(reference.slice(reference.indexOf('#'))) ?? 0) > 1) {
      throw new SchemaError(`"${keyword}" could lead to several places; use "$ref"`, asker);
    }
    const url = parseUri(reference, base, asker);
    const fragment = url.hash.slice(1);
    url.hash = '';
    const named = this.names.get(fragment === '' ? url.href : `${url.href}#${fragment}`);
    if (named !== undefined) return this.nodeAt(named, asker);
    const resource = this.names.get(url.href);
    if (resource === undefined) {
      throw new SchemaError(
        `refers to ${show(reference)}, which is not in this schema; copy what it means under "$defs"`,
        asker,
      );
    }
    const pointer = fragment.startsWith('/') ? resource + decodeFragment(fragment) : null;
    const target = pointer === null ? undefined : valueAt(this.document, pointer);
    if (pointer === null || target === undefined) {
      throw new SchemaError(`refers to ${show(reference)}, but there is nothing`, asker);
    }
    // A definition may stand under a name that is no keyword, such as `#/components/card`.
    this.collect(target, pointer, this.bases.get(resource) ?? base);
    return this.nodeAt(pointer, asker);
  }
}

function parseUri(reference: string, base: string, pointer: string): URL {
  try {
    return new URL(reference, base);
  } catch {
    throw new SchemaError(`${show(reference)} is not a valid reference`, pointer);
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function valueAt(document: Value, pointer: string): Value | undefined {
  let value: Value | undefined = document;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value instanceof PyDict) value = dictGet(value, name);
    else if (value instanceof PyList && /^\d{1,9}$/.test(name)) value = value.items[Number(name)];
    else return undefined;
  }
  return value;
}

/** Refuses a schema that applies itself to the same value for ever, such as `{"$ref": "#"}`. */
function refuseLoops(nodes: Iterable<SchemaNode>): void {
  // Depth first with a stack of its own, for a chain of references may be as long as the schema.
  const open = new Set<SchemaNode>();
  const done = new Set<SchemaNode>();
  for (const start of nodes) {
    const path: { readonly node: SchemaNode; next: number }[] = [];
    const enter = (node: SchemaNode): void => {
      open.add(node);
      path.push({ node, next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.node.inPlace[top.next++];
      if (next === undefined) {
        path.pop();
        open.delete(top.node);
        done.add(top.node);
      } else if (open.has(next)) {
        throw new SchemaError('this schema refers to itself without looking into the data', next.pointer);
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
}
