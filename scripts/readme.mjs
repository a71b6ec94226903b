// Writes the tables of inputs and outputs in README.md from action.yml, between their markers; nothing else in it.
// Usage: node scripts/readme.mjs [--check]   (--check: change nothing, fail when a table is stale)
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './stages.mjs';

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const path = join(root, 'README.md');
const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';

const inputs = table(
  ['Input', 'What it is', 'Default'],
  Object.entries(action.inputs).map(([name, input]) => [
    `\`${name}\``,
    input.description,
    input.required ? 'required' : input.default ? `\`${input.default}\`` : '',
  ]),
);
const outputs = table(
  ['Output', 'What it is'],
  Object.entries(action.outputs).map(([name, output]) => [`\`${name}\``, output.description]),
);
const wanted = between(between(readme, 'inputs', inputs), 'outputs', outputs);

if (process.argv.includes('--check')) {
  if (wanted !== readme)
    fail('The tables in README.md are not those of action.yml. Run `node scripts/readme.mjs`.');
} else {
  writeFileSync(path, wanted);
}

function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${':--|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function between(text, name, content) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0)
    fail(`README.md needs the lines ${start} and ${end}; the table of ${name} goes between them.`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
