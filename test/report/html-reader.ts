// Reads a page as strictly as it is written: every element closed where it was opened, every attribute quoted, nothing
// but known elements and attributes. Throws at the first thing that is not so.

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const VOID = new Set(['meta', 'link', 'input']);
const KNOWN = new Set([
  ...['html', 'head', 'meta', 'link', 'title', 'style', 'script', 'body', 'header', 'nav', 'main', 'section'],
  ...[
    'h1',
    'h2',
    'p',
    'a',
    'ul',
    'li',
    'div',
    'span',
    'strong',
    'small',
    'code',
    'pre',
    'figure',
    'figcaption',
  ],
  ...[
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'details',
    'summary',
    'label',
    'input',
    'output',
    'button',
  ],
  ...['svg', 'path', 'circle', 'rect', 'line', 'text'],
]);
const ATTRIBUTES =
  /^(lang|charset|http-equiv|content|name|rel|href|id|class|role|tabindex|scope|type|for|hidden|autocomplete|spellcheck|aria-label|aria-labelledby|aria-hidden|aria-live|viewBox|d|cx|cy|r|x|y|x1|x2|y1|y2|width|height|rx|dy|preserveAspectRatio|text-anchor)$/;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+(?:="[^"<]*")?)*)(\/?)>/y;

/** The root element of a document. */
export function readPage(page: string): Element {
  const start = '<!doctype html>\n';
  if (!page.startsWith(start)) throw new Error('no doctype');
  const top: Element = { name: '', attributes: new Map(), children: [] };
  const open: Element[] = [top];
  let at = start.length;
  while (at < page.length) {
    const parent = open.at(-1)!;
    if (page[at] !== '<') {
      const end = page.indexOf('<', at);
      const text = page.slice(at, end < 0 ? page.length : end);
      parent.children.push(decode(text));
      at += text.length;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(page);
    if (tag === null) throw new Error(`no tag at ${page.slice(at, at + 80)}`);
    const [whole, closing, name = '', attributes = '', empty] = tag;
    at += whole.length;
    if (!KNOWN.has(name)) throw new Error(`unknown element ${whole}`);
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`${whole} closes another element`);
      continue;
    }
    const element: Element = { name, attributes: readAttributes(attributes), children: [] };
    parent.children.push(element);
    if (empty || VOID.has(name)) continue;
    if (name === 'script' || name === 'style') {
      const end = page.indexOf(`</${name}`, at);
      element.children.push(page.slice(at, end));
      at = end + name.length + 3;
    } else open.push(element);
  }
  if (open.length !== 1) throw new Error(`not closed: ${open.at(-1)?.name}`);
  return top.children.find((child) => typeof child !== 'string')!;
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/ ([a-zA-Z0-9-]+)(?:="([^"]*)")?/g)) {
    if (!ATTRIBUTES.test(name) || found.has(name)) throw new Error(`attribute ${name} in ${text}`);
    found.set(name, decode(value));
  }
  return found;
}

function decode(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a loose & in ${text}`);
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(\w+|#39);/g, (_, name) => names[name]!);
}

/** All elements, parents first. */
export function elementsOf(root: Element): readonly Element[] {
  return [root, ...root.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child)))];
}

/** What is read, without styles and scripts. */
export function textOf(node: Element | string): string {
  if (typeof node === 'string') return node;
  return node.name === 'style' || node.name === 'script' ? '' : node.children.map(textOf).join('');
}
