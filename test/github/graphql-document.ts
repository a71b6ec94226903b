// Reads the part of GraphQL's language that clients of GitHub write: one operation with fields, arguments, variables,
// aliases and inline fragments. No named fragments, no directives, no subscriptions.

/** An argument's value: a variable by its name, or a plain value. */
export type Value =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'plain'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Value])[] };

/** What is selected of an object: a field, or more fields when the object is of a type. */
export type Selection =
  | {
      readonly kind: 'field';
      /** The name in the answer. */
      readonly alias: string;
      readonly name: string;
      readonly args: readonly (readonly [string, Value])[];
      readonly selections: readonly Selection[] | null;
      readonly offset: number;
    }
  | { readonly kind: 'fragment'; readonly type: string; readonly selections: readonly Selection[] };

/** One operation. `variables` by name, with the type as it was written. */
export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly variables: readonly {
    readonly name: string;
    readonly type: string;
    readonly fallback: Value | null;
  }[];
  readonly selections: readonly Selection[];
}

interface Word {
  readonly text: string;
  readonly offset: number;
}

const WORD = /[\s,]+|#[^\n]*|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|[_A-Za-z]\w*|\.\.\.|[!$():=@[\]{}]/y;

/** Reads a document with one operation. Throws SyntaxError. */
export function readDocument(text: string): Operation {
  const words = split(text);
  let at = 0;

  const peek = () => words[at]?.text ?? '';
  const take = (): Word => {
    const word = words[at++];
    if (word === undefined) throw new SyntaxError('unexpected end of document');
    return word;
  };
  const accept = (wanted: string): boolean => {
    if (peek() !== wanted) return false;
    at += 1;
    return true;
  };
  const expect = (wanted: string): void => {
    const { text: got, offset } = take();
    if (got !== wanted) throw new SyntaxError(`expected ${wanted} but got ${got} at ${offset}`);
  };

  function readValue(): Value {
    if (accept('$')) return { kind: 'variable', name: take().text };
    if (accept('[')) {
      const items: Value[] = [];
      while (!accept(']')) items.push(readValue());
      return { kind: 'list', items };
    }
    if (accept('{')) {
      const fields: (readonly [string, Value])[] = [];
      while (!accept('}')) fields.push(readPair());
      return { kind: 'object', fields };
    }
    const { text: word } = take();
    // An enum's value is a bare word.
    const plain = /^(?:"|-?\d|true$|false$|null$)/.test(word) ? JSON.parse(word) : word;
    return { kind: 'plain', value: plain };
  }

  function readPair(): readonly [string, Value] {
    const name = take().text;
    expect(':');
    return [name, readValue()];
  }

  function readSelections(): readonly Selection[] {
    expect('{');
    const found: Selection[] = [];
    while (!accept('}')) found.push(readSelection());
    return found;
  }

  function readSelection(): Selection {
    if (accept('...')) {
      expect('on');
      return { kind: 'fragment', type: take().text, selections: readSelections() };
    }
    const first = take();
    const name = accept(':') ? take().text : first.text;
    const args: (readonly [string, Value])[] = [];
    if (accept('(')) while (!accept(')')) args.push(readPair());
    const selections = peek() === '{' ? readSelections() : null;
    return { kind: 'field', alias: first.text, name, args, selections, offset: first.offset };
  }

  function readType(): string {
    let type = '';
    if (accept('[')) {
      type = `[${readType()}]`;
      expect(']');
    } else {
      type = take().text;
    }
    return accept('!') ? `${type}!` : type;
  }

  let kind: Operation['kind'] = 'query';
  const variables: { name: string; type: string; fallback: Value | null }[] = [];
  if (peek() !== '{') {
    const word = take().text;
    if (word !== 'query' && word !== 'mutation') throw new SyntaxError(`unexpected ${word}`);
    kind = word;
    if (peek() !== '{' && peek() !== '(') take();
    if (accept('(')) {
      while (!accept(')')) {
        expect('$');
        const name = take().text;
        expect(':');
        const type = readType();
        variables.push({ name, type, fallback: accept('=') ? readValue() : null });
      }
    }
  }
  const selections = readSelections();
  if (at < words.length) throw new SyntaxError(`unexpected ${peek()} after the operation`);
  return { kind, variables, selections };
}

function split(text: string): readonly Word[] {
  const words: Word[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const offset = WORD.lastIndex;
    const match = WORD.exec(text);
    if (match === null) throw new SyntaxError(`unexpected character at ${offset}`);
    if (!/^[\s,#]/.test(match[0])) words.push({ text: match[0], offset });
  }
  return words;
}
