// What could not be shown, in sentences for the log: what is lost, what is shown all the same, and how to mend it. No
// sentence names a pipeline, so that those of many pipelines are the same and can be told once.
import { type HostingError, PermissionError } from '../ports/hosting.ts';
import { logText } from '../report/escape.ts';

/** What is shown at GitHub. `head`: that the pull request is open, and at which commit. */
export type Part = 'head' | 'comment' | 'status' | 'check';

/** A part that failed. */
export interface Trouble {
  readonly part: Part;
  readonly error: PermissionError | HostingError;
}

const NAMES: Readonly<Record<Part, string>> = {
  head: 'whether the pull request has moved on',
  comment: 'the comment on the pull request',
  status: 'the commit status',
  check: 'the check run',
};

/** What a workflow must grant for each part. The comment could do with `issues: write`; this is narrower. */
const NEEDS: Readonly<Record<Part, string>> = {
  head: 'pull-requests: read',
  comment: 'pull-requests: write',
  status: 'statuses: write',
  check: 'checks: write',
};

/** What says "pending" could not be replaced, or not be looked for, because this job lacks what an earlier one had. */
export class StaleError extends Error {
  override readonly cause: PermissionError;
  constructor(cause: PermissionError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** True when trying again is of no use: the permission is missing, or what it is about is gone or full. */
export function isForGood(error: PermissionError | HostingError): boolean {
  return error instanceof PermissionError || [404, 410, 422].includes(error.status ?? 0);
}

/** One sentence or a few for each cause; `shown` are the parts that are shown. */
export function warningsOf(troubles: readonly Trouble[], shown: readonly Part[]): readonly string[] {
  const causes = new Map<string, Trouble[]>();
  for (const trouble of troubles) {
    const cause =
      trouble.error instanceof PermissionError
        ? (NEEDS[trouble.part].split(':')[0] ?? '')
        : trouble.error.message;
    causes.set(cause, [...(causes.get(cause) ?? []), trouble]);
  }
  return [...causes.values()].map((of) =>
    of[0]!.error instanceof PermissionError ? lacking(of, shown) : failing(of),
  );
}

function lacking(troubles: readonly Trouble[], shown: readonly Part[]): string {
  const parts = troubles.map(({ part }) => part);
  const needs = NEEDS[parts.find((part) => part !== 'head') ?? 'head'];
  const works = [...namesOf(shown), 'the job summary'];
  const still = `${capital(join(works))} still ${works.length === 1 ? 'works' : 'work'}`;
  const grant = `Add \`${needs}\` to \`permissions:\` in the workflow.`;
  return `${lost(parts)}, because the token of this job lacks \`${needs}\`. ${still}. ${grant}`;
}

function failing(troubles: readonly Trouble[]): string {
  const parts = troubles.map(({ part }) => part);
  const { error } = troubles[0]!;
  const why = logText(error.message.replace(/\.$/, ''), 300);
  const then = isForGood(error) ? 'It is not tried again.' : 'The next `collect` tries again.';
  return `${lost(parts)}: ${why}. ${then}`;
}

/** `The comment on the pull request and the commit status are not written`. */
function lost(parts: readonly Part[]): string {
  const names = namesOf(parts);
  if (names.length === 0) return `${capital(NAMES.head)} is not known`;
  return `${capital(join(names))} ${names.length === 1 ? 'is' : 'are'} not written`;
}

/** What is written, in the order people look for it. */
function namesOf(parts: readonly Part[]): readonly string[] {
  return (['comment', 'status', 'check'] as const)
    .filter((part) => parts.includes(part))
    .map((part) => NAMES[part]);
}

function join(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
