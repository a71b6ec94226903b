// Long proofs that no everyday check can afford, each by running what people run: dist/. Each says what it ran.
// Usage: node scripts/prove.mjs [word]   (only the proofs whose name contains the word)
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hostNode, result, root, run, runStages } from './stages.mjs';

const CLI = 'dist/cli/index.js';
const OCTOBATCH = join(root, '../shared/data/octobatch-pipelines');

const proofs = [...octobatchFolders()];

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
