// What the program says of itself with --help: its commands and their flags, asked of the compiled program in one process.
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CLI } from '../entries.ts';

/** The flags of each command, by its name. */
export type Help = ReadonlyMap<string, readonly string[]>;

// Each import is another address, so that the entry is run once for each command.
const SCRIPT = `
const ask = async (words) => {
  let said = '';
  const write = process.stdout.write;
  process.stdout.write = (text) => { said += text; return true; };
  process.argv = [process.argv[0], 'octobatch', ...words, '--help'];
  try { await import(process.env.ENTRY + '?' + words.join('-')); } finally { process.stdout.write = write; }
  return said;
};
const names = [...(await ask([])).matchAll(/^ {2}([a-z][a-z-]*)(?= |$)/gm)].map((match) => match[1]);
const found = {};
for (const name of names) if (name !== 'help') found[name] = await ask([name]);
process.stdout.write(JSON.stringify(found));
process.exitCode = 0;
`;

/** Asks the program. */
export async function askHelp(): Promise<Help> {
  const env = { ...process.env, ENTRY: pathToFileURL(CLI).href, NO_COLOR: '1' };
  const args = ['--input-type=module', '--no-warnings', '-e', SCRIPT];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1 << 24 });
  const found = JSON.parse(stdout) as Readonly<Record<string, string>>;
  return new Map(
    Object.entries(found).map(([name, text]) => [
      name,
      [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]!),
    ]),
  );
}
