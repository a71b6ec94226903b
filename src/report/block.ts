// What a report says, before any surface: text in pieces that say whether they can be trusted, and blocks of it.
// Every surface writes the same blocks with its own sinks.

/**
 * A piece of text. A string is ours: it holds no markup and nothing untrusted. `strong` likewise. `name` is untrusted
 * but usually a word; `code` is untrusted and cut at `max` code points (80 when left out).
 */
export type Piece =
  | string
  | { readonly strong: string }
  | { readonly name: string }
  | { readonly code: string; readonly max?: number };

export type Text = readonly Piece[];

/** A table; numbers are aligned right. At most five columns, the verdict first where there is one. */
export interface Table {
  readonly head: readonly string[];
  readonly align: readonly ('left' | 'right')[];
  readonly rows: readonly (readonly Text[])[];
}

/** `plot` lines are at most 58 columns and already made of visible characters. `quote` is untrusted text of any length. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'plot'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] };

/** A paragraph of that text. */
export function paragraph(text: Text): Block {
  return { kind: 'paragraph', text };
}

/** The texts one after the other, with our own `between` between them. */
export function joinText(texts: readonly Text[], between: string): Text {
  return texts.flatMap((text, i) => (i === 0 ? [...text] : [between, ...text]));
}
