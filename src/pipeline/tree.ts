// A YAML text as a tree in which every node knows its place. Refuses what could surprise or explode: several documents,
// repeated keys, own tags, self-reference, alias bombs, deep nesting.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { floatRepr } from '../expression/decimal.ts';
import { dictOf, isFloat, listOf, type Value } from '../expression/values.ts';
import type { Mistakes, Place } from './mistakes.ts';
import { plainScalar, type YamlVersion } from './scalars.ts';

/** A text and the name people know its file by. Line ends are \n. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  private starts: number[] | null = null;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.replace(/\r\n?/g, '\n');
  }

  /** The place of an offset; the column counts code points. */
  placeAt(offset: number): Place {
    this.starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const column = [...this.text.slice(this.starts[low]!, offset)].length + 1;
    return { file: this.file, line: low + 1, column };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

interface NodeBase {
  readonly source: SourceText;
  /** Offset of the node's first character. */
  readonly start: number;
  /** Nodes below and including this one, aliases written out. */
  readonly size: number;
  /** Levels below this node. */
  readonly height: number;
}

/** How a scalar was written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarTree extends NodeBase {
  readonly kind: 'scalar';
  readonly value: Value;
  /** The text as YAML decodes it, before it is read as a number or a boolean. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Offset after the scalar's last character. */
  readonly end: number;
}

export interface MapEntry {
  readonly keyStart: number;
  readonly keySource: SourceText;
  readonly tree: Tree;
}

export interface MapTree extends NodeBase {
  readonly kind: 'map';
  /** Keys as text, as Python's `json.dumps` would write them. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface ListTree extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export type Tree = ScalarTree | MapTree | ListTree;

/** Bounds on one YAML text. */
export interface TreeLimits {
  readonly characters: number;
  readonly nodes: number;
  readonly aliases: number;
}

/** For a configuration. */
export const CONFIG_LIMITS: TreeLimits = { characters: 1_000_000, nodes: 200_000, aliases: 100 };
/** For a file of items. The YAML parser takes about two seconds for a million characters. */
export const ITEMS_LIMITS: TreeLimits = { characters: 10_000_000, nodes: 5_000_000, aliases: 10_000 };

/** Levels of nesting in any file a user writes; the expression language's data limit leaves room above it. */
export const MAX_DEPTH = 50;

/** Reads one YAML document. Null after adding a mistake, or, without one, for a document with nothing in it. */
export function readTree(
  source: SourceText,
  version: YamlVersion,
  limits: TreeLimits,
  mistakes: Mistakes,
): Tree | null {
  try {
    return new TreeReader(source, version, limits).read();
  } catch (error) {
    if (error instanceof TreeProblem) mistakes.add(source.placeAt(error.offset), error.what, error.fix);
    else if (error instanceof RangeError) {
      // The YAML parser recurses; a text nested thousands deep ends its stack.
      mistakes.add(source.placeAt(0), 'the text is nested too deeply', `at most ${MAX_DEPTH} levels`);
    } else throw error;
    return null;
  }
}

class TreeProblem extends Error {
  readonly offset: number;
  readonly what: string;
  readonly fix: string;
  constructor(offset: number, what: string, fix: string) {
    super(what);
    this.offset = offset;
    this.what = what;
    this.fix = fix;
  }
}

class TreeReader {
  private readonly source: SourceText;
  private readonly version: YamlVersion;
  private readonly limits: TreeLimits;
  /** Null while the anchored node is being read: an alias to it would contain itself. */
  private readonly anchors = new Map<string, Tree | null>();
  private aliases = 0;

  constructor(source: SourceText, version: YamlVersion, limits: TreeLimits) {
    this.source = source;
    this.version = version;
    this.limits = limits;
  }

  read(): Tree | null {
    if (this.source.text.length > this.limits.characters) {
      const what = `more than ${this.limits.characters} characters of YAML`;
      throw new TreeProblem(0, what, 'move the items to a JSONL or CSV file');
    }
    // The failsafe schema leaves every scalar text: what plain ones mean is decided in scalars.ts.
    const documents = parseAllDocuments(this.source.text, {
      version: this.version,
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents)) return null;
    const [first, second] = documents as unknown as Document.Parsed[];
    const error = first?.errors[0];
    if (error !== undefined) throw syntaxProblem(error.code, error.message, error.pos[0], this.source.text);
    if (second !== undefined) {
      const at = this.source.text.lastIndexOf('---', second.contents?.range?.[0] ?? second.range[0]);
      throw new TreeProblem(
        Math.max(at, 0),
        'a second YAML document begins here',
        'keep one document per file',
      );
    }
    if (first === undefined || first.contents === null) return null;
    const contents: unknown = first.contents;
    if (isScalar(contents) && contents.type === 'PLAIN' && contents.source === '') return null;
    return this.node(contents, 0);
  }

