// From YAML text to a tree. Refuses what could surprise or explode: several documents, repeated keys, own tags,
// self-reference, alias bombs, deep nesting.
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
import { isFloat, isInt, type Value } from '../expression/values.ts';
import type { Mistakes } from './mistakes.ts';
import { plainScalar, type YamlVersion } from './scalars.ts';
import type { SourceText } from './source-text.ts';
import type { ListTree, MapEntry, MapTree, ScalarStyle, ScalarTree, Tree } from './tree.ts';
import { foreignTag, MAX_DEPTH, syntaxProblem, TreeProblem, tooDeep } from './tree-problem.ts';

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
      const { what, fix } = tooDeep(0);
      mistakes.add(source.placeAt(0), what, fix);
    } else throw error;
    return null;
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
        for (const entry of this.merged(tree, keyTree.start)) merged.push(entry);
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
    if (tag === 'tag:yaml.org,2002:int' && isInt(value)) return value;
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
