// What this Node makes of the whole golden corpus, of draws and of the elementary functions, as one digest a part:
// another Node must print the same. Needs build/. Run by scripts/prove.mjs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createEvaluation } from '../build/expression/evaluation.js';
import { compileExpression } from '../build/expression/expression.js';
import { fieldsFromJson, stringifyJson } from '../build/expression/json.js';
import { pyRepr } from '../build/expression/text.js';
import { openStream } from '../build/simulation/stream.js';
import { compileTemplate } from '../build/template/template.js';

const DRAWS = `random.random() random.randint(1,10**6) random.gauss(0,1) random.normalvariate(0,1)
random.lognormvariate(0,1) random.expovariate(2) random.gammavariate(0.5,1) random.gammavariate(3,1)
random.betavariate(2,5) random.paretovariate(3) random.weibullvariate(1,2) random.vonmisesvariate(1,4)
random.triangular(0,9,3) random.poissonvariate(3.5) random.sample(range(100),5) random.choices('abc',[1,2,3],k=4)`.split(
  /\s+/,
);
const FUNCTIONS =
  'sqrt exp log log2 log10 log1p expm1 sin cos tan asin acos atan sinh cosh tanh asinh erf gamma'.split(' ');

const [header, ...rows] = linesOf('expression/corpus.jsonl');
const context = header.slice('{"context": '.length, -1);
const [shared, ...templates] = linesOf('template/corpus.jsonl');
const { BASE, PARTS } = JSON.parse(shared).shared;

console.log(`expressions ${digest(rows.map((row) => answer(JSON.parse(row).expr, context)))}`);
console.log(`templates ${digest(templates.map((row) => rendered(JSON.parse(row))))}`);
console.log(`draws ${digest(seeds().flatMap((seed) => DRAWS.map((draw) => answer(draw, '{}', seed))))}`);
console.log(
  `functions ${digest(seeds().flatMap((seed) => FUNCTIONS.map((name) => elementary(name, seed))))}`,
);

function linesOf(path) {
  return readFileSync(new URL(`../test/golden/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
}

function seeds() {
  return Array.from({ length: 2_000 }, (_, i) => String(i));
}

/** A function at a random place, powers too. */
function elementary(name, seed) {
  return answer(`[math.${name}(x := random.uniform(0, 1)), x ** 2.7, math.atan2(x, 3)]`, '{}', seed);
}

function answer(source, fields, seed = '1') {
  const evaluation = createEvaluation({ random: openStream([seed, source]) });
  return outcome(() => {
    const value = compileExpression(source).evaluate(fieldsFromJson(fields), evaluation);
    return `${pyRepr(evaluation, value)} ${outcome(() => stringifyJson(value))}`;
  });
}

function rendered({ template, context: given, templates: others }) {
  const fields = fieldsFromJson(JSON.stringify(given === 'BASE' ? BASE : (given ?? {})));
  const found = new Map(Object.entries(others === 'PARTS' ? PARTS : (others ?? {})));
  const evaluation = createEvaluation({ random: null });
  return outcome(() =>
    compileTemplate('t', template, (name) => found.get(name) ?? null).render(fields, evaluation),
  );
}

function outcome(run) {
  try {
    return run();
  } catch (error) {
    if (error.kind === undefined && error.type === undefined) throw error;
    return `${error.type ?? 'SyntaxError'} ${error.message} ${error.line}:${error.column}`;
  }
}

function digest(texts) {
  return `${createHash('sha256').update(texts.join('\0')).digest('hex')} of ${texts.length}`;
}
