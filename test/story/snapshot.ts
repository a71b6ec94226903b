// A stage as one text: what happened since it was last looked at, place by place, for golden files. It judges nothing.
import { filesIn } from '../github/archive.ts';
import { filesAt } from '../github/scene.ts';
import type { World } from '../github/world.ts';
import type { JobEnd } from './job.ts';
import type { Normalise } from './normalise.ts';
import type { Provider } from './provider.ts';
import { repeated } from './repeated.ts';
import { operationOf } from './trouble.ts';

/** The branch on which state is kept unless an input names another. */
export const STATE_BRANCH = 'octobatch-state';

/** What a snapshot looks at. */
export interface Scene {
  readonly world: World;
  readonly repository: string;
  readonly provider: Provider;
  readonly normalise: Normalise;
}

/** Looks again and again; `jobs` are those that ended since the last time. */
export type Look = (title: string, jobs: readonly JobEnd[]) => string;

/** Opens the eyes: what is there already is not news. */
export function createLook(scene: Scene): Look {
  const { world, repository, provider, normalise } = scene;
  const seenComments = new Map<number, string>();
  const seenChecks = new Map<number, string>();
  let seenStatuses = 0;
  const seenArtifacts = new Set<number>();
  let seenFiles = new Map<string, string>();
  let seenBatches = 0;

  function comments(): string[] {
    const own = [...world.comments.values()].filter((comment) => comment.repository === repository);
    return own.flatMap(({ id, issue, login, body }) => {
      const before = seenComments.get(id);
      seenComments.set(id, body);
      if (before === body) return [];
      const what = before === undefined ? 'new' : 'edited';
      return [heading(`comment ${id} on #${issue} by ${login}, ${what}`), body];
    });
  }

  function statuses(): string[] {
    const all = world.statuses.filter((status) => status.repository === repository);
    const lines = all.slice(seenStatuses).map(({ sha, state, context, description, targetUrl }) => {
      return `${sha.slice(0, 7)} ${state} ${context}: ${description ?? ''} -> ${targetUrl ?? 'nothing'}`;
    });
    seenStatuses = all.length;
    return section('statuses', lines);
  }

  function checks(): string[] {
    const own = [...world.checks.values()].filter((check) => check.repository === repository);
    return own.flatMap(({ id, headSha, name, status, conclusion, detailsUrl, output }) => {
      const title = `check ${name} on ${headSha.slice(0, 7)}: ${status} ${conclusion ?? ''}`.trimEnd();
      const text = `${output.title ?? ''} -> ${detailsUrl ?? 'nothing'}\n\n${output.summary ?? ''}`;
      if (seenChecks.get(id) === title + text) return [];
      seenChecks.set(id, title + text);
      return [heading(title), text];
    });
  }

  function artifacts(): string[] {
    const lines = [...world.artifacts.values()]
      .filter((artifact) => artifact.repository === repository && artifact.finalised)
      .filter(({ id }) => !seenArtifacts.has(id))
      .map((artifact) => {
        seenArtifacts.add(artifact.id);
        const files = [...filesIn(artifact).keys()];
        const blobs = files.filter((path) => BLOB.test(path)).length;
        const named = files.filter((path) => !BLOB.test(path)).sort();
        const all = blobs === 0 ? named : [`${blobs} blobs`, ...named];
        return `${artifact.id} ${artifact.name} of run ${artifact.run}: ${all.join(', ')}`;
      });
    return section('artifacts', lines);
  }

  function state(): string[] {
    const files = filesAt(world, repository, STATE_BRANCH);
    const paths = inOrder(files);
    const fresh = paths.filter((path) => seenFiles.get(path) !== files.get(path));
    const gone = [...seenFiles.keys()].filter((path) => !files.has(path));
    const changed = fresh.length + gone.length > 0;
    seenFiles = files;
    if (!changed) return [];
    return [
      ...section(`branch ${STATE_BRANCH}`, paths),
      ...fresh.flatMap((path) => [heading(path), stateText(path, files.get(path) ?? '')]),
    ];
  }

  function batches(): string[] {
    const all = provider.batches();
    const lines = all.slice(seenBatches).map(({ id, questions }) => `${id}: ${questions.length} requests`);
    const cancelled = all.filter((batch) => batch.cancelled).map(({ id }) => `${id}: its end was asked for`);
    seenBatches = all.length;
    const twice = repeated(filesAt(world, repository, STATE_BRANCH), all).length;
    const sum = all.reduce((count, { questions }) => count + questions.length, 0);
    const total = `${all.length} batches, ${sum} requests so far, ${twice} of them twice`;
    return section('provider', [...lines, ...cancelled, total]);
  }

  const look: Look = (title, jobs) => {
    const parts = [
      `# ${title}, ${world.stamp()}`,
      ...jobs.flatMap(jobText),
      ...comments(),
      ...statuses(),
      ...checks(),
      ...artifacts(),
      ...state(),
      ...batches(),
    ];
    return normalise(`${parts.join('\n')}\n`);
  };
  look('before', []);
  return look;
}

function jobText(job: JobEnd): string[] {
  const { title, run, end, annotations, outputs, calls, summary } = job;
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(operationOf(call), (counts.get(operationOf(call)) ?? 0) + 1);
  // How often state is read anew depends on how many seconds have passed.
  const called = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => (name === 'graphql query' ? 'graphql queries' : `${count} ${name}`));
  return [
    heading(`job ${title}, workflow run ${run}: ${end}`),
    ...annotations,
    ...Object.entries(outputs).map(([name, value]) => `${name} = ${value.replaceAll('\n', ' | ')}`),
    `calls: ${called.join(', ') || 'none'}`,
    ...(summary === '' ? [] : [heading(`its summary`), summary.trimEnd()]),
  ];
}

/** Paths by name, but runs by their age: their names are accidental. */
function inOrder(files: ReadonlyMap<string, string>): string[] {
  const ages = new Map<string, string>();
  for (const text of files.values()) {
    const created = /"type":"run_created".*?"run":"([^"]+)".*?"at":(\d+)/.exec(text);
    if (created !== null) ages.set(created[1] as string, created[2] as string);
  }
  const key = (path: string): string =>
    path.replace(
      /^(runs|done)\/(.+?)(?=\/|\.jsonl$)/,
      (_, folder, run) => `${folder}/${ages.get(run) ?? run}`,
    );
  return [...files.keys()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** How a blob is called in its artifact. */
const BLOB = /^[0-9a-f]{2}\/[0-9a-f]{64}$/;

/**
 * A file of the state as it is, but for digests of blobs, whose order is any, and for what is known already: the events
 * of a run that is put away, and the whole report in a kept result.
 */
function stateText(path: string, text: string): string {
  if (path.startsWith('done/')) {
    const lines = text.trimEnd().split('\n');
    const events = lines.filter((line) => !line.startsWith('{"segment"'));
    const last = JSON.parse(events.at(-1) ?? '{}') as { type?: string };
    return `${lines.length - events.length} segments, ${events.length} events, the last ${last.type}`;
  }
  if (path.startsWith('baselines/')) {
    const { report, ...rest } = JSON.parse(text) as { report: { headline: string } };
    return JSON.stringify({ ...rest, report: { headline: report.headline } }, null, 1);
  }
  return text
    .trimEnd()
    .replace(/"digests":\[([^\]]*)\]/g, (_, list: string) => `"digests":[${list.split(',').length}]`);
}

function heading(text: string): string {
  return `\n=== ${text}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines];
}
