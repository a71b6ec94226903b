// Reads the state branch from GitHub: all paths at its head in one call, and texts by git's names for them. It remembers
// nothing.
import type { CallManner, GithubClient } from './github-client.ts';
import type { StateTree } from './github-state-tree.ts';

/** A text larger than that is none of ours, and given as empty (bytes). */
const LARGEST_TEXT = 32 * 1024 * 1024;
/** Texts asked for in one call. */
const TEXTS_PER_CALL = 50;

const TEXT = '... on Blob { oid byteSize isBinary isTruncated text }';

const TREE = `query ($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) { ref(qualifiedName: $ref) { ...HEAD } }
}`;

const TREE_AND_TEXTS = `query ($owner: String!, $name: String!, $ref: String!, $folder: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { ...HEAD }
    folder: object(expression: $folder) {
      ... on Tree { entries { object { ${TEXT} ... on Tree { entries { object { ${TEXT} } } } } } }
    }
  }
}`;

// The paths hang on the commit, so that they are those of the head that is named beside them.
const HEAD = `target {
  ... on Commit {
    oid
    tree { entries { ...ENTRY object { ... on Tree {
      entries { ...ENTRY object { ... on Tree { entries { ...ENTRY } } } }
    } } } }
  }
}`;

const ENTRY = 'name type oid';

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly oid: string;
  readonly object?: { readonly entries?: readonly Entry[] } | null;
}

interface Blob {
  readonly oid?: string;
  readonly byteSize?: number;
  readonly isBinary?: boolean | null;
  readonly isTruncated?: boolean;
  readonly text?: string | null;
}

interface Folder extends Blob {
  readonly entries?: readonly { readonly object: Folder | null }[];
}

interface TreeAnswer {
  readonly repository: {
    readonly ref: {
      readonly target: { readonly oid: string; readonly tree: { readonly entries: readonly Entry[] } };
    } | null;
    readonly folder?: Folder | null;
  };
}

/** Texts by git's name of their content. */
export type Texts = Map<string, string>;

/** The branch as it is now; the texts of a folder come with it when one is named, as far as GitHub gives them whole. */
export async function readTree(
  client: GithubClient,
  branch: string,
  folder: string | null,
): Promise<{ readonly tree: StateTree; readonly texts: Texts }> {
  const { owner, repo } = client;
  const variables = {
    owner,
    name: repo,
    ref: `refs/heads/${branch}`,
    ...(folder === null ? {} : { folder: `${branch}:${folder}` }),
  };
  const query = (folder === null ? TREE : TREE_AND_TEXTS)
    .replace('...HEAD', HEAD)
    .replaceAll('...ENTRY', ENTRY);
  const { repository } = await client.graphql<TreeAnswer>(query, variables, readingManner(branch));
  const texts: Texts = new Map();
  const keep = (node: Folder | null | undefined): void => {
    const text = wholeText(node);
    if (text !== null && node?.oid !== undefined) texts.set(node.oid, text);
    for (const entry of node?.entries ?? []) keep(entry.object);
  };
  keep(repository.folder);
  const target = repository.ref?.target;
  const files = new Map<string, string>();
  const list = (entries: readonly Entry[], prefix: string): void => {
    for (const { name, type, oid, object } of entries) {
      if (type === 'blob') files.set(`${prefix}${name}`, oid);
      list(object?.entries ?? [], `${prefix}${name}/`);
    }
  };
  list(target?.tree.entries ?? [], '');
  return { tree: { head: target?.oid ?? null, files }, texts };
}

/** Texts by their names. What GitHub cuts or takes for binary is fetched whole, one by one. */
export async function readTexts(
  client: GithubClient,
  branch: string,
  oids: readonly string[],
): Promise<Texts> {
  const { owner, repo } = client;
  const texts: Texts = new Map();
  for (let from = 0; from < oids.length; from += TEXTS_PER_CALL) {
    const part = oids.slice(from, from + TEXTS_PER_CALL);
    const fields = part.map((oid, at) => `t${at}: object(oid: "${oid}") { ${TEXT} }`);
    const query = `query ($owner: String!, $name: String!) {
      repository(owner: $owner, name: $name) { ${fields.join('\n')} }
    }`;
    const { repository } = await client.graphql<{
      readonly repository: Readonly<Record<string, Blob | null>>;
    }>(query, { owner, name: repo }, readingManner(branch));
    for (const [at, oid] of part.entries()) {
      const blob = repository[`t${at}`];
      texts.set(oid, wholeText(blob) ?? (await readWhole(client, branch, oid)));
    }
  }
  return texts;
}

async function readWhole(client: GithubClient, branch: string, oid: string): Promise<string> {
  const { owner, repo } = client;
  const blob = await client.rest(
    ({ rest }) => rest.git.getBlob({ owner, repo, file_sha: oid }),
    readingManner(branch),
  );
  return Buffer.from(blob.content, 'base64').toString('utf8');
}

/** The text of a blob; null when the answer does not hold all of it. */
function wholeText(blob: Blob | null | undefined): string | null {
  if (blob === null || blob === undefined) return null;
  if ((blob.byteSize ?? 0) > LARGEST_TEXT) return '';
  return blob.isTruncated === true || blob.isBinary === true ? null : (blob.text ?? null);
}

function readingManner(branch: string): CallManner {
  return { what: `read the state branch ${branch}`, permission: 'contents: read', repeat: 'safe' };
}
