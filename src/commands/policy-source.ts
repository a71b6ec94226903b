// Where a policy comes from: a file, or the text itself. A file that stands among the code to be judged is no policy.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { usageError } from './arguments.ts';

/** The text of a policy in a file; `name` is the flag or input that names it. Throws a ConfigurationError. */
export function policyText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw usageError(name, `the file "${path}" cannot be read`, 'give the path of a YAML file');
  }
}

/**
 * Throws a ConfigurationError when a policy is a file of the same checkout as a pipeline it shall judge: whoever changes
 * the one could change the other. `below`: folders at any depth of which there may be such pipelines.
 */
export function checkPolicySource(
  name: string,
  text: string,
  pipelines: readonly string[],
  below: readonly string[] = [],
): void {
  if (!isPath(text)) return;
  const own = checkoutOf(text.trim());
  const apart = [...pipelines, ...below].every((pipeline) => checkoutOf(pipeline) !== own);
  if (apart && !below.some((folder) => own !== null && isWithin(own, folder))) return;
  throw usageError(
    name,
    'on a pull request the policy must not come from the code under test',
    'write its YAML into the workflow, or check the base branch out into a folder of its own and name the file there',
  );
}

/** Whether what is given names a file: one line without a colon and a space, or a brace, is no YAML mapping. */
export function isPath(text: string): boolean {
  return !/[\n{]|:(\s|$)/.test(text.trim());
}

function isWithin(path: string, folder: string): boolean {
  const near = relative(realPath(folder), path);
  return near !== '..' && !near.startsWith(`..${sep}`) && !isAbsolute(near);
}

/** The nearest folder above that was checked out; null when none was. */
function checkoutOf(path: string): string | null {
  for (let folder = realPath(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
