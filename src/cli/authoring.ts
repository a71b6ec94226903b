// The commands of the command line for whoever writes a pipeline: plan, validate, eval, render, schema. They send nothing.
import type { Command } from 'commander';
import {
  type OverrideFlags,
  readCount,
  readDrawFlags,
  readOverrides,
  usageError,
} from '../commands/arguments.ts';
import { readMaxCost } from '../commands/ceiling.ts';
import { createEvaluator, evaluateExpression } from '../commands/evaluate.ts';
import { worstExit } from '../commands/exit-code.ts';
import { answerLines } from '../commands/json-lines.ts';
import { planCost, planPipeline } from '../commands/plan.ts';
import { formatPlan, formatValid, formatWarnings } from '../commands/plan-text.ts';
import { formatPrompt, renderUnitPrompt } from '../commands/render.ts';
import { createRenderer } from '../commands/render-lines.ts';
import { borrowRun } from '../commands/run-pipeline.ts';
import { formatMatrix, planMatrix } from '../commands/shards-plan.ts';
import {
  chosenUnits,
  placeOptions,
  RNG_HELP,
  type RunFlags,
  type Shell,
  startRequest,
  withMaxCost,
  withOverrides,
  withRunFlags,
  withUnits,
} from './flags.ts';

const JSONL_HELP = 'answer JSON lines from standard input, one line each';

interface EvalFlags extends OverrideFlags {
  readonly context: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

interface RenderFlags extends RunFlags {
  readonly step?: string;
  readonly unit?: string;
  readonly jsonl?: boolean;
}

/** Adds the commands to the command line. */
export function registerAuthoring(
  program: Command,
  shell: Shell,
  { end, explain }: { readonly end: (code: number) => void; readonly explain: (error: unknown) => number },
): void {
  withUnits(withMaxCost(withOverrides(program.command('plan <pipeline>'))))
    .description('check a pipeline and tell what a run would do and may cost; sends nothing')
    .option('--json', 'print JSON')
    .option('--shards <n>', 'divide the run for so many machines; with --json: the matrix of their jobs')
    .action(async (pipeline: string, flags: RunFlags & { shards?: string }) => {
      const shards = flags.shards === undefined ? null : readCount('--shards', flags.shards, 1);
      const { units: chosen = null } = await chosenUnits(flags);
      if (shards !== null && flags.json) {
        const { units, waves } = await planPipeline(
          pipeline,
          readOverrides(flags),
          (await placeOptions(shell, flags)).policy,
          chosen,
        );
        process.stdout.write(`${JSON.stringify(planMatrix(shards, waves?.first ?? units))}\n`);
        return;
      }
      const maxCost = readMaxCost('--max-cost', flags.maxCost ?? '');
      const plan = await planCost(
        pipeline,
        readOverrides(flags),
        await placeOptions(shell, flags),
        maxCost,
        chosen,
      );
      process.stderr.write(formatWarnings(plan));
      process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : formatPlan(plan));
      if (shards !== null)
        process.stdout.write(formatMatrix(shards, plan.waves?.first ?? plan.units, plan.waves !== null));
    });

  program
    .command('validate <pipelines...>')
    .description('check pipeline folders; every mistake and doubt is one line with its place and the fix')
    .action(async (pipelines: string[]) => {
      const codes: number[] = [];
      for (const pipeline of pipelines) {
        try {
          const plan = await planPipeline(pipeline, {});
          process.stderr.write(formatWarnings(plan));
          process.stdout.write(formatValid(pipeline, plan));
        } catch (error) {
          codes.push(explain(error));
        }
      }
      end(worstExit(codes));
    });

  program
    .command('eval [expression]')
    .description('evaluate an expression of the pipeline language')
    .option('--context <json>', 'the names it sees, as a JSON object', '{}')
    .option('--seed <seed>', 'seed of its random draws', '0')
    .option('--rng <name>', RNG_HELP)
    .option('--json', 'print {"value", "repr"}')
    .option('--jsonl', `${JSONL_HELP}: {"expr", "context"?, "seed"?, "rng"?}`)
    .action(async (expression: string | undefined, flags: EvalFlags) => {
      const draws = readDrawFlags(flags);
      if (readLinesOr('an expression', expression, flags)) return answerStdin(shell, createEvaluator(draws));
      const form = flags.json ? 'json' : 'repr';
      process.stdout.write(`${evaluateExpression(expression ?? '', flags.context, draws, form)}\n`);
    });

  withRunFlags(program.command('render [pipeline]'))
    .description("print a unit's prompt")
    .option('--step <name>', 'the model step (default: the first)')
    .option('--unit <id>', "the unit's id or number (default: the first)")
    .option('--jsonl', `${JSONL_HELP}: {"template", "context"?, "templates"?, "seed"?, "rng"?}`)
    .action(async (pipeline: string | undefined, flags: RenderFlags) => {
      if (readLinesOr('a pipeline', pipeline, flags))
        return answerStdin(shell, createRenderer(readDrawFlags(flags)));
      const place = await borrowRun(startRequest(pipeline ?? '', flags), await placeOptions(shell, flags));
      try {
        const found = await renderUnitPrompt(place, { step: flags.step ?? null, unit: flags.unit ?? null });
        process.stdout.write(flags.json ? `${JSON.stringify(found)}\n` : formatPrompt(found));
      } finally {
        await place.close();
      }
    });

  program
    .command('schema')
    .description('print the JSON Schema of pipeline.yaml, for editors')
    .action(async () => {
      const { jsonSchema } = await import('../pipeline/schema.ts');
      process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    });
}

/** True for lines, false for the one thing that is named; exactly one of both must be asked for. */
function readLinesOr(
  noun: string,
  named: string | undefined,
  { jsonl = false }: { jsonl?: boolean },
): boolean {
  if (jsonl === (named === undefined)) return jsonl;
  throw usageError('--jsonl', `give ${noun} or --jsonl, one of both`, 'see --help');
}

function answerStdin(shell: Shell, answer: (line: string) => string): Promise<void> {
  return answerLines(process.stdin, process.stdout, answer, shell.signal);
}
