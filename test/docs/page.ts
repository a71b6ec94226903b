// The pages written for users, as their tests read them: fenced blocks, commands, prose, headings, tables. It runs nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block; `line` is that of its first line in the page, `before` the prose line above it. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** A command line of a block. `says`: what the page shows of its output, null when nothing. `code`: how it ends. */
export interface Command {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly says: string | null;
  readonly code: number;
}

/** Pages for users, each by its path in the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  ...below('docs').filter((path) => path.endsWith('.md')),
  ...below('examples').filter((path) => path.endsWith('README.md')),
];

/** Pages for those who work on the code: their links are checked, their blocks are not run. */
export const INSIDE: readonly string[] = [
  'src/README.md',
  'CHANGELOG.md',
  '.github/CONTRIBUTING.md',
  ...below('test').filter((path) => path.endsWith('README.md')),
];

/** The text of a page, or of any other file of the repository. */
export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The fenced blocks of a page, also those inside of lists. */
export function blocksOf(page: string, text: string = readPage(page)): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const open = /^( *)(`{3,})(\S*)\s*$/.exec(lines[at]!);
    if (open === null) continue;
    const [, indent = '', fence = '', language = ''] = open;
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence);
    if (end < 0) throw new Error(`${page}:${at + 1}: a fenced block has no end`);
    const inside = lines
      .slice(at + 1, end)
      .map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/))));
    blocks.push({ page, line: at + 2, language, text: `${inside.join('\n')}\n` });
    at = end;
  }
  return blocks;
}

/** Languages of blocks that hold commands. */
export const SHELLS: readonly string[] = ['sh', 'bash', 'console'];

/**
 * The commands of a page, in order. In `console` blocks a command begins with `$ ` and what follows is what it says; in
 * the others every line is one, and a `text` block right behind shows what the last one says. `# exit code 3` behind a
 * command tells how it ends.
 */
export function commandsOf(blocks: readonly Block[]): readonly Command[] {
  return blocks.flatMap((block, index) => {
    if (block.language === 'console') return spoken(block);
    if (!SHELLS.includes(block.language)) return [];
    const commands = written(block);
    const next = blocks[index + 1];
    const end = block.line + block.text.split('\n').length - 1;
    // Its fence, an empty line, the next fence.
    if (next?.language !== 'text' || next.page !== block.page || next.line > end + 3) return commands;
    return commands.map((one, at) => (at === commands.length - 1 ? { ...one, says: next.text } : one));
  });
}

function written({ page, line, text }: Block): Command[] {
  const commands: Command[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    let command = lines[at]!;
    const here = /<<-?\s*'?(\w+)'?/.exec(command)?.[1];
    if (here !== undefined) {
      do command += `\n${lines[++at] ?? here}`;
      while ((lines[at] ?? here).trim() !== here);
    } else {
      while (command.endsWith('\\')) command = `${command.slice(0, -1).trimEnd()} ${lines[++at]!.trim()}`;
    }
    if (command.trim() === '' || command.trimStart().startsWith('#')) continue;
    commands.push({ page, line: line + start, says: null, ...withoutComment(command) });
  }
  return commands;
}

function spoken({ page, line, text }: Block): Command[] {
  const commands: (Command & { says: string | null })[] = [];
  for (const [at, one] of text.trimEnd().split('\n').entries()) {
    if (one.startsWith('$ '))
      commands.push({ page, line: line + at, says: null, ...withoutComment(one.slice(2)) });
    else {
      const last = commands.at(-1);
      if (last === undefined) throw new Error(`${page}:${line}: a console block begins with '$ '`);
      last.says = `${last.says ?? ''}${one}\n`;
    }
  }
  return commands;
}

function withoutComment(command: string): { readonly text: string; readonly code: number } {
  const [, text = '', comment = ''] = /^([\s\S]*?)((?: {2,}#| # exit).*)?$/.exec(command)!;
  return { text: text.trim(), code: Number(/exit(?: code)? (\d)/.exec(comment)?.[1] ?? 0) };
}

/** The page without its blocks, line by line, so that line numbers stay. */
export function proseOf(page: string): readonly { readonly line: number; readonly text: string }[] {
  let fence: string | null = null;
  return readPage(page)
    .split('\n')
    .flatMap((text, index) => {
      const mark = /^ *(`{3,})/.exec(text)?.[1];
      if (mark !== undefined && (fence === null || fence === mark)) {
        fence = fence === null ? mark : null;
        return [];
      }
      return fence === null ? [{ line: index + 1, text }] : [];
    });
}

/** Pieces of code in running text, each with its line. */
export function codeOf(page: string): readonly { readonly line: number; readonly text: string }[] {
  return proseOf(page).flatMap(({ line, text }) =>
    [...text.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map((match) => ({ line, text: match[1]! })),
  );
}

/** The headings of a page as GitHub names them in addresses: the second of the same name ends in `-1`. */
export function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return proseOf(page).flatMap(({ text }) => {
    const heading = /^#+ (.+)$/.exec(text)?.[1];
    if (heading === undefined) return [];
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const name = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
      .replaceAll(/\s/g, '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return [count === 0 ? name : `${name}-${count}`];
  });
}

/** The rows of a page's tables as cells, heads and rules left out. */
export function rowsOf(page: string): readonly (readonly string[])[] {
  const rows = proseOf(page).map(({ text }) => text);
  return rows.flatMap((text, at) => {
    if (!text.startsWith('|') || /^\|[\s:|-]+\|$/.test(text)) return [];
    if (/^\|[\s:|-]+\|$/.test(rows[at + 1] ?? '')) return [];
    return [
      text
        .slice(1, text.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    ];
  });
}

/** Where a relative link leads: a path in the repository, and a heading there or null. Null for other addresses. */
export function targetOf(
  page: string,
  link: string,
): { readonly path: string; readonly anchor: string | null } | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = '', anchor = null] = link.split('#');
  return { path: path === '' ? page : join(dirname(page), path), anchor };
}

/** Whether the repository has a file or folder. */
export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .sort();
}
