// The commands of the command line for whoever keeps runs: list, info, verify, repair, mode, archive, prune, merge. They
// read words, call, print.
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { archiveRun, unarchiveRun } from '../commands/archive.ts';
import { readChoice, readCount, readDuration, usageError } from '../commands/arguments.ts';
import { EXIT, worstExit } from '../commands/exit-code.ts';
import { describeInFull } from '../commands/info.ts';
import { formatInfo } from '../commands/info-text.ts';
import { formatList, listAll } from '../commands/list.ts';
import { formatMerge, mergeRuns } from '../commands/merge-runs.ts';
import { changeMode, formatModeChange } from '../commands/mode.ts';
import { formatPruning, planPruning, prune } from '../commands/prune.ts';
import { formatRepair, repairRun } from '../commands/repair.ts';
import { readRunName } from '../commands/run-names.ts';
import { findRun, findRuns, listArchived, listRuns } from '../commands/runs.ts';
import { formatVerification, verifyRun } from '../commands/verify.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { MODES } from '../pipeline/resolve.ts';
import { logText } from '../report/escape.ts';

/** What the program around these commands does for them. */
export interface Program {
  /** Where runs are kept. */
  readonly root: string;
  readonly place: RunPlaceOptions;
  readonly end: (code: number) => void;
  /** Writes the files of an opened run again. */
  readonly publish: (place: RunPlace) => Promise<void>;
  /** Prints an error the way its kind deserves, and gives its exit code. */
  readonly explain: (error: unknown) => number;
}

