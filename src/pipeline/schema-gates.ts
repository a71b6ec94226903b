// The gates of both forms as a zod schema. Which keys go together is not its business: see gate-claims.ts.
import { z } from 'zod';
import { expression, strict } from './schema-keys.ts';

const bounds = {
  between: z.tuple([z.number(), z.number()]).describe('The lowest and highest value that pass.').optional(),
  at_least: z.number().describe('The lowest value that passes.').optional(),
  at_most: z.number().describe('The highest value that passes.').optional(),
};
const region = strict(bounds);

const group = z.union([z.string().min(1), z.number(), z.boolean()]);

const gate = strict({
  name: z.string().min(1).max(100).describe('The claim, in words.'),
  share: expression.describe('The share of valid units for which this is true, 0 to 1.').optional(),
  mean: expression.describe('The mean of this over the valid units.').optional(),
  valid_share: region.describe('The share of planned units that end valid, 0 to 1.').optional(),
  cost: region.describe('The cost of the run in US dollars.').optional(),
  ...bounds,
  change: region
    .describe('The share or mean is held less that of the base: at_least: -0.02 allows a drop of 2 points.')
    .optional(),
  difference: strict({
    by: z.string().min(1).describe('The field that says which group a unit is in.'),
    of: group.describe('The group whose share or mean is meant.'),
    minus: group.describe('The group it is held against.'),
    ...bounds,
  })
    .describe('The share or mean of one group of this run is held less that of another.')
    .optional(),
  confidence: z
    .number()
    .gt(0.5)
    .lt(1)
    .describe('How sure the verdict must be, 0.5 to 1. Default 0.95.')
    .optional(),
  on_inconclusive: z
    .enum(['neutral', 'fail', 'extend'])
    .describe(
      'When the numbers do not decide: neutral (the default), fail, or extend, which with stop: runs on.',
    )
    .optional(),
});

/** The top-level keys that say what is judged. */
export const gateKeys = {
  gates: z.array(gate).max(200).describe('Claims that must hold for the verdict to be pass.').optional(),
  false_alarms: z
    .number()
    .gt(0)
    .lt(0.5)
    .describe(
      'How often a pull request that changes nothing may fail a gate on a change, all of them together. Default 0.01.',
    )
    .optional(),
};
