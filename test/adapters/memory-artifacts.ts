// Artifacts in memory, for tests that need no GitHub. Names are taken once, as in one workflow run.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ArtifactGoneError, type Artifacts } from '../../src/ports/artifacts.ts';

/** An empty store that lives as long as the object. */
export function createMemoryArtifacts(): Artifacts {
  const kept: { readonly name: string; readonly files: ReadonlyMap<string, Buffer> }[] = [];
  return {
    async upload(nameOf, files, root) {
      let name = nameOf(0, null);
      for (let attempt = 1; name !== null && kept.some((one) => one.name === name); attempt++) {
        name = nameOf(attempt, 'taken');
      }
      if (name === null) return null;
      const texts = files.map((file): [string, Buffer] => [relative(root, file), readFileSync(file)]);
      return { id: kept.push({ name, files: new Map(texts) }), name };
    },
    async open(artifact) {
      const found = kept[artifact - 1];
      if (found === undefined) throw new ArtifactGoneError(`Artifact ${artifact} is gone.`);
      return {
        names: [...found.files.keys()],
        async *content(name) {
          yield found.files.get(name) ?? Buffer.alloc(0);
        },
        close: async () => {},
      };
    },
  };
}
