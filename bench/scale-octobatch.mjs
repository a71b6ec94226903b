// Octobatch itself beside this program, on the same machine in the same run: its scripts, as its own orchestrator starts
// them. They are looked for in the folder that OCTOBATCH_SOURCE names, and run by OCTOBATCH_PYTHON or python3.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.env.OCTOBATCH_SOURCE ?? null;
const python = process.env.OCTOBATCH_PYTHON ?? 'python3';

/** Why it cannot be run beside; null: it can. */
export function whyNotBeside() {
  if (source === null) return 'OCTOBATCH_SOURCE names no folder with it';
  if (!existsSync(join(source, 'scripts', 'generate_units.py'))) return `${source} has no scripts of it`;
  return null;
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

/** Chunks of 100 answers, each through both of its validators, which it starts anew. */
function validation(folder, config, count) {
  const schema = join(folder, 'answer.json');
  writeFileSync(schema, JSON.stringify(SCHEMA));
  let total = 0;
  for (let first = 0; first < count; first += 100) {
    const lines = Array.from({ length: 100 }, (_, i) => `${JSON.stringify(answerOf(first + i))}\n`).join('');
    const began = performance.now();
    const held = python3('schema_validator.py', ['--schema', schema, '--quiet'], lines);
    python3('validator.py', ['-c', config, '-s', 'judge', '--quiet'], held.stdout);
    total += (performance.now() - began) / 1000;
  }
  return total;
}

/** One answer as its validators read them. */
function answerOf(index) {
  return { unit_id: `unit${index}`, mood: index % 2 === 0 ? 'good' : 'bad', score: index % 11 };
}

export const SCHEMA = {
  type: 'object',
  required: ['mood', 'score'],
  properties: { mood: { enum: ['good', 'bad'] }, score: { type: 'integer', minimum: 0, maximum: 10 } },
};

function seconds(script, args) {
  const began = performance.now();
  python3(script, args);
  return (performance.now() - began) / 1000;
}

function python3(script, args, input = '') {
  const path = join(source, 'scripts', script);
  const { status, stdout, stderr, error } = spawnSync(python, [path, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stderr.slice(-2000)}`);
  return { stdout };
}

function writeConfig(folder, repeat) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'items.yaml'), 'items:\n  - { id: pier, start_position: 5 }\n');
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
