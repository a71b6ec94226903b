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
        const files = [...filesIn(artifact).keys()].sort();
        return `${artifact.id} ${artifact.name} of run ${artifact.run}: ${files.join(', ')}`;
      });
    return section('artifacts', lines);
  }

  function state(): string[] {
    const files = filesAt(world, repository, STATE_BRANCH);
    const paths = [...files.keys()].sort();
    const fresh = paths.filter((path) => seenFiles.get(path) !== files.get(path));
    const gone = [...seenFiles.keys()].filter((path) => !files.has(path));
    const changed = fresh.length + gone.length > 0;
    seenFiles = files;
    if (!changed) return [];
    return [
      ...section(`branch ${STATE_BRANCH}`, paths),
      ...fresh.flatMap((path) => [heading(path), (files.get(path) ?? '').trimEnd()]),
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
  const called = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${count} ${name}`);
  return [
    heading(`job ${title}, workflow run ${run}: ${end}`),
    ...annotations,
    ...Object.entries(outputs).map(([name, value]) => `${name} = ${value.replaceAll('\n', ' | ')}`),
    `${calls.length} calls: ${called.join(', ') || 'none'}`,
    ...(summary === '' ? [] : [heading(`its summary`), summary.trimEnd()]),
  ];
}

function heading(text: string): string {
  return `\n=== ${text}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines];
}
