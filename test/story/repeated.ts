// What was paid twice: questions that were sent again for the same run. Two runs may ask the same; which run a batch is
// of, the journals on the state branch say.
import type { SeenBatch } from './provider.ts';

/** Questions that a run sent more than once; `state`: the branch's files. A batch that no journal knows may be of any run. */
export function repeated(state: ReadonlyMap<string, string>, batches: readonly SeenBatch[]): string[] {
  const runs = runsOf(state);
  const asked = batches.flatMap(({ id, questions }) =>
    questions.map((question) => ({ question, run: runs.get(id) ?? null })),
  );
  const isSame = (a: (typeof asked)[number], b: (typeof asked)[number]): boolean =>
    a.question === b.question && (a.run === null || b.run === null || a.run === b.run);
  const first = new Map<string, typeof asked>();
  for (const one of asked) first.set(one.question, [...(first.get(one.question) ?? []), one]);
  const twice = asked.filter((one) => first.get(one.question)!.filter((b) => isSame(one, b)).length > 1);
  return [...new Set(twice.map(({ question }) => question))];
}

/** The run of each batch, by the provider's id of it. */
function runsOf(files: ReadonlyMap<string, string>): Map<string, string> {
  const runs = new Map<string, string>();
  for (const [path, text] of files) {
    const run = /^(?:runs\/([^/]+)\/|done\/([^/]+)\.jsonl$)/.exec(path);
    if (run === null) continue;
    for (const [, batch] of text.matchAll(/"type":"batch_submitted"[^\n]*"providerBatch":"([^"]+)"/g))
      runs.set(batch as string, (run[1] ?? run[2]) as string);
  }
  return runs;
}
