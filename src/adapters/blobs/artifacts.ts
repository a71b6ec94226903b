// Blobs that outlive their job: written to a local store first, kept as artifacts by `save`, fetched when a later job
// first reads them. What an artifact holds is believed only under the digest of its bytes; its file names are no paths.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ArtifactGoneError, type Artifacts, type OpenedArtifact } from '../../ports/artifacts.ts';
import type { BlobPlace, Blobs, Digest } from '../../ports/blobs.ts';
import { HostingError } from '../../ports/hosting.ts';

/** The local store, and how blobs travel. */
export interface ArtifactBlobsOptions {
  readonly local: Blobs;
  /** The folder of the local store, and where it has the file of a blob. */
  readonly directory: string;
  readonly pathOf: (digest: Digest) => string;
  /** Artifacts are called `<name>-<session>-<number>`; `session` differs between all jobs and attempts of a workflow run. */
  readonly name: string;
  readonly session: string;
  /** This job's workflow run. */
  readonly workflowRun: number;
  readonly artifacts: Artifacts;
}

/** Blobs with a way beyond the job. */
export interface ArtifactBlobs extends Blobs {
  /**
   * Keeps what was put and is kept nowhere yet, and says where: one artifact, more above 2 GB, none when nothing is new.
   * A place is told again by each call until `learn` says that the journal has it, so that a conflict loses none. When it
   * rejects nothing is forgotten: the next call tries again.
   */
  save(): Promise<readonly BlobPlace[]>;
  /** Where blobs are, as the journal has it. */
  learn(places: readonly BlobPlace[]): void;
}

/** An artifact's name for its files, as GitHub's client writes the paths of the local store. */
const ENTRY = /^(?:[0-9a-f]{2}\/)?([0-9a-f]{64})$/;

/** Bytes of blobs in one artifact at the most, so that it stays below what archives are read to. */
const ARTIFACT_BYTES = 2 ** 31;

/** Opens the blobs of one run for this job. */
export function openArtifactBlobs(options: ArtifactBlobsOptions): ArtifactBlobs {
  const { local, artifacts } = options;
  const unsaved = new Set<Digest>();
  const places = new Map<string, BlobPlace>();
  /** Kept by this job, and perhaps not in the journal. */
  const untold = new Map<number, BlobPlace>();
  const fetching = new Map<number, Promise<void>>();
  let number = 0;
  let saving: Promise<unknown> = Promise.resolve();

  function know(place: BlobPlace): void {
    for (const digest of place.digests) {
      places.set(digest, place);
      unsaved.delete(digest as Digest);
    }
  }

  /** One artifact more, with these blobs. */
  async function keep(digests: readonly Digest[]): Promise<void> {
    const files = digests.map(options.pathOf);
    const nameOf = (): string => `${options.name}-${options.session}-${++number}`;
    const kept = await artifacts.upload(nameOf, files, options.directory, 'zip');
    if (kept === null) {
      throw new HostingError(
        `All names for the artifact "${options.name}" are taken in this workflow run.`,
        409,
      );
    }
    const place = { artifact: kept.id, run: options.workflowRun, digests: [...digests] };
    untold.set(kept.id, place);
    know(place);
  }

  async function saveNew(): Promise<readonly BlobPlace[]> {
    for (const group of await inGroups([...unsaved].sort(), options.pathOf)) await keep(group);
    return [...untold.values()];
  }

  /** Makes sure that a blob is local, if it can be had. Many readers at once cause one download. */
  async function ensure(digest: Digest): Promise<void> {
    if (await local.has(digest)) return;
    const place = places.get(digest);
    if (place === undefined) return;
    let work = fetching.get(place.artifact);
    if (work === undefined) {
      work = fetchPlace(place).finally(() => fetching.delete(place.artifact));
      fetching.set(place.artifact, work);
    }
    await work;
  }

  async function fetchPlace(place: BlobPlace): Promise<void> {
    const opened = await artifacts.open(place.artifact, place.run).catch((error: unknown) => {
      // Should the blob be put again, it has to be kept again.
      if (error instanceof ArtifactGoneError) for (const digest of place.digests) places.delete(digest);
      throw error;
    });
    try {
      const wanted = new Set(place.digests);
      for (const name of opened.names) {
        const digest = ENTRY.exec(name)?.[1] as Digest | undefined;
        if (digest === undefined || !wanted.delete(digest) || (await local.has(digest))) continue;
        await local.put(textOf(opened, name, digest, place));
      }
    } finally {
      await opened.close();
    }
  }

  return {
    async put(chunks) {
      const digest = await local.put(chunks);
      if (!places.has(digest)) unsaved.add(digest);
      return digest;
    },
    async text(digest) {
      await ensure(digest);
      return local.text(digest);
    },
    async *lines(digest) {
      await ensure(digest);
      yield* local.lines(digest);
    },
    async *bunches(digest) {
      await ensure(digest);
      yield* local.bunches(digest);
    },
    has: async (digest) => places.has(digest) || (await local.has(digest)),
    save() {
      const result = saving.then(saveNew);
      saving = result.catch(() => {});
      return result;
    },
    learn(learned) {
      for (const place of learned) {
        know(place);
        untold.delete(place.artifact);
      }
    },
  };
}

/** A file of an artifact as text; it fails at its end, before the store believes it, when it is not what its name says. */
async function* textOf(
  opened: OpenedArtifact,
  name: string,
  digest: Digest,
  place: BlobPlace,
): AsyncGenerator<string> {
  const wrong = `Artifact ${place.artifact} of workflow run ${place.run} has something else under the digest ${digest}.`;
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const bytes of opened.content(name)) {
      hash.update(bytes);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new HostingError(wrong, null) : error;
  }
  if (hash.digest('hex') !== digest) throw new HostingError(wrong, null);
}

/** Digests in their order, cut where an artifact would become too large. */
async function inGroups(digests: readonly Digest[], pathOf: (digest: Digest) => string): Promise<Digest[][]> {
  const groups: Digest[][] = [];
  let room = 0;
  for (const digest of digests) {
    const { size } = await stat(pathOf(digest));
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = ARTIFACT_BYTES;
    }
    groups.at(-1)?.push(digest);
    room -= size;
  }
  return groups;
}
