// The files of one pipeline folder on disk. Nothing outside the folder is ever read: absolute paths, `..` and links that
// leave it are refused, and so is what git keeps for itself.
import { constants, createReadStream } from 'node:fs';
import { access, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileRead, PipelineFiles } from '../pipeline/files.ts';

/** Bytes of a file that is read in one piece. Lines are streamed and may be more. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;

const MAX_LISTED = 10_000;
const MAX_LISTED_DEPTH = 12;

/** Opens a folder. `shownAs` is how people name it, for diagnostics. */
export function openFolder(folder: string, shownAs: string): PipelineFiles {
  return new Folder(folder, shownAs);
}

type Located =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | Exclude<FileRead, { kind: 'text' }>;

class Folder implements PipelineFiles {
  readonly folder: string;
  private readonly root: string;

  constructor(root: string, shownAs: string) {
    this.root = root;
    this.folder = shownAs;
  }

  async read(path: string): Promise<FileRead> {
    const located = await this.locate(path);
    if (located.kind !== 'file') return located;
    if (located.size > MAX_FILE_BYTES) {
      return { kind: 'unreadable', why: `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB` };
    }
    try {
      const bytes = await readFile(located.path);
      // The decoder drops a byte order mark.
      return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch (error) {
      return { kind: 'unreadable', why: error instanceof TypeError ? 'not UTF-8' : reason(error) };
    }
  }

  async *lines(path: string): AsyncIterable<string> {
    const located = await this.locate(path);
    if (located.kind !== 'file') throw new Error(`${path} cannot be read: ${located.kind}`);
    const decoder = new TextDecoder('utf-8');
    let rest = '';
    for await (const chunk of createReadStream(located.path) as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield withoutReturn(line);
    }
    rest += decoder.decode();
    if (rest !== '') yield withoutReturn(rest);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.locate(path)).kind === 'file';
  }

  async list(path: string): Promise<readonly string[]> {
    const found: string[] = [];
    await this.walk(path, found, 0);
    return found.sort();
  }

  // Links are not followed here, so that a link to a parent folder is no endless walk.
  private async walk(path: string, found: string[], depth: number): Promise<void> {
    if (depth > MAX_LISTED_DEPTH || leaves(path)) return;
    const entries = await readdir(join(this.root, path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MAX_LISTED) return;
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (isGits(entry.name)) continue;
      if (entry.isDirectory()) await this.walk(below, found, depth + 1);
      else if (entry.isFile()) found.push(below);
    }
  }

  private async locate(path: string): Promise<Located> {
    if (leaves(path)) return { kind: 'outside' };
    try {
      const root = await realpath(this.root);
      const real = await realpath(join(root, path));
      if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
        return { kind: 'outside' };
      if (isGits(real.slice(root.length))) return { kind: 'outside' };
      const info = await stat(real);
      // A pipe or a device would block or never end.
      if (!info.isFile()) return { kind: 'unreadable', why: 'not a file' };
      await access(real, constants.R_OK);
      return { kind: 'file', path: real, size: info.size };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
      return { kind: 'unreadable', why: reason(error) };
    }
  }
}

function leaves(path: string): boolean {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path) || path.includes('\0') || isGits(path)) return true;
  return path.split(/[/\\]/).includes('..');
}

/** True for what is git's own: older checkouts keep the job's token there. */
function isGits(path: string): boolean {
  return path.split(/[/\\]/).some((part) => part.toLowerCase() === '.git');
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

// The system's message would name the absolute path.
function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'ELOOP':
      return 'a loop of links';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    default:
      return String((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}
