// What a node of the graph is, and how one of its fields says no. It knows no type of GitHub's.

/** An object of the graph: its type, and what each of its fields gives. */
export interface Node {
  readonly type: string;
  readonly fields: ReadonlyMap<string, (args: Readonly<Record<string, unknown>>) => unknown>;
}

/** A field's error: the field becomes null, the rest is answered. */
export class FieldError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** A node from plain fields. */
export function node(
  type: string,
  fields: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => unknown>>,
): Node {
  const named = { __typename: () => type, ...fields };
  return { type, fields: new Map(Object.entries(named)) };
}
