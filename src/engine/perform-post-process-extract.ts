// Writes each valid unit as a file named by an expression over its fields. A unit whose file has no name, or one that is
// taken, is counted and said; the others have theirs.
import type { ValidUnit } from '../analysis/record.ts';
import { UnitWork } from '../analysis/unit-work.ts';
import { ExpressionError } from '../expression/errors.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { stringifyJson } from '../expression/json.ts';
import { dictOf, type Fields, type Value } from '../expression/values.ts';
import type { PostProcess } from '../pipeline/pipeline.ts';
import { type MadeFile, OutputRefusedError, type Workbench } from '../ports/scripts.ts';
import { resultLine } from '../report/results.ts';
import type { RunContext } from './perform-context.ts';
import { type Came, NAMED_FILES } from './perform-post-process-came.ts';
import { readRecords } from './perform-results.ts';

type ExtractEntry = Extract<PostProcess, { kind: 'extract' }>;

/** Writes the files into the bench; null: it was interrupted. */
export async function extractUnits(
  context: RunContext,
  entry: ExtractEntry,
  bench: Workbench,
  signal: AbortSignal,
): Promise<Came | null> {
  const name = compileExpression(entry.file);
  const content = entry.content === null ? null : compileExpression(entry.content);
  const work = new UnitWork();
  const files: MadeFile[] = [];
  let [count, bytes, failed] = [0, 0, 0];
  let first = '';
  for await (const record of readRecords(context)) {
    if (record.kind !== 'valid') continue;
    if (signal.aborted) return null;
    try {
      const fields = fieldsOf(record);
      const path = work.evaluate(name, fields);
      if (typeof path !== 'string') throw new OutputRefusedError('is not text');
      const text = textOf(entry, content, record, fields, work);
      const size = await bench.write(path, text, { isCompressed: entry.compressed, isNew: true });
      if (files.length < NAMED_FILES) files.push({ path, bytes: size });
      count++;
      bytes += size;
    } catch (error) {
      const why = whyNoFile(error);
      if (failed++ === 0) first = `${record.unit}: ${why}`;
    }
  }
  const why = failed === 0 ? null : `${failed} of ${failed + count} units have no file; the first, ${first}`;
  return { ok: count > 0 || failed === 0, why, count, bytes, files, said: '' };
}

/** What an expression of a file sees: every field, and all of them as `data`, as in Octobatch. */
function fieldsOf({ unit, fields }: ValidUnit): Fields {
  const all = new Map<string, Value>([...fields, ['unit_id', unit]]);
  return new Map<string, Value>([...all, ['data', dictOf([...all])]]);
}

function textOf(
  { field }: ExtractEntry,
  content: CompiledExpression | null,
  record: ValidUnit,
  fields: Fields,
  work: UnitWork,
): string {
  if (content !== null) return `${stringifyJson(work.evaluate(content, fields))}\n`;
  if (field === null) return `${resultLine(record)}\n`;
  const value = record.fields.get(field);
  if (value === undefined) throw new OutputRefusedError(`has no field ${field}`);
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** Never what the unit holds: the journal keeps no answers. */
function whyNoFile(error: unknown): string {
  if (error instanceof OutputRefusedError) return `its path ${error.message}`;
  if (error instanceof ExpressionError) return error.type;
  throw error;
}