  private node(node: unknown, depth: number): Tree {
    if (isAlias(node)) return this.alias(node.source, node.range?.[0] ?? 0);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) {
      throw new TreeProblem(0, 'this YAML cannot be read', 'write plain mappings, lists and text');
    }
    const start = node.range?.[0] ?? 0;
    if (depth > MAX_DEPTH) throw tooDeep(start);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, null);
    const tree = isScalar(node)
      ? this.scalar(node, start)
      : isMap(node)
        ? this.map(node, start, depth)
        : this.list(node, start, depth);
    if (tree.size > this.limits.nodes) {
      throw new TreeProblem(
        start,
        `more than ${this.limits.nodes} values once aliases are written out`,
        'remove the aliases, or split the data into a JSONL or CSV file',
      );
    }
    if (depth + tree.height > MAX_DEPTH) throw tooDeep(start);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, tree);
    return tree;
  }

  private alias(name: string, start: number): Tree {
    if (++this.aliases > this.limits.aliases) {
      throw new TreeProblem(start, `more than ${this.limits.aliases} aliases`, 'write the values out');
    }
    const tree = this.anchors.get(name);
    if (tree === undefined) {
      throw new TreeProblem(
        start,
        `the alias *${name} has no anchor before it`,
        `write &${name} at the value it stands for`,
      );
    }
    if (tree === null) {
      throw new TreeProblem(
        start,
        `the alias *${name} stands inside the value it stands for`,
        'write the value out',
      );
    }
    return tree;
  }

  private list(node: { items: unknown[]; tag?: string }, start: number, depth: number): ListTree {
    if (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:seq') throw foreignTag(node.tag, start);
    const items: Tree[] = [];
    let size = 1;
    let height = 1;
    for (const item of node.items) {
      const tree = this.node(item, depth + 1);
      size += tree.size;
      height = Math.max(height, tree.height + 1);
      items.push(tree);
    }
    return { kind: 'list', items, source: this.source, start, size, height };
  }

  private map(node: YAMLMap<unknown, unknown>, start: number, depth: number): MapTree {
    if (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:map') throw foreignTag(node.tag, start);
    const entries = new Map<string, MapEntry>();
    const merged: [string, MapEntry][] = [];
    let size = 1;
    let height = 1;
    for (const pair of node.items) {
      const keyTree = this.key(pair.key, start);
      const isMerge = keyTree.style === 'plain' && keyTree.text === '<<';
      if (isMerge && this.version === '1.2') {
        throw new TreeProblem(keyTree.start, "'<<' (merge) belongs to YAML 1.1", 'write the keys out');
      }
      const tree =
        pair.value === null || pair.value === undefined
          ? this.nothing(keyTree.end)
          : this.node(pair.value, depth + 1);
      size += tree.size;
      height = Math.max(height, tree.height + 1);
      if (isMerge) {
        merged.push(...this.merged(tree, keyTree.start));
        continue;
      }
      const key = keyText(keyTree.value);
      const before = entries.get(key);
      if (before !== undefined) {
        const line = this.source.placeAt(before.keyStart).line;
        throw new TreeProblem(
          keyTree.start,
          `the key '${key}' is here twice`,
          `the first is in line ${line}; keep one`,
        );
      }
      entries.set(key, { keyStart: keyTree.start, keySource: this.source, tree });
    }
    const all = merged.length === 0 ? entries : mergeUnder(merged, entries);
    return { kind: 'map', entries: all, source: this.source, start, size, height };
  }

  // Of several merged mappings the earlier one wins, hence the reversal: a later `set` overwrites.
  private merged(tree: Tree, start: number): [string, MapEntry][] {
    if (tree.kind === 'map') return [...tree.entries];
    if (tree.kind === 'list' && tree.items.every((item) => item.kind === 'map')) {
      return [...tree.items].reverse().flatMap((item) => (item.kind === 'map' ? [...item.entries] : []));
    }
    throw new TreeProblem(
      start,
      "'<<' needs a mapping or a list of mappings",
      'give it an alias such as *defaults',
    );
  }

  private key(node: unknown, mapStart: number): ScalarTree {
    if (isAlias(node)) {
      const tree = this.alias(node.source, node.range?.[0] ?? mapStart);
      if (tree.kind === 'scalar') return tree;
    }
    if (isScalar(node)) return this.scalar(node, node.range?.[0] ?? mapStart);
    throw new TreeProblem(mapStart, 'a key must be text', 'quote it, or write it on one line');
  }

  private nothing(start: number): ScalarTree {
    return {
      kind: 'scalar',
      value: null,
      text: '',
      style: 'plain',
      source: this.source,
      start,
      end: start,
      ...LEAF,
    };
  }

  private scalar(node: Scalar, start: number): ScalarTree {
    const text = node.source ?? String(node.value ?? '');
    const style = STYLES[node.type as keyof typeof STYLES] ?? 'plain';
    const value = this.meaning(text, style, node.tag, start);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TreeProblem(start, `${text} is not a finite number`, 'write a number, or quote it as text');
    }
    const end = node.range?.[1] ?? start + text.length;
    return { kind: 'scalar', value, text, style, source: this.source, start, end, ...LEAF };
  }

  private meaning(text: string, style: ScalarStyle, tag: string | undefined, start: number): Value {
    if (tag === undefined) return style === 'plain' ? plainScalar(text, this.version) : text;
    if (tag === '!' || tag === 'tag:yaml.org,2002:str') return text;
    const value = plainScalar(text, this.version);
    if (tag === 'tag:yaml.org,2002:int' && typeof value !== 'string' && !isFloat(value)) return value;
    if (tag === 'tag:yaml.org,2002:float' && isFloat(value)) return value;
    if (tag === 'tag:yaml.org,2002:bool' && typeof value === 'boolean') return value;
    if (tag === 'tag:yaml.org,2002:null' && value === null) return value;
    throw foreignTag(tag, start);
  }
}

