// Counts what a run would do, without sending anything.
import { loadFolder } from '../compose.ts';
import { type Diagnostic, formatWarning } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import type { Policy } from '../pipeline/policy.ts';
import { planUnits } from '../simulation/units.ts';

/** One step's part of a plan. Requests are a range: every answer valid at once, or every attempt used up. */
export interface PlannedStep {
  readonly name: string;
  readonly kind: 'expression' | 'llm';
  readonly requests: { readonly least: number; readonly most: number };
}

/** What a run would do. */
export interface Plan {
  readonly pipeline: string;
  readonly form: 'native' | 'octobatch';
  readonly units: number;
  readonly firstUnits: readonly string[];
  readonly steps: readonly PlannedStep[];
  readonly gates: number;
  readonly notRun: readonly { readonly name: string; readonly reason: string }[];
  /** What is doubtful in the pipeline's files, by file and position. */
  readonly warnings: readonly Diagnostic[];
}

/** Reads and checks a pipeline folder, and counts. Throws a ConfigurationError. */
export async function planPipeline(
  folder: string,
  overrides: Overrides,
  policy: Policy | null = null,
): Promise<Plan> {
  const loaded = await loadFolder(folder, folder, overrides, policy);
  const { pipeline } = loaded;
  const units = planUnits(pipeline, loaded.items);
  const mostAttempts = Math.max(1, ...pipeline.steps.map((step) => step.retry.maxAttempts));
  return {
    pipeline: pipeline.name,
    form: pipeline.form,
    units: units.count,
    firstUnits: Array.from({ length: Math.min(3, units.count) }, (_, index) => units.unit(index).id),
    steps: pipeline.steps.map(({ name, kind }) => ({
      name,
      kind,
      requests:
        kind === 'llm' ? { least: units.count, most: units.count * mostAttempts } : { least: 0, most: 0 },
    })),
    gates: pipeline.gates.length,
    notRun: pipeline.notRun,
    warnings: loaded.warnings,
  };
}

/** The plan as lines for a person. */
export function formatPlan(plan: Plan): string {
  const lines = [
    `${plan.pipeline}: ${plan.units} units (${plan.firstUnits.join(', ')}${plan.units > plan.firstUnits.length ? ', ...' : ''})`,
    ...plan.steps.map(({ name, kind, requests }) =>
      kind === 'expression'
        ? `  ${name}: computed here`
        : `  ${name}: ${requests.least} to ${requests.most} requests`,
    ),
    `  ${plan.gates} gates`,
    ...plan.notRun.map(({ name, reason }) => `  not run: ${name} (${reason})`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The warnings of a plan, a line each; '' when there are none. They stop nothing. */
export function formatWarnings(plan: Plan): string {
  return plan.warnings.map((warning) => `${formatWarning(warning)}\n`).join('');
}