/** Adds the commands to the command line. */
export function registerControl(command: Command, program: Program): void {
  const { root, place, end, explain } = program;
  const print = (text: string): void => void process.stdout.write(text);

  command
    .command('list')
    .description('list the runs that are kept here, the newest first')
    .option('--all', 'also those that were archived, and shards that were merged')
    .option('--json', 'print JSON, one run per line')
    .action(async (flags: { all?: boolean; json?: boolean }) => {
      const list = await listAll(root, place, flags.all ?? false);
      print(flags.json ? list.runs.map((run) => `${JSON.stringify(run)}\n`).join('') : formatList(list));
      end(worstExit(list.unreadable.map(({ error }) => explain(error))));
    });

  command
    .command('info <run>')
    .description('tell everything about a run: settings, steps, prices, every batch, files and sizes')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: { json?: boolean }) => {
      const info = await describeInFull(root, await findRun(root, name, 'all'), place);
      print(flags.json ? `${JSON.stringify(info)}\n` : formatInfo(info));
    });

  command
    .command('verify [runs...]')
    .description('check runs: every unit accounted for once, every file whole; exit 1 when one is not sound')
    .option('--all', 'without runs: also those that were archived')
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: { all?: boolean; json?: boolean }) => {
      const all = [...(await listRuns(root)), ...(flags.all ? await listArchived(root) : [])];
      const folders = names.length > 0 ? await findRuns(root, names, 'all') : all;
      const codes: number[] = [];
      for (const folder of folders) {
        try {
          const found = await verifyRun(folder, place);
          print(flags.json ? `${JSON.stringify(found)}\n` : formatVerification(found));
          codes.push(found.sound ? EXIT.ok : EXIT.gate);
        } catch (error) {
          codes.push(explain(error));
        }
      }
      if (folders.length === 0 && !flags.json) print('There is no run here.\n');
      end(worstExit(codes));
    });

  command
    .command('repair <runs...>')
    .description('mend what verify finds, as far as that is free: asks no model, takes nothing away')
    .option('--pay', 'put units that are lost for good back to be asked again; says first what that may cost')
    .option(
      '--from <folder>',
      'also look for lost files in this folder of a run; may be repeated',
      collect,
      [],
    )
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: RepairFlags) => {
      const pay = flags.pay ? (what: string): void => void process.stderr.write(`${what}\n`) : null;
      const archived = await listArchived(root);
      const sources = [...flags.from, ...(await listRuns(root)), ...archived];
      const away = new Set(archived.map((folder) => resolve(folder)));
      const codes: number[] = [];
      for (const directory of await findRuns(root, names, 'all')) {
        try {
          const isArchived = away.has(resolve(directory));
          const request = { directory, sources, publish: program.publish, pay, isArchived };
          const repair = await repairRun(request, place);
          const { now } = repair;
          if (flags.json) print(`${JSON.stringify(repair)}\n`);
          else print(`${formatRepair(repair)}${now.sound ? '' : formatVerification(now)}`);
          codes.push(now.sound ? EXIT.ok : EXIT.gate);
        } catch (error) {
          codes.push(explain(error));
        }
      }
      end(worstExit(codes));
    });

  command
    .command('mode <run> <mode>')
    .description('ask the models of a run in batches, or call by call, from now on')
    .option('--json', 'print JSON')
    .action(async (name: string, word: string, flags: { json?: boolean }) => {
      const mode = readChoice('mode', word, MODES);
      const opened = openRunPlace(await findRun(root, name), place);
      try {
        const change = await changeMode(opened, mode);
        print(flags.json ? `${JSON.stringify(change)}\n` : formatModeChange(change));
      } finally {
        await opened.close();
      }
    });

  command
    .command('merge <runs...>')
    .description('put the results of finished runs of one pipeline together: other seeds, or other units')
    .requiredOption('--into <name>', 'what the set is called; report, analyze, compare and export read it')
    .option('--json', 'print JSON')
    .action(async (names: string[], flags: { into: string; json?: boolean }) => {
      const facts = await mergeRuns(root, names, readRunName('--into', flags.into), place);
      const { name, members, bySeed } = facts;
      print(flags.json ? `${JSON.stringify({ name, members, bySeed })}\n` : formatMerge(root, facts));
    });

  command
    .command('archive <runs...>')
    .description('put finished runs away; list --all shows them')
    .option('--undo', 'bring them back')
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: { undo?: boolean; json?: boolean }) => {
      const archived = flags.undo !== true;
      for (const name of names) {
        const run = archived ? await archiveRun(root, name, place) : await unarchiveRun(root, name);
        if (flags.json) print(`${JSON.stringify({ run, archived })}\n`);
        else print(`Run ${logText(run, 120)} is ${archived ? 'archived' : 'back'}.\n`);
      }
    });

  command
    .command('prune')
    .description('delete old finished runs for good, archived ones too')
    .requiredOption('--older-than <time>', 'whose last change is so long ago, e.g. 30d')
    .option('--keep <n>', 'never the newest so many', '0')
    .option('--dry-run', 'only tell what would be deleted')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(async (flags: PruneFlags) => {
      const wish = {
        olderThanMs: readDuration('--older-than', flags.olderThan),
        keep: readCount('--keep', flags.keep, 0),
      };
      const plan = await planPruning(root, wish, Date.now(), place);
      const tell = (isDone: boolean): void =>
        print(flags.json ? `${JSON.stringify({ ...plan, deleted: isDone })}\n` : formatPruning(plan, isDone));
      if (flags.dryRun || plan.doomed.length === 0) return tell(false);
      if (!flags.yes && !(await isAgreed(formatPruning(plan, false)))) return print('Nothing is deleted.\n');
      await prune(root, plan);
      tell(true);
    });
}

interface RepairFlags {
  readonly from: readonly string[];
  readonly pay?: boolean;
  readonly json?: boolean;
}

interface PruneFlags {
  readonly olderThan: string;
  readonly keep: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Asks a person; where there is none, that is a mistake. */
async function isAgreed(question: string): Promise<boolean> {
  const { stdin, stdout, stderr } = process;
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    stderr.write(question);
    throw usageError('prune', 'there is nobody to ask', 'say --yes, or look first with --dry-run');
  }
  const asking = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question}Delete them? [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
