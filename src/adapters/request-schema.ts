// The schema that goes along with requests, as the object it is. All requests of a batch have the same one, and its text
// costs more to read than the rest of a request to write.
import { parsePlainJson } from '../expression/plain-json.ts';

let last: { readonly text: string; readonly schema: unknown } | null = null;

/** The schema of a text; for the same text the same object, which nobody changes. Throws a SyntaxError when it is no JSON. */
export function schemaOf(text: string): unknown {
  if (last?.text !== text) last = { text, schema: parsePlainJson(text) };
  return last.schema;
}
