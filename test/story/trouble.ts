// What goes wrong for a job at one of its calls to GitHub. Counted from the job's start, whatever the call is.
import type { LocalGitHub, Logged } from '../github/server.ts';

/** Trouble at call number `at` (from 1). */
export type Trouble =
  /** The process dies by SIGKILL, before GitHub hears of the call, or after it has done what was asked. */
  | { readonly kind: 'death'; readonly at: number; readonly heard: boolean }
  /** This call and the next ones, `times` in all (once when absent), are answered with a status and not carried out. */
  | { readonly kind: 'answer'; readonly at: number; readonly status: number; readonly times?: number }
  /** Every call of the operation that is called at `at` is answered so, from then on to the end of the job. */
  | { readonly kind: 'down'; readonly at: number; readonly status: number }
  /** Something else happens at this moment, before the call is carried out. */
  | { readonly kind: 'run'; readonly at: number; readonly run: () => void | Promise<void> };

const FOR_EVER = 1_000_000;

/** Arranges it for the calls that come from now on; `kill` ends the job's process. What it returns ends the trouble. */
export function arrange(github: LocalGitHub, trouble: Trouble, kill: () => void): () => void {
  let isOver = false;
  const interfere: LocalGitHub['interfere'] = ({ when, ...more }) =>
    github.interfere({ ...more, when: (request) => !isOver && when(request) });
  const first = github.log.length;
  const isDue = ({ number }: Logged): boolean => number === first + trouble.at;
  switch (trouble.kind) {
    case 'death':
      if (trouble.heard) interfere({ when: isDue, what: { kind: 'run', run: kill } });
      else {
        const when = (request: Logged): boolean => {
          const due = isDue(request);
          if (due) kill();
          return due;
        };
        interfere({ when, what: { kind: 'cut' } });
      }
      break;
    case 'answer': {
      const when = ({ number }: Logged): boolean => number >= first + trouble.at;
      const what = { kind: 'answer', status: trouble.status } as const;
      interfere({ when, times: trouble.times ?? 1, what });
      break;
    }
    case 'down': {
      let operation: string | null = null;
      const when = (request: Logged): boolean => {
        if (isDue(request)) operation = operationOf(request);
        return operation !== null && operationOf(request) === operation;
      };
      interfere({ when, times: FOR_EVER, what: { kind: 'answer', status: trouble.status } });
      break;
    }
    case 'run':
      interfere({ when: isDue, what: { kind: 'run', run: trouble.run } });
      break;
    default:
      trouble satisfies never;
  }
  return () => {
    isOver = true;
  };
}

/** A call's name as GitHub gives it; of GraphQL also which mutation, or that it is a query. */
export function operationOf({ operation, method, path, body }: Logged): string {
  if (operation === null) return `${method} ${path}`;
  if (operation !== 'graphql') return operation;
  const query = (body as { query?: string } | null)?.query ?? '';
  return `graphql ${/\b(createCommitOnBranch|createRef)\b/.exec(query)?.[1] ?? 'query'}`;
}
