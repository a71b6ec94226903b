// The key `report:` of both forms, as a zod schema. Which fields there are is not its business.
import { z } from 'zod';
import { expression, strict } from './schema-keys.ts';

const field = z.string().min(1);

/** What the report shows beside the gates. */
export const reportSchema = strict({
  group_by: field.nullable().describe('A field to group the results by.').optional(),
  outcomes: z.array(field).describe('Fields whose values are counted.').optional(),
  metrics: z.array(field).describe('Numeric fields whose means are shown.').optional(),
  net: z
    .record(z.string(), z.record(z.string(), z.number()))
    .describe('By field, what each of its values counts; all others 0. Shown as the mean per unit.')
    .optional(),
  quantiles: z
    .record(z.string(), z.array(z.number().gt(0).lt(1)).min(1))
    .describe('By numeric field, the quantiles to show, such as [0.5, 0.9].')
    .optional(),
  ratios: z
    .record(
      z.string(),
      strict({
        of: expression.describe('What of each unit is added up above the line.'),
        to: expression.describe('What of each unit is added up below it.'),
      }),
    )
    .describe('By name, the sum of one expression over the sum of another.')
    .optional(),
  rates: z
    .record(
      z.string(),
      strict({
        events: expression.describe('How many events a unit had: a whole number, or True and False.'),
        per: expression.describe('What they are counted against, such as steps / 1000.'),
      }),
    )
    .describe('By name, events per whatever they are counted against.')
    .optional(),
  custom: z
    .record(z.string(), expression)
    .describe('By name, an expression over the group, in which each field is the list of its values.')
    .optional(),
})
  .describe('What the report shows. Without it, outcomes and metrics are found from the results.')
  .optional();
