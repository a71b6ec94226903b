// The one place where what cannot be the same in two runs of a story gets a name that is: addresses, random ids, digests,
// times to the millisecond. The n-th new one of a kind is called `<kind n>` from then on, through all texts of a stage.

/** Makes texts of one stage comparable. */
export type Normalise = (text: string) => string;

/** Fixed texts of a stage and what they are called; longer ones first where one holds another. */
export type Fixed = readonly (readonly [text: string, name: string])[];

/** A kind of accidental text. What the first group holds stays in front of the name. */
interface Kind {
  readonly name: string;
  readonly pattern: RegExp;
}

const KINDS: readonly Kind[] = [
  { name: 'batch', pattern: /()\bbatch_[0-9a-f]{32}\b/g },
  { name: 'file', pattern: /()\bfile-[0-9a-f]{32}\b/g },
  { name: 'digest', pattern: /()\b[0-9a-f]{64}\b/g },
  { name: 'commit', pattern: /()\b[0-9a-f]{40}\b/g },
  { name: 'append', pattern: /("append":")[0-9a-f]{8}\b/g },
  { name: 'same', pattern: /(^same )[0-9a-f]{16}$/gm },
  { name: 'session', pattern: /(\boctobatch-blobs-\S+-)[0-9a-f]{8}(?=-\d+\b)/g },
  { name: 'key', pattern: /()\b[0-9a-f]{32}\b/g },
  // The address of the provider is part of what a run is, and its port is any free one.
  { name: 'run', pattern: /(\b[a-z][a-z0-9]*(?:-[a-z0-9]+)*-)[0-9a-f]{10}(?:-e\d+)?\b/g },
  // How a report names a batch: the first digits of its key.
  { name: 'short', pattern: /(\b(?:openai|simulated) `)[0-9a-f]{8}(?=`)/g },
  { name: 'nonce', pattern: /("nonce":")[0-9a-f]{16}\b/g },
  { name: 'process', pattern: /(\bgithub\/\d+\/\d+\/\d+\/)[\w-]+/g },
];

/** `keep`: commits that are the same in every run, because only what was pushed made them. */
export function createNormalise(fixed: () => Fixed, keep: (commit: string) => boolean): Normalise {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const nameOf = (kind: string, text: string): string => {
    const known = names.get(`${kind} ${text}`);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const name = `<${kind} ${count}>`;
    names.set(`${kind} ${text}`, name);
    return name;
  };
  return (text) => {
    for (const [from, to] of fixed()) text = text.replaceAll(from, to);
    for (const { name, pattern } of KINDS) {
      text = text.replace(pattern, (whole: string, front: string) =>
        name === 'commit' && keep(whole) ? whole : `${front}${nameOf(name, whole.slice(front.length))}`,
      );
    }
    return withoutSeconds(text);
  };
}

/** Moments to the minute, which the stage's clock makes the same, and durations in seconds, which nothing does. */
function withoutSeconds(text: string): string {
  return text
    .replace(/\b1[78]\d{11}\b/g, (ms) => `<${new Date(Number(ms)).toISOString().slice(0, 16)}>`)
    .replace(/\b(20\d\d-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?Z/g, '$1Z')
    .replace(/\b(?:\d+ min )?\d+(?:\.\d+)?( s\b|s\b(?= ))/g, '<n>$1')
    .replace(/\b\d+ ms\b/g, '<n> ms');
}
