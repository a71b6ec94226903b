// Tells a commit that its pipeline has mistakes, so that a status that is required does not stay without a word. It needs
// no report, for nothing was run.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { safeName } from '../pipeline/names.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import { statusContext } from '../report/comment-marker.ts';
import { warningsOf } from './announce-warnings.ts';
import type { HostedJob } from './hosted.ts';

/** Configurations, in the order in which they are looked for. */
const FILES = ['pipeline.yaml', 'pipeline.yml', 'config.yaml', 'config.yml'];

/** Which pipeline of which commit. `folder` is where it is read from, `path` where it is in the repository. */
export interface Mistaken {
  readonly folder: string;
  readonly path: string;
  readonly commit: string;
  readonly count: number;
}

/** Writes the status. What fails is a warning. */
export async function announceMistake(
  job: HostedJob,
  { folder, path, commit, count }: Mistaken,
): Promise<void> {
  const { hosting } = job;
  if (hosting === null) return;
  const context = statusContext(nameIn(folder, path), path);
  const description = `Error: ${count === 1 ? '1 mistake' : `${count} mistakes`} in the configuration, nothing was run`;
  try {
    const now = await hosting.status(commit, context);
    if (now?.description === description) return;
    await hosting.setStatus(commit, { state: 'error', context, description, url: job.runUrl });
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
    for (const warning of warningsOf([{ part: 'status', error }], [])) job.warn(warning);
  }
}

/** The name that the pipeline has or had, as far as it can be read: the status must be the one of every other day. */
function nameIn(folder: string, path: string): string {
  const file = FILES.map((name) => join(folder, name)).find((one) => existsSync(one));
  const otherwise = safeName(path.split('/').at(-1) ?? '');
  if (file === undefined) return otherwise;
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'silent' });
    const name = document.getIn(['name']) ?? document.getIn(['pipeline', 'name']);
    return typeof name === 'string' ? safeName(name) : otherwise;
  } catch {
    return otherwise;
  }
}
