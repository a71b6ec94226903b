// Chooses the units of a run by a list of their ids: a plain file, one id a line, or JSON lines with a `unit_id`, as results
// and failures are. It changes nothing about a unit: its draws are those it has among all.
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { formatCount } from '../analysis/numbers.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { nearest } from '../pipeline/suggest.ts';
import { formatChoice } from '../simulation/unit-choice.ts';
import { planUnits, type UnitTable } from '../simulation/units.ts';
import { usageError } from './arguments.ts';

const FLAG = '--units-file';

/** Unknown ids that are told one by one, and known ones that are searched for one like them. */
const MOST_TOLD = 5;
const MOST_SEARCHED = 20_000;

/** Ids of units, with the line on which each stands first. `from`: how the list was named. */
export interface ChosenUnits {
  readonly from: string;
  readonly ids: ReadonlyMap<string, number>;
}

/** Reads a list of units; `-` is the standard input. Throws a ConfigurationError. */
export async function readUnitsFile(
  path: string,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<ChosenUnits> {
  const text = path === '-' ? await textOf(input) : await readFile(path, 'utf8').catch(unreadable(path));
  const ids = new Map<string, number>();
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .forEach((line, at) => {
      const word = line.trim();
      const id = word.startsWith('{') ? idOfObject(word, path, at + 1) : word;
      if (id !== '' && !ids.has(id)) ids.set(id, at + 1);
    });
  if (ids.size === 0)
    throw usageError(FLAG, `${path} names no unit`, 'write one id a line, as the results have them');
  return { from: path, ids };
}

/** The pipeline with only these units. Throws a ConfigurationError that names the units it does not have. */
export function chooseUnits<T extends LoadedPipeline>(loaded: T, { from, ids }: ChosenUnits): T {
  const { pipeline, items } = loaded;
  if (pipeline.stop !== undefined) {
    const what = 'this run decides by itself when it stops, over whole repetitions of all items';
    throw usageError(FLAG, what, 'remove stop: from the pipeline, or run all units');
  }
  const table = planUnits(pipeline, items);
  const left = new Map(ids);
  const places: number[] = [];
  for (let index = 0; index < table.count && left.size > 0; index++)
    if (left.delete(table.unit(index).id)) places.push(index);
  if (left.size > 0) throw unknownUnits(left, from, table);
  return { ...loaded, pipeline: { ...pipeline, only: formatChoice(places) } };
}

function unknownUnits(unknown: ReadonlyMap<string, number>, from: string, table: UnitTable): Error {
  const known: string[] = [];
  for (let index = 0; index < Math.min(table.count, MOST_SEARCHED); index++) known.push(table.unit(index).id);
  const diagnostics = [...unknown].slice(0, MOST_TOLD).map(([id, line]): Diagnostic => {
    const what = `there is no unit "${id.slice(0, 200)}" among the ${formatCount(table.count)} of this run`;
    return { file: from, line, column: null, what, fix: fixOf(id, known) };
  });
  const more = unknown.size - diagnostics.length;
  if (more > 0) {
    const what = `${formatCount(more)} more of its ids are not of this run either`;
    diagnostics.push({ file: from, line: null, column: null, what, fix: 'is it the list of another run?' });
  }
  return new ConfigurationError(diagnostics);
}

function fixOf(id: string, known: readonly string[]): string {
  const parent = id.replace(/(?:__fan\d+)+$/, '');
  if (parent !== id && known.includes(parent)) return `name the unit it was made of: ${parent}`;
  const repeated = known.find((one) => one.startsWith(`${id}__rep`));
  if (repeated !== undefined) return `it is repeated; name its repetitions, such as ${repeated}`;
  const near = nearest(id, known);
  return near === null ? `ids are such as ${known[0] ?? '(none)'}` : `did you mean ${near}?`;
}

function idOfObject(line: string, path: string, at: number): string {
  try {
    const { unit_id: id } = parsePlainJson(line) as { unit_id?: unknown };
    if (typeof id === 'string') return id;
  } catch {
    // Told below, as a line without an id is.
  }
  const what = 'this line is no JSON object with a unit_id';
  throw new ConfigurationError([
    { file: path, line: at, column: null, what, fix: 'write the id alone, or {"unit_id": "..."}' },
  ]);
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    const what =
      code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code ?? 'unknown'})`;
    throw usageError(FLAG, what, 'name a file with one unit id a line, or - for the standard input');
  };
}
