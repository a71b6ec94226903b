// Octobatch itself beside this program, on the same machine in the same run: its scripts, as its own orchestrator starts
// them. They are looked for in the folder that OCTOBATCH_SOURCE names, and run by OCTOBATCH_PYTHON or python3.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.env.OCTOBATCH_SOURCE ?? null;
const python = process.env.OCTOBATCH_PYTHON ?? 'python3';

/** Why it cannot be run beside; null: it can. */
export function whyNotBeside() {
  if (source === null) return 'OCTOBATCH_SOURCE names no folder with it';
  if (!existsSync(join(source, 'scripts', 'generate_units.py'))) return `${source} has no scripts of it`;
  return null;
}

/** Why its whole loop cannot be run; null: it can. */
export function whyNoLoop() {
  const parts = ['orchestrate.py', 'octobatch_step.py', 'providers/openai.py', 'providers/models.yaml'];
  const missing = parts.find((part) => !existsSync(join(source, 'scripts', part)));
  if (missing !== undefined) return `${source} has no scripts/${missing}`;
  const { status } = spawnSync(python, ['-c', 'import openai, jinja2, dotenv, jsonschema, asteval, yaml']);
  return status === 0 ? null : `${python} lacks a package that it needs`;
}

/** Seconds of its own work: planning `planned` units, walks of `walked` of them, validation of `validated` answers. */
export function measureOctobatch(folder, { planned, walked, validated }) {
  const config = writeConfig(folder, planned);
  const units = join(folder, 'units.jsonl');
  const plan = seconds('generate_units.py', ['-c', config, '-o', units]);
  const few = writeConfig(join(folder, 'few'), walked);
  const fewUnits = join(folder, 'few-units.jsonl');
  seconds('generate_units.py', ['-c', few, '-o', fewUnits]);
  const out = join(folder, 'walks.jsonl');
  const walk = seconds('run_expression_step.py', [fewUnits, few, 'walk', out]);
  return { plan, walk, validate: validation(folder, config, validated) };
}

/** Seconds of its analyser over an exported run, and what it printed. */
export function analyseByOctobatch(run, field) {
  const began = performance.now();
  const { stdout } = python3('analyze_results.py', [run, '--group-by', 'id', '--count-field', field]);
  return { wall: (performance.now() - began) / 1000, text: stdout };
}

/** Makes the simulator at `url` ready for its loops over up to `units` units, and Python for a run that is not its first. */
export async function prepareLoop(folder, units, url) {
  await registerAnswers(units, url);
  // Python writes down what it compiled; where Octobatch was used before, that is there.
  loopByOctobatch(folder, 10, url, '0');
}

/**
 * Seconds of its whole loop over `units` of the two steps, of which every one must come through. Between two looks at its
 * batches it waits for `interval` seconds; null: for as long as it does by itself, which are five.
 */
export function loopByOctobatch(folder, units, url, interval) {
  const config = writeLoop(folder, units);
  const run = join(folder, 'run');
  const environment = { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'none' };
  const began = performance.now();
  python3('orchestrate.py', ['--init', '--config', config, '--run-dir', run], { environment });
  const waits = interval === null ? [] : ['--interval', interval];
  python3('orchestrate.py', ['--watch', ...waits, '--run-dir', run], { environment });
  const wall = (performance.now() - began) / 1000;
  const valid = readdirSync(join(run, 'chunks'))
    .map((chunk) => readFileSync(join(run, 'chunks', chunk, 'judge_validated.jsonl'), 'utf8'))
    .reduce((sum, text) => sum + text.split('\n').filter((line) => line !== '').length, 0);
  if (valid !== units) throw new Error(`of ${units} units ${valid} came through Octobatch's loop`);
  return wall;
}

/**
 * Tells the simulator what to answer: Octobatch's batches bear no schema. It asks both steps under the unit's id, so that
 * one answer has the fields of both.
 */
async function registerAnswers(units, url) {
  const both = { ...SCHEMA.properties, ...FAIR.properties };
  const schema = JSON.stringify({ type: 'object', required: Object.keys(both), properties: both });
  const lines = Array.from({ length: units }, (_, unit) => {
    const customId = `pier__rep${String(unit).padStart(4, '0')}`;
    return `${JSON.stringify({ customId, seed: '42', fields: '{}', simulate: null, schema })}\n`;
  });
  const response = await fetch(`${url}/_octobatch/contexts`, { method: 'POST', body: lines.join('') });
  if (!response.ok) throw new Error(`the simulator took no answers: ${await response.text()}`);
}

