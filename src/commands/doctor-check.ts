// One thing that `doctor` looked at, and what came of it.

/** One thing that was looked at. `fix` is there for warnings and problems; `skipped`: it was not looked at, and why. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly says: string;
  readonly fix: string | null;
}

/** A check that found nothing wrong. */
export function fine(name: string, says: string): Check {
  return { name, state: 'ok', says, fix: null };
}

/** A check that found something: a `problem` stops runs, a `warning` may. */
export function found(state: 'warning' | 'problem', name: string, says: string, fix: string): Check {
  return { name, state, says, fix };
}
