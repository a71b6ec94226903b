// Builds dist/ from src/: tsc to build/, then ncc for each entry. Same sources, same bytes: reads no clock, no machine.
// Usage: node scripts/build.mjs [folder]   (default: dist)
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { licensesOf } from './licenses.mjs';
import { hostNode, root, run } from './stages.mjs';

const ENTRIES = ['action', 'cli', 'worker'];
const TSC = 'node_modules/typescript/bin/tsc';
const NCC = 'node_modules/@vercel/ncc/dist/ncc/cli.js';

const target = resolve(root, process.argv[2] ?? 'dist');
const unfinished = `${target}.new`;

await node(TSC, '-p', 'tsconfig.build.json');
rmSync(unfinished, { recursive: true, force: true });
await Promise.all(ENTRIES.map(bundle));
refuseMachinePaths(unfinished);
refuseAssets(unfinished);
// Last, so that a build that breaks leaves the old folder whole.
rmSync(target, { recursive: true, force: true });
renameSync(unfinished, target);
console.log(`built ${relative(root, target) || target}`);

async function bundle(entry) {
  const folder = join(unfinished, entry);
  const stats = `${folder}.json`;
  await node(
    NCC,
    'build',
    `build/${entry}.js`,
    '--out',
    folder,
    '--stats-out',
    stats,
    '--no-cache',
    '--quiet',
  );
  writeFileSync(join(folder, 'licenses.txt'), licensesOf(JSON.parse(readFileSync(stats, 'utf8'))));
  rmSync(stats);
}

async function node(...args) {
  const { code, output } = await run(hostNode, args);
  if (code === 0) return;
  console.error(output);
  process.exit(1);
}

/**
 * The bundler takes `resolve(x, 'runs')` and `join(tmpdir(), 'x')` for files of the program: it copies what lies there on
 * this machine, and the program looks for it beside itself.
 */
function refuseAssets(folder) {
  for (const entry of ENTRIES) {
    const text = readFileSync(join(folder, entry, 'index.js'), 'utf8');
    const [taken] = /^.*__nccwpck_require__\.ab \+.*$/m.exec(text) ?? [];
    if (taken === undefined) continue;
    console.error(`${entry}: a path became a file of the bundle: ${taken.trim().slice(0, 200)}`);
    console.error('Let a function of its own make the path.');
    process.exit(1);
  }
}

/** A path of this machine inside the bundle would differ on the next one, and tell about this one. */
function refuseMachinePaths(folder) {
  const prefixes = ['build', 'src', 'node_modules'].map((name) => join(root, name));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    const prefix = prefixes.find((candidate) => text.includes(candidate));
    if (prefix === undefined) continue;
    console.error(
      `${relative(folder, path)} contains ${prefix}. Take the path out of the source that puts it there.`,
    );
    process.exit(1);
  }
}