/** Chunks of 100 answers, each through both of its validators, which it starts anew. */
function validation(folder, config, count) {
  const schema = join(folder, 'answer.json');
  writeFileSync(schema, JSON.stringify(SCHEMA));
  let total = 0;
  for (let first = 0; first < count; first += 100) {
    const lines = Array.from({ length: 100 }, (_, i) => `${JSON.stringify(answerOf(first + i))}\n`).join('');
    const began = performance.now();
    const held = python3('schema_validator.py', ['--schema', schema, '--quiet'], { input: lines });
    python3('validator.py', ['-c', config, '-s', 'judge', '--quiet'], { input: held.stdout });
    total += (performance.now() - began) / 1000;
  }
  return total;
}

/** One answer as its validators read them. */
function answerOf(index) {
  return { unit_id: `unit${index}`, mood: index % 2 === 0 ? 'good' : 'bad', score: index % 11 };
}

/** What the model's two steps are asked and have to answer, in both programs. */
export const PROMPTS = {
  ask: 'Say where {{ start_position }} leads, walker {{ unit_id }}.',
  judge: 'Judge the mood {{ mood }} and the score {{ score }} of {{ unit_id }}.',
};

/** What `ask` has to answer. */
export const SCHEMA = {
  type: 'object',
  required: ['mood', 'score'],
  properties: { mood: { enum: ['good', 'bad'] }, score: { type: 'integer', minimum: 0, maximum: 10 } },
};

/** What `judge` has to answer. */
export const FAIR = { type: 'object', properties: { fair: { type: 'boolean' } }, required: ['fair'] };

function seconds(script, args) {
  const began = performance.now();
  python3(script, args);
  return (performance.now() - began) / 1000;
}

function python3(script, args, { input = '', environment = {} } = {}) {
  const path = join(source, 'scripts', script);
  const { status, stdout, stderr, error } = spawnSync(python, [path, ...args], {
    input,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stderr.slice(-2000)}`);
  return { stdout };
}

/** Two model steps as its pipelines have them; it wants rules of each step beside the schema, so these are the fewest. */
function writeLoop(folder, repeat) {
  for (const place of ['schemas', 'templates']) mkdirSync(join(folder, place), { recursive: true });
  for (const [step, schema] of Object.entries({ ask: SCHEMA, judge: FAIR })) {
    writeFileSync(join(folder, 'schemas', `${step}.json`), JSON.stringify(schema));
    writeFileSync(join(folder, 'templates', `${step}.txt`), PROMPTS[step]);
  }
  writeItems(folder);
  const path = join(folder, 'config.yaml');
  writeFileSync(
    path,
    `pipeline: { name: model, steps: [{ name: ask }, { name: judge }] }
api: { provider: openai, model: gpt-4o-mini }
prompts: { template_dir: templates, templates: { ask: ask.txt, judge: judge.txt } }
schemas: { schema_dir: schemas, files: { ask: ask.json, judge: judge.json } }
processing:
  strategy: direct
  chunk_size: 100
  repeat: ${repeat}
  items: { source: items.yaml, key: items, name_field: id }
validation: { ask: { required: [mood, score] }, judge: { required: [fair] } }
`,
  );
  return path;
}

function writeItems(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'items.yaml'), 'items:\n  - { id: pier, start_position: 5 }\n');
}

function writeConfig(folder, repeat) {
  writeItems(folder);
  const path = join(folder, 'config.yaml');
  writeFileSync(
    path,
    `pipeline:
  name: walk
  steps:
    - name: walk
      scope: expression
      init: { position: start_position, steps_taken: "0" }
      expressions:
        position: "position + random.choice([-1, 1])"
        steps_taken: "steps_taken + 1"
      loop_until: "position <= 0 or position >= 10"
      max_iterations: 1000
    - name: judge
processing:
  strategy: direct
  chunk_size: 100
  repeat: ${repeat}
  items: { source: items.yaml, key: items, name_field: id }
validation:
  judge:
    required: [mood, score]
    types: { mood: string, score: number }
    rules:
      - { name: mood_fits, expr: "mood == 'good' or score <= 10", error: "{mood} at {score}", level: error }
`,
  );
  return path;
}
