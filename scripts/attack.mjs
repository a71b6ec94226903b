// One attack in a process of its own, so that what it costs can be measured. Reads a JSON object from standard input,
// {"kind", "source", "fields"}; prints how it ended, the CPU seconds and the largest memory of the whole process.
// Needs build/. Run by scripts/prove.mjs.
import { readFileSync } from 'node:fs';
import { createEvaluation } from '../build/expression/evaluation.js';
import { compileExpression } from '../build/expression/expression.js';
import { fieldsFromJson } from '../build/expression/json.js';
import { openStream } from '../build/simulation/stream.js';
import { compileTemplate } from '../build/template/template.js';

const { kind, source, fields } = JSON.parse(readFileSync(0, 'utf8'));
const outcome = attempt();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ outcome, seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }),
);

/** The class of the typed error, 'no failure', or null for an error that is none of ours. */
function attempt() {
  const evaluation = createEvaluation({ random: openStream(['42', 'attack']) });
  try {
    const values = fieldsFromJson(fields);
    if (kind === 'template') compileTemplate('attack', source, () => null).render(values, evaluation);
    else compileExpression(source).evaluate(values, evaluation);
    return 'no failure';
  } catch (error) {
    if (error.kind === 'syntax') return 'SyntaxError';
    return typeof error.type === 'string' ? error.type : null;
  }
}
