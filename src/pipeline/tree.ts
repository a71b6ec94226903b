// A YAML or JSON text as a tree in which every node knows its place and keeps what was written. Reads no text itself.
import { dictOf, listOf, type Value } from '../expression/values.ts';
import type { Place } from './mistakes.ts';
import type { SourceText } from './source-text.ts';

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

/** Text, a number, a boolean or nothing. */
export interface ScalarTree extends NodeBase {
  readonly kind: 'scalar';
  readonly value: Value;
  /** The text as YAML decodes it, before it is read as a number or a boolean. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Offset after the scalar's last character. */
  readonly end: number;
}

/** A value and where its key stands. */
export interface MapEntry {
  readonly keyStart: number;
  readonly keySource: SourceText;
  readonly tree: Tree;
}

/** A mapping, in order. */
export interface MapTree extends NodeBase {
  readonly kind: 'map';
  /** Keys as text, as Python's `json.dumps` would write them. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/** A list. */
export interface ListTree extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

/** A node of a YAML or JSON text. */
export type Tree = ScalarTree | MapTree | ListTree;

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
