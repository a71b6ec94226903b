// Sorts what was thrown into what a person is told: their mistake, a run that cannot go on, the system, or a bug.
import { JournalError } from '../engine/state.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import { ArtifactGoneError } from '../ports/artifacts.ts';
import { BlobError } from '../ports/blobs.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';

/** What went wrong. `message` and `stack` may quote files and providers: untrusted text. */
export type Trouble =
  | { readonly kind: 'configuration'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'run'; readonly message: string }
  | { readonly kind: 'system'; readonly message: string }
  | { readonly kind: 'bug'; readonly stack: string };

/** What mends what a system says no to. */
const FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on the disk',
  EDQUOT: 'Make room, or have the quota raised',
  EFBIG: 'Let files be larger (`ulimit -f`)',
  EMFILE: 'Let more files be open (`ulimit -n`)',
  EIO: 'Look after the disk',
  EROFS: 'Name a folder on a disk that can be written to',
  EACCES: 'Name a folder that you may write to',
  EPERM: 'Name a folder that you may write to',
  ENOTDIR: 'Name a folder, not a file',
};

/** The trouble behind an error. Only a bug keeps its stack. */
export function describeTrouble(error: unknown): Trouble {
  if (error instanceof ConfigurationError) return { kind: 'configuration', diagnostics: error.diagnostics };
  if (error instanceof JournalError || error instanceof BlobError)
    return { kind: 'run', message: error.message };
  const isHosts = error instanceof PermissionError || error instanceof HostingError;
  if (isHosts || error instanceof ArtifactGoneError) return { kind: 'system', message: error.message };
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const fix = FIXES[error.code];
    const next = fix === undefined ? 'Nothing' : `${fix}, then run the same command again: nothing`;
    return {
      kind: 'system',
      message: `The system said no: ${error.message}. ${next} recorded before is lost.`,
    };
  }
  return { kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
