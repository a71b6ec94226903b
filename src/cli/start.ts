// The commands of the command line for a beginning: init writes a first pipeline, doctor looks whether everything is there.
import { relative } from 'node:path';
import type { Command } from 'commander';
import { diagnose, formatDiagnosis } from '../commands/doctor.ts';
import { EXIT } from '../commands/exit-code.ts';
import { formatInit, initPipeline } from '../commands/init.ts';
import { openQuestions } from '../commands/init-questions.ts';
import { formatWarning } from '../pipeline/diagnostic.ts';
import { placeOptions, ROOT, type Shell } from './flags.ts';

interface InitFlags {
  readonly template?: string;
  readonly from?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly workflow?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds the commands to the command line. */
export function registerStart(
  program: Command,
  shell: Shell,
  { end }: { readonly end: (code: number) => void },
): void {
  program
    .command('init [folder]')
    .description('write a first pipeline; asks on a terminal, overwrites nothing')
    .option('--template <what>', 'simulation, prompts, judge or octobatch')
    .option('--from <folder>', 'the Octobatch folder to copy')
    .option('--provider <name>', 'who answers: none, openai, anthropic or gemini')
    .option('--model <name>', 'the model that answers')
    .option('--workflow', 'write a GitHub workflow (default: in a git repository)')
    .option('--no-workflow', 'write none')
    .option('--yes', 'ask nothing, take the defaults')
    .option('--json', 'print JSON, ask nothing')
    .action(async (folder: string | undefined, flags: InitFlags) => {
      const isAsked =
        process.stdin.isTTY === true && process.stderr.isTTY === true && !flags.yes && !flags.json;
      const questions = isAsked ? openQuestions(process.stdin, process.stderr) : null;
      const wishes = {
        folder: folder ?? null,
        template: flags.template ?? null,
        from: flags.from ?? null,
        provider: flags.provider ?? null,
        model: flags.model ?? null,
        workflow: flags.workflow ?? null,
      };
      try {
        const written = await initPipeline(wishes, questions, launcher());
        for (const warning of written.warnings) process.stderr.write(`${formatWarning(warning)}\n`);
        process.stdout.write(flags.json ? `${JSON.stringify(written)}\n` : formatInit(written));
      } finally {
        questions?.close();
      }
    });

  program
    .command('doctor [pipeline]')
    .description('look whether everything is there: keys, providers, disk, clock, runs, permissions')
    .option('--offline', 'ask nothing over the network')
    .option('--policy <file>', 'hold the pipeline to this policy, as for code of others')
    .option('--json', 'print JSON')
    .action(
      async (pipeline: string | undefined, flags: { offline?: boolean; policy?: string; json?: boolean }) => {
        const diagnosis = await diagnose({
          pipeline: pipeline ?? null,
          root: ROOT,
          isOffline: flags.offline === true,
          place: await placeOptions(shell, flags),
          signal: shell.signal,
        });
        process.stdout.write(flags.json ? `${JSON.stringify(diagnosis)}\n` : formatDiagnosis(diagnosis));
        end(diagnosis.problems > 0 ? EXIT.gate : EXIT.ok);
      },
    );
}

/** How this program was called, to be called again. */
function launcher(): string {
  const [, entry = 'octobatch'] = process.argv;
  return entry.endsWith('.js') ? `node ${relative('.', entry)}` : 'octobatch';
}
