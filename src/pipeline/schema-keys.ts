// What every part of the two forms' schemas is built from. It knows no key of either.
import { z } from 'zod';

/** A mapping with these keys and no others. The known keys travel in the issue, for "did you mean". */
export function strict<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });
}

/** A Python expression; YAML numbers and booleans stand for themselves. */
export const expression = z
  .union([z.string().min(1, 'write a Python expression'), z.number(), z.boolean()])
  .describe('A Python expression.');
