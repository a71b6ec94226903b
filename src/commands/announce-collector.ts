// Whether anything on the default branch will fetch the results of a run that a job leaves behind: asked before money is
// spent. Workflow files are read as data; one that cannot be read counts for nothing.
import { parseDocument } from 'yaml';
import { type Hosting, HostingError, PermissionError } from '../ports/hosting.ts';
import { logText } from '../report/escape.ts';

/** Events that start a workflow of the default branch without a pull request. */
const LATER = ['schedule', 'workflow_run', 'workflow_dispatch'];

/** Characters of one workflow file; longer ones are not written by people. */
const LONGEST_FILE = 500_000;

/** What `warnNoCollector` says of this host's default branch; null also when the host does not tell what is there. */
export async function checkCollector(hosting: Hosting): Promise<string | null> {
  try {
    return warnNoCollector(await hosting.workflows(), await hosting.defaultBranch());
  } catch (error) {
    if (error instanceof PermissionError || error instanceof HostingError) return null;
    throw error;
  }
}

/** A sentence when no workflow of the default branch collects. `workflows`: the texts of its files by path. */
export function warnNoCollector(workflows: ReadonlyMap<string, string>, branch: string): string | null {
  if (hasCollector(workflows)) return null;
  const there = logText(branch, 100);
  return `No workflow on ${there} runs \`command: collect\` on a schedule, after another workflow or by hand, so nothing will fetch the results of this run. Put examples/workflows/collect.yml on ${there}.`;
}

function hasCollector(workflows: ReadonlyMap<string, string>): boolean {
  const files = new Map([...workflows].map(([path, text]) => [path, readYaml(text)]));
  return [...files.values()].some((file) => startsLater(file) && collects(file, files));
}

type Mapping = Readonly<Record<string, unknown>>;

function readYaml(text: string): Mapping {
  if (text.length > LONGEST_FILE) return {};
  try {
    const document = parseDocument(text, { logLevel: 'silent' });
    return document.errors.length > 0
      ? {}
      : mapping(JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 50 }))));
  } catch {
    // Aliases that multiply or go in a circle, and whatever else is no workflow.
    return {};
  }
}

function startsLater(file: Mapping): boolean {
  const { on } = file;
  if (typeof on === 'string') return LATER.includes(on);
  const events: readonly unknown[] = Array.isArray(on) ? on : Object.keys(mapping(on));
  return events.some((event) => LATER.includes(String(event)));
}

/** A step of it, or of a workflow it calls, has `collect` as its command. */
function collects(file: Mapping, files: ReadonlyMap<string, Mapping>, isCalled = false): boolean {
  return Object.values(mapping(file.jobs)).some((job) => {
    const { steps, uses } = mapping(job);
    if (Array.isArray(steps))
      return steps.some((step) => isCollect(mapping(mapping(step).with).command, file));
    // A workflow of this repository that is called. One level: it may come back to where it began.
    const called = typeof uses === 'string' && !isCalled ? files.get(uses.replace(/^\.\//, '')) : undefined;
    return called !== undefined && collects(called, files, true);
  });
}

/** `collect`, or an expression that names it; one that names no word may find it elsewhere in the file. */
function isCollect(command: unknown, file: Mapping): boolean {
  if (typeof command !== 'string') return false;
  if (!command.includes('${{')) return command.trim() === 'collect';
  if (/'collect'/.test(command)) return true;
  return !command.includes("'") && JSON.stringify(file).includes('"collect"');
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
