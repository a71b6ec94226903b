// The programs that tests start as processes. Where dist/ is known to be made from the sources as they are, they are what
// users run, which also starts in half the time; elsewhere they are what the compiler makes of src/.
import { fileURLToPath } from 'node:url';

const isFresh = process.env.OCTOBATCH_FRESH === '1';

/** The command line. */
export const CLI = entry('cli');

/** The action. */
export const ACTION = entry('action');

function entry(name: string): string {
  return fileURLToPath(
    new URL(isFresh ? `../dist/${name}/index.js` : `../build/${name}.js`, import.meta.url),
  );
}