const LEAF = { size: 1, height: 0 } as const;

const STYLES = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
} as const satisfies Record<string, ScalarStyle>;

function tooDeep(start: number): TreeProblem {
  return new TreeProblem(start, 'the text is nested too deeply', `at most ${MAX_DEPTH} levels`);
}

function foreignTag(tag: string, start: number): TreeProblem {
  const shown = tag.replace('tag:yaml.org,2002:', '!!');
  return new TreeProblem(start, `the tag ${shown} is not used in pipelines`, 'remove it');
}

// As PyYAML builds it: merged keys come first, own values replace them in place.
function mergeUnder(
  merged: readonly [string, MapEntry][],
  own: Map<string, MapEntry>,
): Map<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of merged) entries.set(key, entry);
  for (const [key, entry] of own) entries.set(key, entry);
  return entries;
}

function keyText(value: Value): string {
  if (value === null) return 'null';
  if (isFloat(value)) return floatRepr(typeof value === 'number' ? value : value.value);
  return String(value);
}

function syntaxProblem(code: string, message: string, offset: number, text: string): TreeProblem {
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return tooDeep(offset);
    case 'TAB_AS_INDENT':
      return new TreeProblem(offset, 'a tab is used for indentation', 'indent with spaces');
    case 'BAD_INDENT':
      return misaligned(offset);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return new TreeProblem(offset, "a second ': ' on one line is not YAML", 'put quotes around the text');
    case 'BAD_SCALAR_START':
      return new TreeProblem(
        offset,
        `text cannot begin with ${text[offset] ?? 'this'}`,
        'put quotes around it',
      );
    case 'MISSING_CHAR':
      if (message.includes('quote'))
        return new TreeProblem(offset, 'a quote is not closed', 'close it before this place');
      if (message.includes('indicator')) return misaligned(offset);
      return new TreeProblem(
        offset,
        `the text is not YAML: ${plainMessage(message)}`,
        'close what was opened before this place',
      );
    default:
      return new TreeProblem(
        offset,
        `the text is not YAML: ${plainMessage(message)}`,
        'check quotes, brackets and indentation here',
      );
  }
}

function misaligned(offset: number): TreeProblem {
  return new TreeProblem(
    offset,
    'the indentation does not fit the lines above',
    'align it with its neighbours, and close every bracket',
  );
}

function plainMessage(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** The value a tree stands for; order, integers and floats as written. */
export function toValue(tree: Tree): Value {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return listOf(tree.items.map(toValue));
    case 'map':
      return dictOf([...tree.entries].map(([key, entry]) => [key, toValue(entry.tree)] as const));
    default:
      return tree satisfies never;
  }
}

/** The place of the node itself. */
export function placeOf(tree: Tree): Place {
  return tree.source.placeAt(tree.start);
}
