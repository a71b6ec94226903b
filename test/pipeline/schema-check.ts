// The schema check as the engine's composition gives it to the loader.
import type { SchemaProblem } from '../../src/pipeline/reading.ts';
import { SchemaError } from '../../src/validation/keywords.ts';
import { compileSchema } from '../../src/validation/schema.ts';

/** Null when the schema compiles. */
export function checkSchema(text: string): SchemaProblem {
  try {
    compileSchema(text);
    return null;
  } catch (error) {
    if (error instanceof SchemaError) return { message: error.message, pointer: error.pointer };
    throw error;
  }
}
