// The key `stop:` of both forms, as a zod schema. Whether its rules fit the pipeline is not its business.
import { z } from 'zod';
import { expression, strict } from './schema-keys.ts';

const quantity = {
  share: expression.describe('The share of valid units for which this is true, 0 to 1.').optional(),
  mean: expression.describe('The mean of this over the valid units.').optional(),
};

const confidence = z.number().gt(0.5).lt(1);

/** When a run may end before its last repetition. */
export const stopSchema = strict({
  every: z
    .int()
    .min(1)
    .max(10_000_000)
    .describe('Repetitions of one wave, of all items. After each wave the run is weighed.'),
  gates: z.literal(true).describe('Stop when every gate is decided.').optional(),
  half_width: strict({
    ...quantity,
    at_most: z.number().gt(0).describe('Half of the interval, at the most; of a share 0.03 is ±3 points.'),
    confidence: confidence.describe('Of the interval, 0.5 to 1. Default 0.95.').optional(),
  })
    .describe('Stop when an estimate is sharp enough.')
    .optional(),
  best: strict({
    ...quantity,
    by: z.string().min(1).describe('A field of the items: its values are what is compared.'),
    wants: z.enum(['highest', 'lowest']).describe('Which value is the best.'),
    fresh: z.int().min(1).max(10_000_000).describe('Repetitions by which the winner is estimated anew.'),
  })
    .describe('Drop the worse half after each wave, until one is left.')
    .optional(),
})
  .describe('When the run may end early; repeat is then the most.')
  .optional();
