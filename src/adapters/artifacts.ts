// Artifacts of GitHub Actions, through GitHub's own client, which takes the job's address and key of the results service
// from its environment. It unpacks nothing by path, and never says that something is kept before GitHub has said so.
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ArtifactGoneError, type Artifacts, type OpenedArtifact } from '../ports/artifacts.ts';
import type { Clock } from '../ports/clock.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import { openArchive } from './artifacts-archive.ts';

/** Where and as whom. `temporary` is a folder that holds downloads as long as they are open. */
export interface ArtifactAccess {
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** This job's workflow run, whose artifacts can be read without a permission. */
  readonly workflowRun: number;
  /** Days the repository keeps artifacts; null: not known. */
  readonly retentionDays: number | null;
  /** `https://github.com` or the address of another server. */
  readonly serverUrl: string;
  readonly temporary: string;
  readonly clock: Clock;
}

type Client = import('@actions/artifact').DefaultArtifactClient;

/** Names or addresses tried, when tries fail in a way that may pass. GitHub's client repeats calls by itself beside it. */
const TRIES = 3;
/** Names that are asked for when each is taken. */
const NAMES = 50;
const PAUSE_MS = 2000;
/** What a full rate limit may cost in waiting. */
const LONGEST_WAIT_MS = 60_000;
/** An upload or download that takes longer is given up. GitHub's client notices silence only after 5 minutes. */
const LIMIT_MS = 600_000;

/** Opens the artifacts of a repository for this job. The client is loaded when it is needed. */
export function openArtifacts(access: ArtifactAccess): Artifacts {
  let loaded: Promise<Client> | null = null;
  const client = (): Promise<Client> => {
    refuseOtherServers(access.serverUrl);
    loaded ??= import('@actions/artifact').then(({ DefaultArtifactClient }) => new DefaultArtifactClient());
    return loaded;
  };
  return {
    async upload(nameOf, files, root, whole) {
      const sdk = await client();
      let failures = 0;
      let name = nameOf(0, null);
      for (let attempt = 1; name !== null && attempt <= NAMES; attempt++) {
        try {
          return { id: await within(uploadOnce(sdk, access, name, files, root, whole)), name };
        } catch (error) {
          if (isTaken(error)) {
            name = nameOf(attempt, 'taken');
            continue;
          }
          if (!isCut(error) || ++failures === TRIES) throw uploadFailure(name, error);
          // A cut connection may have left half an artifact, so the next try needs another name.
          const next = nameOf(attempt, 'broken');
          if (next === null) throw uploadFailure(name, error);
          await access.clock.sleep(PAUSE_MS * failures);
          name = next;
        }
      }
      return null;
    },
    open: async (artifact, workflowRun) => openDownloaded(await client(), access, artifact, workflowRun),
  };
}

