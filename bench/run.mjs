// Measures this engine against plain JavaScript by hand, CPython's eval and Jinja2, all in one run on one machine.
// CPU time of the process, garbage collection and compiler threads included; rounds take turns; medians are shown.
// Usage: node bench/run.mjs [word] [--json] [--check]   (build/ must be fresh: npm run compile)
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createEvaluation } from '../build/expression/evaluation.js';
import { fieldsFromJson, stringifyJson } from '../build/expression/json.js';
import { compileProgram } from '../build/expression/program.js';
import { dictOf } from '../build/expression/values.js';
import { compileLocalSteps } from '../build/simulation/local-chunk.js';
import { openStream } from '../build/simulation/stream.js';
import { compileTemplate } from '../build/template/template.js';
import * as plain from './plain.mjs';
import * as workloads from './workloads.mjs';

const ROUNDS = 9;
/** Units in one chunk of local work. */
const CHUNK = 250;
/** CPU seconds one round of one contender takes, about. */
const ROUND_SECONDS = 0.15;

const word = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
const python = await startPython();
const rows = [];
for (const bench of [
  drawing('walk', workloads.walk, plain.walk),
  drawing('deal', workloads.deal, plain.deal),
  drawing('hands', workloads.hands, plain.hands),
  verification(),
  rendering(),
]) {
  if (bench.name.includes(word)) rows.push(await measure(bench));
}
python?.stop();
if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
else print(rows);
if (process.argv.includes('--check')) process.exitCode = rows.every((row) => row.reached) ? 0 : 1;

/** A step with draws, its stream opened for every unit as in a run, the fields in memory before and after. */
function drawing(name, { fields, step }, byHand) {
  const program = compileProgram(programOf(step));
  const given = fieldsFromJson(JSON.stringify(fields));
  const streamOf = (index) => openStream(['42', `unit${index}`, name]);
  return {
    name,
    target: name === 'hands' ? null : { of: 'plain', share: name === 'walk' ? 0.4 : 0.7 },
    ours: (index) => program.run(given, createEvaluation({ random: streamOf(index) })).assigned,
    plain: (index) => byHand(fields, streamOf(index)),
    // 15.0 and 15 are one number to JavaScript.
    text: (result) =>
      JSON.stringify(result instanceof Map ? JSON.parse(stringifyJson(dictOf(result))) : result),
  };
}

/** A step without a loop, from JSON text to JSON text. */
function verification() {
  const { fields, step } = workloads.verify;
  const text = JSON.stringify(fields);
  const steps = [{ kind: 'expression', ...programOf(step), name: step.name }];
  const runChunk = (first, size) => {
    const units = Array.from({ length: size }, (_, i) => ({ id: `unit${first + i}`, fields: text }));
    return units.map(compileLocalSteps({ steps, seed: '42', rng: 'tychei' }, () => null));
  };
  return {
    name: 'verify',
    target: { of: null, rate: 30_000 },
    ours: (index) => runChunk(index, 1)[0].steps[0].fields,
    many: (count) => {
      for (let first = 0; first < count; first += CHUNK) runChunk(first, Math.min(CHUNK, count - first));
    },
    plain: () => plain.verify(text),
    text: (result) => result,
  };
}

function rendering() {
  const { context, template } = workloads.render;
  const compiled = compileTemplate('prompt', template, () => null);
  const fields = fieldsFromJson(JSON.stringify(context));
  return {
    name: 'render',
    target: { of: 'python', share: 1 },
    ours: () => compiled.render(fields, createEvaluation({ random: null })),
    plain: () => plain.render(context),
    text: (result) => result,
  };
}

function programOf(step) {
  const listed = (part) => Object.entries(part).map(([name, expr]) => ({ name, expr }));
  return {
    init: listed(step.init),
    expressions: listed(step.expressions),
    loopUntil: step.loop_until,
    maxIterations: 1000,
  };
}

