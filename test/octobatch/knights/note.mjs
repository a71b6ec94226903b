// Counts the results of a run: a script as Octobatch folders have them, for tests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lines = readFileSync(join(process.argv[2], 'results.jsonl'), 'utf8').trimEnd().split('\n');
console.log(`${lines.length} results`);
