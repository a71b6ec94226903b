// What an Octobatch folder asks for after its run: scripts, which this engine does not run, and calls of Octobatch's own
// analyser, which the built-in report replaces.
import type { Cursor } from './cursor.ts';
import type { OctobatchInput } from './octobatch-schema.ts';
import type { NotRun, ReportSpec } from './pipeline.ts';

/** What is left out and why, and the report that the analyser's calls ask for. */
export interface PostProcess {
  readonly notRun: readonly NotRun[];
  readonly report: ReportSpec;
}

const ANALYSER = /(?:^|\/)analyze_results\.py$/;
const SCRIPT_REASON = 'scripts are not run by this version';
const ANALYSER_REASON = 'shown by the built-in report instead';

/** Reads `post_process`. */
export function readPostProcess(cursor: Cursor<OctobatchInput['post_process']>): PostProcess {
  const notRun: NotRun[] = [];
  const outcomes = new Set<string>();
  const metrics = new Set<string>();
  let groupBy: string | null = null;
  for (const entry of cursor.list()) {
    const script = entry.at('script').text();
    const name = entry.at('name').text() ?? script ?? entry.at('type').text() ?? 'post_process';
    if (script === null) {
      notRun.push({
        name,
        reason: `post-processing of type '${entry.at('type').text() ?? 'script'}' is not done by this version`,
      });
      continue;
    }
    if (!ANALYSER.test(script)) {
      notRun.push({ name, reason: SCRIPT_REASON });
      continue;
    }
    notRun.push({ name, reason: ANALYSER_REASON });
    const args = entry
      .at('args')
      .list()
      .map((argument) => argument.scalar?.text ?? '');
    groupBy ??= valuesOf(args, '--group-by')[0] ?? null;
    for (const field of valuesOf(args, '--count-field')) outcomes.add(field);
    for (const field of valuesOf(args, '--numeric-field')) metrics.add(field);
  }
  return { notRun, report: { groupBy, outcomes: [...outcomes], metrics: [...metrics] } };
}

// Both `--flag value` and `--flag=value`.
function valuesOf(args: readonly string[], flag: string): string[] {
  return args.flatMap((argument, i) => {
    if (argument.startsWith(`${flag}=`)) return [argument.slice(flag.length + 1)];
    const next = args[i + 1];
    return argument === flag && next !== undefined ? [next] : [];
  });
}
