// Compiles src/ once before the tests, so that tests which start processes or workers run the code as it is now.
// Type errors are the type check's business: the compiler writes its output all the same.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs the TypeScript compiler on `src/` into `build/`; throws when it cannot be run at all. */
export function setup(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const args = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
  const { error, status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
  if (error !== undefined) throw error;
  if (status !== 0) console.warn('src/ has type errors; tests run what the compiler made of it.');
}
