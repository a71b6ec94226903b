// Files for people, kept with the workflow run. How long they are kept is the repository's business, not ours.
import type { Artifacts } from '../ports/artifacts.ts';
import { HostingError, type Uploads } from '../ports/hosting.ts';

/** The workflow run that files are kept with. `serverUrl` has no slash at its end: `https://github.com`. */
export interface UploadPlace {
  readonly serverUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly workflowRun: number;
}

/** Names tried when the first ones are taken: several jobs of a workflow run may show the same pipeline. */
const NAMES = 20;

/** Opens the uploads of this job's workflow run. */
export function openUploads(artifacts: Artifacts, place: UploadPlace): Uploads {
  return {
    async upload(name, files, root, whole) {
      const nameOf = (attempt: number): string | null => (attempt < NAMES ? nthName(name, attempt) : null);
      const kept = await artifacts.upload(nameOf, files, root, whole);
      if (kept === null) {
        throw new HostingError(`All names like "${name}" are taken in this workflow run.`, 409);
      }
      const { serverUrl, owner, repo, workflowRun } = place;
      return {
        ...kept,
        url: `${serverUrl}/${owner}/${repo}/actions/runs/${workflowRun}/artifacts/${kept.id}`,
      };
    },
  };
}

/** `report.html`, then `report-2.html`; characters GitHub allows in no name are replaced. */
function nthName(name: string, attempt: number): string {
  const safe = name.replace(/["\r\n:<>|*?\\/]/g, '-');
  if (attempt === 0) return safe;
  const dot = safe.lastIndexOf('.');
  const end = dot > 0 ? safe.slice(dot) : '';
  return `${safe.slice(0, safe.length - end.length)}-${attempt + 1}${end}`;
}
