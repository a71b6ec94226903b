// Holds the files that a run published against what its journal gives: the same units, the same bytes. It writes nothing.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { accountFor } from '../engine/account.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { readRecords } from '../engine/perform-results.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import { csvColumns, csvHeader, csvRow, MOST_COLUMNS } from '../report/csv.ts';
import { failureLine, resultLine } from '../report/results.ts';

/** Units that are named where files differ. */
const MOST_NAMED = 3;

/** Units that are kept to be named; files with more differ as a whole. */
const MOST_KEPT = 100_000;

/** What is wrong with one file. */
export interface WrongFile {
  readonly name: string;
  readonly what: string;
}

/** The files of a finished run that are not what its journal gives; an empty list: all are. */
export async function findWrongFiles(directory: string, context: RunContext): Promise<readonly WrongFile[]> {
  const names = new Set<string>();
  async function* results(): AsyncGenerator<string> {
    for await (const record of readRecords(context)) {
      if (record.kind !== 'valid') continue;
      if (names.size <= 2 * MOST_COLUMNS) for (const name of record.fields.keys()) names.add(name);
      yield `${resultLine(record)}\n`;
    }
  }
  async function* failures(): AsyncGenerator<string> {
    for await (const record of readRecords(context))
      if (record.kind === 'failed') yield `${failureLine(record)}\n`;
  }
  async function* table(): AsyncGenerator<string> {
    const columns = csvColumns(names);
    yield csvHeader(columns);
    for await (const record of readRecords(context))
      if (record.kind === 'valid') yield csvRow(columns, record);
  }
  const found: WrongFile[] = [];
  const check = async (name: string, lines: () => AsyncGenerator<string>): Promise<void> => {
    const path = join(directory, name);
    const [expected, actual] = [
      await digestOf(lines()),
      existsSync(path) ? await digestOf(readBytes(path)) : null,
    ];
    if (actual === null) found.push({ name, what: 'it is not there' });
    else if (expected !== actual)
      found.push({
        name,
        what: name.endsWith('.jsonl') ? await sayUnits(path, lines()) : 'it is another table',
      });
  };
  await check('results.jsonl', results);
  await check('failures.jsonl', failures);
  await check('results.csv', table);
  const report = await sayReport(join(directory, 'report.json'), context);
  if (report !== null) found.push({ name: 'report.json', what: report });
  for (const name of ['report.md', 'report.html'])
    if (!existsSync(join(directory, name))) found.push({ name, what: 'it is not there' });
  return found;
}

async function digestOf(chunks: AsyncIterable<string | Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

async function* readBytes(path: string): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path)) yield chunk as Buffer;
}

/** How the units of a file differ from those that should be in it. */
async function sayUnits(path: string, expected: AsyncGenerator<string>): Promise<string> {
  const lines = new Map<string, string>();
  for await (const line of expected) {
    if (lines.size === MOST_KEPT) return 'it is another text';
    lines.set(idOf(line), line.trimEnd());
  }
  const seen = new Set<string>();
  const [doubled, stray, changed]: string[][] = [[], [], []];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const id = idOf(line);
    if (seen.has(id)) doubled!.push(id);
    else if (!lines.has(id)) stray!.push(id);
    else if (lines.get(id) !== line.trimEnd()) changed!.push(id);
    seen.add(id);
  }
  const missing = [...lines.keys()].filter((id) => !seen.has(id));
  const parts = [
    say(missing, 'is missing', 'are missing'),
    say(doubled!, 'is in it twice', 'are in it twice'),
    say(stray!, 'is not of this run', 'are not of this run'),
    say(changed!, 'has other values', 'have other values'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'its units stand in another order' : parts.join('; ');
}

function say(ids: readonly string[], one: string, many: string): string {
  if (ids.length === 0) return '';
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const more = ids.length > MOST_NAMED ? ', ...' : '';
  return `${ids.length} ${ids.length === 1 ? `unit ${one}` : `units ${many}`} (${named}${more})`;
}

function idOf(line: string): string {
  try {
    const { unit_id: id } = JSON.parse(line) as { unit_id?: unknown };
    return typeof id === 'string' ? id : '(a line without a unit)';
  } catch {
    return '(a line that is cut off)';
  }
}

/** What is wrong with the report's own numbers, or null. Gates may have changed since; the units may not. */
async function sayReport(path: string, { state }: RunContext): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return 'it is not there';
  try {
    const { units, provenance } = parsePlainJson(text) as {
      units?: Record<string, unknown>;
      provenance?: { runId?: unknown };
    };
    if (provenance?.runId !== state.run) return 'it is that of another run';
    const { planned, valid, failed } = accountFor(state);
    const isSame = units?.planned === planned && units?.valid === valid && units?.failed === failed;
    return isSame
      ? null
      : `it counts ${units?.valid} valid and ${units?.failed} failed units, not ${valid} and ${failed}`;
  } catch {
    return 'it cannot be read';
  }
}
