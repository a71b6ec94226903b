// Git's objects in memory, under the names git itself would give them. It knows no branches and checks no right.
import { createHash } from 'node:crypto';

/** One entry of a folder. `mode` as git writes it: 100644, 100755, 120000, 160000 or 040000. */
export interface TreeEntry {
  readonly name: string;
  readonly mode: string;
  readonly sha: string;
}

/** Who wrote a commit, and when (ISO 8601, whole seconds). */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A commit as git stores it. */
export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

/** A file by its mode and the name of its blob. */
export interface FileEntry {
  readonly mode: string;
  readonly sha: string;
}

/** The store of one GitHub: forks share it, as they do there. */
export interface GitObjects {
  blob(sha: string): Uint8Array | undefined;
  tree(sha: string): readonly TreeEntry[] | undefined;
  commit(sha: string): Commit | undefined;
  writeBlob(bytes: Uint8Array): string;
  writeCommit(commit: Commit): string;
  /** All files below a tree, by their path. Throws when the tree is not there. */
  files(tree: string): Map<string, FileEntry>;
  /** Writes the trees that hold these files; returns the name of the outermost. */
  writeFiles(files: ReadonlyMap<string, FileEntry>): string;
  /** True when `ancestor` is `sha` or among those before it. */
  descends(sha: string, ancestor: string): boolean;
}

const FOLDER = '040000';

/** An empty store. */
export function createGitObjects(): GitObjects {
  const blobs = new Map<string, Uint8Array>();
  const trees = new Map<string, readonly TreeEntry[]>();
  const commits = new Map<string, Commit>();

  function writeTree(entries: readonly TreeEntry[]): string {
    const sorted = [...entries].sort((a, b) => Buffer.compare(orderOf(a), orderOf(b)));
    const parts = sorted.flatMap((entry) => [
      Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.name}\0`),
      Buffer.from(entry.sha, 'hex'),
    ]);
    const sha = nameOf('tree', Buffer.concat(parts));
    trees.set(sha, sorted);
    return sha;
  }

  function collect(tree: string, prefix: string, into: Map<string, FileEntry>): Map<string, FileEntry> {
    const entries = trees.get(tree);
    if (entries === undefined) throw new Error(`there is no tree ${tree}`);
    for (const { name, mode, sha } of entries) {
      if (mode === FOLDER) collect(sha, `${prefix}${name}/`, into);
      else into.set(`${prefix}${name}`, { mode, sha });
    }
    return into;
  }

  function writeFiles(files: ReadonlyMap<string, FileEntry>): string {
    const here: TreeEntry[] = [];
    const folders = new Map<string, Map<string, FileEntry>>();
    for (const [path, entry] of files) {
      const slash = path.indexOf('/');
      if (slash < 0) {
        here.push({ name: path, ...entry });
        continue;
      }
      const name = path.slice(0, slash);
      const inside = folders.get(name) ?? new Map<string, FileEntry>();
      folders.set(name, inside.set(path.slice(slash + 1), entry));
    }
    for (const [name, inside] of folders) here.push({ name, mode: FOLDER, sha: writeFiles(inside) });
    return writeTree(here);
  }

  return {
    blob: (sha) => blobs.get(sha),
    tree: (sha) => trees.get(sha),
    commit: (sha) => commits.get(sha),
    writeBlob(bytes) {
      const sha = nameOf('blob', bytes);
      blobs.set(sha, bytes);
      return sha;
    },
    writeCommit(commit) {
      const sha = nameOf('commit', Buffer.from(textOf(commit)));
      commits.set(sha, commit);
      return sha;
    },
    files: (tree) => collect(tree, '', new Map()),
    writeFiles,
    descends(sha, ancestor) {
      const seen = new Set<string>();
      const left = [sha];
      for (let at = left.pop(); at !== undefined; at = left.pop()) {
        if (at === ancestor) return true;
        if (seen.has(at)) continue;
        seen.add(at);
        left.push(...(commits.get(at)?.parents ?? []));
      }
      return false;
    },
  };
}

function nameOf(kind: string, bytes: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Git orders a folder as if its name ended in a slash. */
function orderOf(entry: TreeEntry): Buffer {
  return Buffer.from(entry.mode === FOLDER ? `${entry.name}/` : entry.name);
}

function textOf({ tree, parents, author, committer, message }: Commit): string {
  const person = ({ name, email, date }: Person) => `${name} <${email}> ${Date.parse(date) / 1000} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((sha) => `parent ${sha}`),
    `author ${person(author)}`,
    `committer ${person(committer)}`,
  ];
  return `${lines.join('\n')}\n\n${message}`;
}
