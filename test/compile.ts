// Compiles src/ once before the tests, so that tests which start processes or workers run the code as it is now.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs the TypeScript compiler on `src/` into `build/`; throws with its output when that fails. */
export function setup(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