async function measure({ name, target, ours, many, plain: byHand, text }) {
  // What is compared must be the same work.
  for (let i = 0; i < 20; i++) sameOrThrow(name, text(ours(i)), text(byHand(i)));
  const contenders = { ours: local(many ?? repeated(ours)), plain: local(repeated(byHand)) };
  if (python?.works.includes(name)) contenders.python = (count) => python.seconds(name, count);
  const counts = {};
  for (const [who, run] of Object.entries(contenders)) counts[who] = await calibrate(run);
  const rates = Object.fromEntries(Object.keys(contenders).map((who) => [who, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [who, run] of Object.entries(contenders))
      rates[who].push(counts[who] / (await run(counts[who])));
  }
  const ratio = (who) => (rates[who] ? median(rates.ours.map((rate, i) => rate / rates[who][i])) : null);
  const row = {
    name,
    target,
    ours: median(rates.ours),
    plain: median(rates.plain),
    python: rates.python ? median(rates.python) : null,
    ofPlain: ratio('plain'),
    ofPython: ratio('python'),
  };
  return { ...row, compared: isCompared(row), reached: isReached(row) };
}

/** False when the target names a reference that is not on this machine: then nothing can be said. */
function isCompared({ target, ofPlain, ofPython }) {
  if (target === null || target.of === null) return true;
  return (target.of === 'plain' ? ofPlain : ofPython) !== null;
}

function isReached({ target, ours, ofPlain, ofPython }) {
  if (target === null) return true;
  if (target.of === null) return ours >= target.rate;
  const share = target.of === 'plain' ? ofPlain : ofPython;
  return share === null || share >= target.share;
}

function verdictOf({ compared, reached }) {
  if (!compared) return 'not compared';
  return reached ? 'reached' : 'MISSED';
}

function sameOrThrow(name, mine, other) {
  if (mine !== other) throw new Error(`${name}: the engine gives\n${mine}\nplain JavaScript gives\n${other}`);
}

function repeated(run) {
  return (count) => {
    for (let index = 0; index < count; index++) run(index);
  };
}

/** CPU seconds for `count` units in this process. */
function local(run) {
  return (count) => {
    const before = process.cpuUsage();
    run(count);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
}

/** How many units fill a round, once the compilers have warmed up. */
async function calibrate(run) {
  let count = 64;
  for (;;) {
    const seconds = await run(count);
    if (seconds > ROUND_SECONDS / 2) {
      const rate = count / (await run(count));
      return Math.max(1, Math.round(rate * ROUND_SECONDS));
    }
    count *= 2;
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** The reference process, or null when there is no python3. */
async function startPython() {
  const child = spawn('python3', [fileURLToPath(new URL('reference.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const absent = new Promise((resolve) => child.on('error', () => resolve(null)));
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (message) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const line = await Promise.race([lines.next(), absent]);
    return line === null || line.done ? null : JSON.parse(line.value);
  };
  const hello = await ask(workloads);
  if (hello === null) return null;
  return {
    ...hello,
    seconds: async (work, count) => (await ask({ work, count })).seconds,
    stop: () => child.stdin.end(),
  };
}

function print(found) {
  const versions = Object.entries(python?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const missing = python === null ? ['no python3: CPython and Jinja2 are not compared'] : [];
  if (python && !python.works.includes('render')) missing.push('no jinja2: renders are not compared');
  console.log(`Node ${process.versions.node}, ${[...versions, ...missing].join(', ')}`);
  console.log(
    `units per CPU second, medians of ${ROUNDS} rounds; shares are medians of the rounds' own ratios\n`,
  );
  const cells = found.map((row) => [
    row.name,
    rate(row.ours),
    rate(row.plain),
    percent(row.ofPlain),
    rate(row.python),
    row.ofPython === null ? '-' : `${row.ofPython.toFixed(1)}x`,
    row.target === null ? '-' : `${wanted(row.target)}: ${verdictOf(row)}`,
  ]);
  const table = [['', 'ours', 'plain JS', 'of it', 'Python', 'over it', 'target'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  for (const line of table) {
    console.log(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    );
  }
}

function wanted(target) {
  if (target.of === null) return `${target.rate.toLocaleString('en')} a second`;
  return `${percent(target.share)} of ${target.of === 'plain' ? 'plain JS' : 'Jinja2'}`;
}

function rate(value) {
  return value === null ? '-' : Math.round(value).toLocaleString('en');
}

function percent(value) {
  return `${Math.round(value * 100)} %`;
}
