// The page's script against a document made of the few things it touches: search, sort, more rows, copy, print.
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { SCRIPT } from '../../src/report/html-script.ts';

type Handler = () => unknown;

/** An element as far as the script knows one. It has no way to take markup: `textContent` is all there is. */
class Node {
  textContent = '';
  value = '';
  className = '';
  type = '';
  hidden = true;
  open = false;
  colSpan = 1;
  parentElement: Node | null = null;
  children: Node[] = [];
  readonly attributes = new Map<string, string>();
  readonly handlers = new Map<string, Handler>();
  focused = false;

  addEventListener(name: string, handler: Handler): void {
    this.handlers.set(name, handler);
  }
  fire(name: string): unknown {
    return this.handlers.get(name)?.();
  }
  insertCell(): Node {
    const cell = new Node();
    this.append(cell);
    return cell;
  }
  append(...children: Node[]): void {
    for (const child of children) child.parentElement = this;
    this.children.push(...children);
  }
  replaceChildren(...children: Node[]): void {
    this.children = [];
    this.append(...children);
  }
  get nextSibling(): Node | undefined {
    const { children } = this.parentElement!;
    return children[children.indexOf(this) + 1];
  }
  after(node: Node): void {
    const { children } = this.parentElement!;
    node.parentElement = this.parentElement;
    children.splice(children.indexOf(this) + 1, 0, node);
  }
  remove(): void {
    const { children } = this.parentElement!;
    children.splice(children.indexOf(this), 1);
  }
  /** All that is read in it. */
  get text(): string {
    return [this.textContent, ...this.children.map((child) => child.text)].join('|');
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  focus(): void {
    this.focused = true;
  }
}

/** A page with these rows; the first column is text, the second a number. */
function open(
  rows: readonly (readonly [string, string])[],
  clipboard = true,
  told: readonly (readonly { readonly head: string; readonly text: string }[])[] = [],
) {
  const names = ['unit-data', 'unit-search', 'unit-more', 'unit-count', 'unit-tools', 'copy', 'reproduce'];
  const nodes = new Map(names.map((name) => [name, new Node()]));
  const heads = ['Unit', 'score'].map((name) => Object.assign(new Node(), { textContent: name }));
  const body = new Node();
  const frame = new Node();
  const columns = [
    { name: 'Unit', number: false },
    { name: 'score', number: true },
  ];
  nodes.get('unit-data')!.textContent = JSON.stringify({ columns, rows, told, first: 2 });
  nodes.get('reproduce')!.textContent = 'octobatch run x';
  const details = [new Node(), Object.assign(new Node(), { open: true })];
  const page = new Node();
  const copied: string[] = [];
  const table = { tBodies: [body], tHead: { rows: [{ cells: heads }] }, parentElement: frame };
  runInNewContext(SCRIPT, {
    document: {
      getElementById: (id: string) => (id === 'unit-table' ? table : (nodes.get(id) ?? null)),
      querySelectorAll: () => details.filter((one) => !one.open),
      createElement: () => new Node(),
    },
    addEventListener: (name: string, handler: Handler) => page.addEventListener(name, handler),
    getSelection: () => ({ selectAllChildren() {} }),
    navigator: clipboard
      ? { clipboard: { writeText: async (text: string) => void copied.push(text) } }
      : { clipboard: undefined },
  });
  return {
    node: (name: string) => nodes.get(name)!,
    press: (column: number) => heads[column]!.children[0]!.fire('click'),
    sorted: () => heads.map((head) => head.attributes.get('aria-sort') ?? null),
    units: () => body.children.map((line) => line.children[0]!.text.replaceAll('|', '')),
    body,
    details,
    page,
    frame,
    copied,
  };
}

const ROWS = [
  ['smith', '10'],
  ['guard', '9'],
  ['<b>witch</b>', ''],
  ['Smithy', '-1.5'],
] as const;

test('the first rows are shown, and a button brings the others and gives its place to the table', () => {
  const { node, units, frame } = open(ROWS);
  expect(units()).toEqual(['smith', 'guard']);
  expect([node('unit-more').hidden, node('unit-more').textContent]).toEqual([false, 'Show 2 more']);
  node('unit-more').fire('click');
  expect(units()).toHaveLength(4);
  expect([node('unit-more').hidden, frame.focused]).toEqual([true, true]);
});

test('a search finds a text in any column, whatever its case, and says how many', () => {
  const { node, units } = open(ROWS);
  expect([node('unit-tools').hidden, node('unit-count').textContent]).toEqual([false, '4 units']);
  node('unit-search').value = ' SMITH ';
  node('unit-search').fire('input');
  expect(units()).toEqual(['smith', 'Smithy']);
  expect(node('unit-count').textContent).toBe('2 of 4 units');
  node('unit-search').value = 'nothing like it';
  node('unit-search').fire('input');
  expect(units()).toEqual([]);
});

test('a heading sorts up, then down, then as it was; numbers as numbers, and nothing last', () => {
  const { node, units, press, sorted } = open(ROWS);
  node('unit-more').fire('click');
  press(1);
  expect(units()).toEqual(['Smithy', 'guard', 'smith', '<b>witch</b>']);
  expect(sorted()).toEqual([null, 'ascending']);
  press(1);
  expect(units()).toEqual(['smith', 'guard', 'Smithy', '<b>witch</b>']);
  expect(sorted()).toEqual([null, 'descending']);
  press(1);
  expect(units()).toEqual(ROWS.map(([unit]) => unit));
  press(0);
  expect(units()).toEqual(['<b>witch</b>', 'Smithy', 'guard', 'smith']);
  expect(sorted()).toEqual(['ascending', null]);
});

const TOLD = [
  [{ head: 'Prompt of ask', text: 'Who are you, <b>smith</b>?' }],
  [],
  [{ head: 'Answer to ask', text: 'A witch' }],
];

test('a unit of which more is known opens below its line and closes again, by a button that says which', () => {
  const { body } = open(ROWS, true, TOLD);
  const button = body.children[0]!.children[0]!.children[0]!;
  expect([button.type, button.attributes.get('aria-expanded')]).toEqual(['button', 'false']);
  button.fire('click');
  expect(button.attributes.get('aria-expanded')).toBe('true');
  expect(body.children).toHaveLength(3);
  expect(body.children[1]!.children[0]!.colSpan).toBe(2);
  expect(body.children[1]!.text).toContain('|Prompt of ask|Who are you, <b>smith</b>?');
  button.fire('click');
  expect(button.attributes.get('aria-expanded')).toBe('false');
  expect(body.children).toHaveLength(2);
  // Of the second unit there is nothing more to tell.
  expect(body.children[1]!.children[0]!.children).toEqual([]);
});

test('a search looks into prompts and answers too, and what was opened stays open', () => {
  const { node, body } = open(ROWS, true, TOLD);
  node('unit-search').value = 'a WITCH';
  node('unit-search').fire('input');
  expect(body.children).toHaveLength(1);
  body.children[0]!.children[0]!.children[0]!.fire('click');
  node('unit-search').fire('input');
  expect(body.children[1]!.text).toContain('|Answer to ask|A witch');
});

test('what is folded is open on paper, and folded again afterwards', () => {
  const { page, details } = open(ROWS);
  page.fire('beforeprint');
  expect(details.map((one) => one.open)).toEqual([true, true]);
  page.fire('afterprint');
  expect(details.map((one) => one.open)).toEqual([false, true]);
});

test('the command is copied, or at least selected', async () => {
  const { node, copied } = open(ROWS);
  expect(node('copy').hidden).toBe(false);
  await node('copy').fire('click');
  expect([copied, node('copy').textContent]).toEqual([['octobatch run x'], 'Copied']);
  const refused = open(ROWS, false);
  await refused.node('copy').fire('click');
  expect(refused.node('copy').textContent).toBe('Selected');
});

test('no way of writing markup stands in the script', () => {
  expect(SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function|style\b/);
});
