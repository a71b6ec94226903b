// Reads the JSON Schema of a step's answer, from a file or from the configuration. Whether it is a good schema is asked
// of the caller's check.
import { JsonError, parseJson, stringifyJson } from '../expression/json.ts';
import { dictEntries, dictGet, PyDict, type Value } from '../expression/values.ts';
import type { Cursor } from './cursor.ts';
import { Mistakes, type Place } from './mistakes.ts';
import type { Reading } from './reading.ts';
import { SourceText } from './source-text.ts';
import { placeOf, type Tree } from './tree.ts';
import { CONFIG_LIMITS, readTree } from './tree-reader.ts';

/**
 * What else an answer may hold beside the fields that are known: `sealed`: nothing; `described`: the schema lists its
 * fields and does not forbid others; `open`: anything.
 */
export type Extent = 'sealed' | 'described' | 'open';

/** A usable schema: its JSON text, and the names of the answer's fields it describes. */
export interface AnswerSchema {
  readonly text: string;
  readonly fields: readonly string[];
  readonly extent: Extent;
}

/** The schema in a JSON file; null after adding a mistake. `place` is where the file is named. */
export async function schemaOfFile(
  path: string,
  place: Place,
  reading: Reading,
): Promise<AnswerSchema | null> {
  const read = await reading.files.read(path);
  if (read.kind !== 'text') {
    await reading.refuseFile('schema', path, read, place);
    return null;
  }
  const source = new SourceText(reading.shown(path), read.text);
  let value: Value;
  try {
    value = parseJson(source.text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    reading.mistakes.add(
      source.placeAt(error.offset),
      `the schema is not JSON: ${error.message}`,
      'correct the JSON',
    );
    return null;
  }
  // Every JSON text is YAML 1.2, so the tree gives the places that the JSON reader does not keep.
  const tree = () => readTree(source, '1.2', CONFIG_LIMITS, new Mistakes());
  return checked(value, (pointer) => placeAtPointer(tree(), pointer) ?? source.placeAt(0), reading);
}

/** The schema written at a place of the configuration. */
export function schemaOfValue(cursor: Cursor<unknown>, reading: Reading): AnswerSchema | null {
  return checked(cursor.value(), (pointer) => placeAtPointer(cursor.tree, pointer) ?? cursor.place, reading);
}

function checked(value: Value, place: (pointer: string) => Place, reading: Reading): AnswerSchema | null {
  if (!(value instanceof PyDict)) {
    reading.mistakes.add(place(''), 'the schema is not a JSON object', 'begin with { "type": "object" }');
    return null;
  }
  const text = stringifyJson(value);
  const problem = reading.checkSchema(text);
  if (problem !== null) {
    const { message, pointer } = typeof problem === 'string' ? { message: problem, pointer: '' } : problem;
    reading.mistakes.add(place(pointer), `the schema does not compile: ${message}`, 'correct the schema');
    return null;
  }
  const properties = dictGet(value, 'properties');
  const fields = properties instanceof PyDict ? [...dictEntries(properties)].map(([key]) => String(key)) : [];
  return { text, fields, extent: extentOf(value) };
}

/** Keywords by which a schema may describe fields elsewhere than under its own `properties`. */
const ELSEWHERE =
  '$ref $dynamicRef allOf anyOf oneOf if dependentSchemas patternProperties unevaluatedProperties additionalProperties'.split(
    ' ',
  );

function extentOf(schema: PyDict): Extent {
  const has = (key: string): boolean => dictGet(schema, key) !== undefined;
  if (dictGet(schema, 'additionalProperties') === false && !has('patternProperties')) return 'sealed';
  return has('properties') && !ELSEWHERE.some(has) ? 'described' : 'open';
}

function placeAtPointer(root: Tree | null, pointer: string): Place | null {
  let tree = root;
  let best = root === null ? null : placeOf(root);
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (tree?.kind === 'map') {
      const entry = tree.entries.get(key);
      tree = entry?.tree ?? null;
      if (entry !== undefined) best = entry.keySource.placeAt(entry.keyStart);
    } else if (tree?.kind === 'list') {
      tree = tree.items[Number(key)] ?? null;
      if (tree !== null) best = placeOf(tree);
    } else return best;
  }
  return best;
}