async function uploadOnce(
  sdk: Client,
  access: ArtifactAccess,
  name: string,
  files: readonly string[],
  root: string,
  whole: 'zip' | 'single',
): Promise<number> {
  if (whole === 'zip') return numberOf(await sdk.uploadArtifact(name, [...files], root));
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new Error('One file is kept as it is, not several.');
  // GitHub names such an artifact by its file, so the file must bear the name.
  if (basename(file) === name) {
    return numberOf(await sdk.uploadArtifact(name, [file], root, { skipArchive: true }));
  }
  const folder = await temporaryFolder(access);
  try {
    const renamed = join(folder, name);
    await copyFile(file, renamed);
    return numberOf(await sdk.uploadArtifact(name, [renamed], folder, { skipArchive: true }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function numberOf({ id }: { id?: number }): number {
  if (id === undefined) throw new Error('GitHub gave the artifact no number.');
  return id;
}

async function openDownloaded(
  sdk: Client,
  access: ArtifactAccess,
  artifact: number,
  workflowRun: number,
): Promise<OpenedArtifact> {
  const folder = await temporaryFolder(access);
  try {
    await download(sdk, access, artifact, workflowRun, folder);
    const [file] = await readdir(folder);
    if (file === undefined) throw new HostingError(`Artifact ${artifact} came without a file.`, null);
    const archive = await openArchive(join(folder, file)).catch((error: Error) => {
      throw new HostingError(`Artifact ${artifact} of workflow run ${workflowRun}: ${error.message}`, null);
    });
    return {
      names: archive.names,
      content: archive.content,
      async close() {
        await archive.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Saves the archive itself in `folder`: 1 call of the REST API, or none within this workflow run. */
async function download(
  sdk: Client,
  access: ArtifactAccess,
  artifact: number,
  workflowRun: number,
  folder: string,
): Promise<void> {
  const options = { path: folder, skipDecompress: true };
  if (workflowRun === access.workflowRun) {
    try {
      await within(sdk.downloadArtifact(artifact, options));
      return;
    } catch (error) {
      // An earlier attempt of the same workflow run has another name in the results service.
      if (!(error instanceof Error) || error.name !== 'ArtifactNotFoundError') {
        throw new HostingError(`Artifact ${artifact} could not be read: ${textOf(error)}.`, null);
      }
    }
  }
  const { token, owner: repositoryOwner, repo: repositoryName } = access;
  const findBy = { token, repositoryOwner, repositoryName, workflowRunId: workflowRun };
  for (let failures = 1; ; failures++) {
    try {
      await within(sdk.downloadArtifact(artifact, { ...options, findBy }));
      return;
    } catch (error) {
      const pause = pauseAfter(error, failures, access.clock.now());
      if (pause === null || failures === TRIES) throw downloadFailure(access, artifact, workflowRun, error);
      await access.clock.sleep(pause);
    }
  }
}

async function temporaryFolder({ temporary }: ArtifactAccess): Promise<string> {
  await mkdir(temporary, { recursive: true });
  return mkdtemp(join(temporary, '.artifact-'));
}

// ---- what failures mean

/** What an error of GitHub's clients carries: octokit's status and headers, or only a message. */
interface Failure {
  readonly status?: number;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 300).replace(/\.$/, '');
}

/** The results service's answer for a name that is taken, as its client words it. */
function isTaken(error: unknown): boolean {
  return /Failed to CreateArtifact: .*\(409\)/.test(textOf(error));
}

function isCut(error: unknown): boolean {
  return /Unable to make request|\(404\)|socket hang up/.test(textOf(error));
}

function uploadFailure(name: string, error: unknown): HostingError {
  const status = /\((\d{3})\)/.exec(textOf(error))?.[1];
  const fix = /storage quota/.test(textOf(error))
    ? ' Delete artifacts, or let them be kept for fewer days in the repository settings.'
    : '';
  return new HostingError(
    `GitHub did not keep the artifact "${name}": ${textOf(error)}.${fix}`,
    status === undefined ? null : Number(status),
  );
}

/** How long to wait before the same call is made again (ms), or null when that is no use. */
function pauseAfter(error: unknown, failures: number, now: number): number | null {
  const { status, response } = error as Failure;
  const headers = response?.headers ?? {};
  if (status === undefined) return null;
  if (status >= 500) return PAUSE_MS * 2 ** failures;
  const isLimit =
    status === 429 || headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  if ((status !== 403 && status !== 429) || !isLimit) return null;
  const wait =
    headers['retry-after'] === undefined
      ? Number(headers['x-ratelimit-reset'] ?? 0) * 1000 - now
      : Number(headers['retry-after']) * 1000;
  return wait <= LONGEST_WAIT_MS ? Math.max(wait, PAUSE_MS) : null;
}

function downloadFailure(access: ArtifactAccess, artifact: number, run: number, error: unknown): Error {
  const { status, response } = error as Failure;
  const what = `Artifact ${artifact} of workflow run ${run}`;
  if (status === 404 || status === 410) {
    const days = access.retentionDays === null ? 'some' : String(access.retentionDays);
    return new ArtifactGoneError(
      `${what} is gone: it was deleted, or is older than the ${days} days this repository keeps artifacts.`,
    );
  }
  if (
    status === 403 &&
    response?.headers?.['x-ratelimit-remaining'] !== '0' &&
    !/rate limit/i.test(textOf(error))
  ) {
    return new PermissionError(
      'actions: read',
      `${what} cannot be read: the job's token lacks the permission "actions: read".`,
    );
  }
  return new HostingError(`${what} could not be read: ${textOf(error)}.`, status ?? null);
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no end after ${LIMIT_MS / 60_000} minutes`);
    timer = setTimeout(() => reject(error), LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The hosts at which GitHub's client works, by its own rule. */
function refuseOtherServers(serverUrl: string): void {
  const host = new URL(serverUrl).hostname.toLowerCase();
  if (host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost')) return;
  throw new HostingError(
    `${host} keeps no artifacts for this action: state between jobs needs github.com. Use "command: run", which finishes in its job.`,
    null,
  );
}
