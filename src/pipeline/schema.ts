// The native form, `pipeline.yaml`, as a zod schema. Its descriptions are what an editor shows; positions and cross
// checks are not its business.
import { z } from 'zod';
import { FIELD_NAME, SAFE_NAME, SAFE_NAME_FIX } from './names.ts';
import { MODES } from './resolve.ts';
import { RNGS } from './rng.ts';
import { gateKeys } from './schema-gates.ts';
import { expression, strict } from './schema-keys.ts';
import { decimal, modelText, payKeys } from './schema-pay.ts';
import { postProcessSchema, scriptStep } from './schema-post-process.ts';
import { reportSchema } from './schema-report.ts';
import { stopSchema } from './schema-stop.ts';

const name = z.string().regex(SAFE_NAME, SAFE_NAME_FIX);
const field = z.string().regex(FIELD_NAME, "use letters, digits and '_', at most 64 characters");
const assignments = z.record(z.string(), expression);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** The keys by which a step checks its result; shared by both forms. */
export const checkKeys = {
  required: z.array(z.string().min(1)).describe('Fields the result must have.').optional(),
  types: z
    .record(z.string(), z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object']))
    .describe('The type each field must have.')
    .optional(),
  enums: z
    .record(z.string(), z.array(scalar).min(1))
    .describe('The values a field may have; text compares without case.')
    .optional(),
  ranges: z
    .record(
      z.string(),
      z.union([
        strict({
          min: z.number().describe('The lowest value allowed.').optional(),
          max: z.number().describe('The highest value allowed.').optional(),
        }),
        z.tuple([z.number().nullable(), z.number().nullable()]),
      ]),
    )
    .describe('Bounds of a numeric field: { min, max } or [min, max], both included.')
    .optional(),
  rules: z
    .array(
      strict({
        name: z.string().min(1).max(100).describe('The name the rule has in reports.').optional(),
        expr: expression.describe('Must be true. Sees the unit and, over it, the result.'),
        when: expression.describe('The rule holds only where this is true.').optional(),
        error: z.string().describe('What to say when it fails; {field} shows a value.').optional(),
        level: z
          .enum(['error', 'warning'])
          .describe('A warning never fails the unit. Default error.')
          .optional(),
      }),
    )
    .describe('Rules over the result, as Python expressions.')
    .optional(),
};

const mode = z.enum(MODES);
const maxTokens = z.int().min(1).max(1_000_000);
const temperature = z.number().min(0).max(2);

/** How a step asks its model; shared by both forms. */
export const askKeys = {
  provider: z.string().min(1).describe('The provider of this step.').optional(),
  model: modelText.describe('The model of this step.').optional(),
  mode: mode.describe('How this step asks: batch or realtime.').optional(),
  max_tokens: maxTokens.describe('Output tokens at the most, reasoning included. Default 4096.').optional(),
  max_tokens_ceiling: maxTokens
    .describe('After an answer that was cut off, the limit is doubled, up to this. Default: it stays.')
    .optional(),
  temperature: temperature.describe('Sampling temperature, where the model takes one.').optional(),
};

/** The top-level keys both forms have. */
export const sharedKeys = {
  seed: z
    .union([z.int(), z.string().min(1)])
    .describe('Seed of all draws: a whole number or any text. Default 0.')
    .optional(),
  rng: z
    .enum(RNGS)
    .describe("The generator of all draws. Default tychei; python draws as Python's random does.")
    .optional(),
  report: reportSchema,
  ...gateKeys,
  stop: stopSchema,
  ...payKeys,
};

const stepKeys = {
  name: name.describe('The name of the step; unique.'),
  description: z.string().describe('For readers only.').optional(),
  ...checkKeys,
  retry: strict({
    max_attempts: z
      .int()
      .min(1)
      .max(20)
      .describe('Attempts of one unit, the first included. Default 3.')
      .optional(),
    feedback: z
      .boolean()
      .describe('Tell the next attempt what was wrong with the last. Default true.')
      .optional(),
  })
    .describe('How often a unit that fails here is tried again.')
    .optional(),
  retry_from: z
    .string()
    .describe(
      'The earlier step to repeat when a check here fails. Default: the step that produced what is checked.',
    )
    .optional(),
};

const llmStep = strict({
  ...stepKeys,
  prompt: z.string().min(1).describe('A Jinja template: a file of this folder, or the text itself.'),
  system: z.string().min(1).describe('The system prompt, as a template like `prompt`.').optional(),
  schema: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .describe('JSON Schema of the answer: a file of this folder, or the schema itself.')
    .optional(),
  prepare: assignments
    .describe('Values computed per unit for the prompt; not part of the result.')
    .optional(),
  simulate: assignments.describe('What the simulated provider answers, field by field.').optional(),
  judge: z
    .boolean()
    .describe('True when a failed check here means that an earlier answer is bad, not this one.')
    .optional(),
  ...askKeys,
});

const expressionStep = strict({
  ...stepKeys,
  init: assignments.describe('Computed once, before the first iteration.').optional(),
  expressions: assignments.describe('Computed in order in every iteration; each sees the ones before.'),
  loop_until: expression
    .describe('Iterate until this is true. Without it there is one iteration.')
    .optional(),
  max_iterations: z.int().min(1).max(1_000_000).describe('Iterations at the most. Default 1000.').optional(),
  stream_by: z
    .string()
    .min(1, 'write a Python expression')
    .describe(
      "Over the item's fields: units for which it is the same draw the same numbers, repetition by repetition.",
    )
    .optional(),
  antithetic: z
    .boolean()
    .describe('Every second repetition draws the mirror image of the one before. Default false.')
    .optional(),
  stratify: z
    .int()
    .min(2)
    .max(1_000_000)
    .describe(
      'The first draws of so many repetitions fall into as many equal parts of the range, one in each.',
    )
    .optional(),
});

const fanOutStep = strict({
  name: stepKeys.name,
  description: stepKeys.description,
  fan_out: field.describe('The field with the list: from here on each of its elements is a unit of its own.'),
  as: field.describe('The field that holds the element in each of these units.'),
  max: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe(
      'Elements at the most; a longer list fails. Needed unless a schema (maxItems), the items or the list itself say it.',
    )
    .optional(),
  retry: stepKeys.retry,
  retry_from: stepKeys.retry_from,
});

const items = z.union([
  z.array(z.record(z.string(), z.unknown())),
  z.string().min(1),
  strict({
    source: z.string().min(1).describe('A YAML, JSON, JSONL or CSV file of this folder.'),
    key: z.string().min(1).describe('The key of the list in that file.').optional(),
    id: z.string().min(1).describe('The field that names an item. Default id, then name.').optional(),
  }),
]);

const units = z.union([
  z.literal('direct'),
  strict({
    cross_product: z
      .record(field, z.string().min(1))
      .describe('Every combination: the field of the unit, and the key of the list its items come from.'),
  }),
  strict({
    permutation: z.array(field).min(1).describe('Every ordered choice of different items for these fields.'),
  }),
]);

/** The native form. */
export const nativeSchema = strict({
  name: name.describe('The name of the pipeline. Default: the name of its folder.').optional(),
  description: z.string().describe('For readers only.').optional(),
  ...sharedKeys,
  items: items.describe('The rows of input: a list, a file, or { source, key, id }.'),
  units: units.describe('How items become units. Default direct: one item, one unit.').optional(),
  repeat: z.int().min(1).max(10_000_000).describe('How often every unit is simulated. Default 1.').optional(),
  max_units: z.int().min(1).describe('Simulate only the first so many units.').optional(),
  provider: z.string().min(1).describe('Who answers. Default simulated, which needs no key.').optional(),
  model: modelText.describe('The model that answers. Needed unless the provider is simulated.').optional(),
  mode: mode
    .describe('How models are asked: batch (cheaper, within a day; the default) or realtime (call by call).')
    .optional(),
  globals: z.record(z.string(), z.unknown()).describe('Variables all prompts see.').optional(),
  steps: z
    .array(z.union([llmStep, expressionStep, fanOutStep, scriptStep]))
    .min(1)
    .describe('The steps every unit goes through, in order.'),
  max_cost: decimal
    .describe(
      'US dollars this run may cost at the most. It can lower the ceiling of whoever runs it, never raise it.',
    )
    .optional(),
  chunk_size: z.int().min(1).describe('Requests in one batch at the most.').optional(),
  post_process: postProcessSchema,
});

/** What a person writes in `pipeline.yaml`. */
export type NativeInput = z.input<typeof nativeSchema>;

/** JSON Schema of the native form, for editors. */
export function jsonSchema(): object {
  return {
    ...z.toJSONSchema(nativeSchema, { io: 'input' }),
    title: 'Octobatch Action pipeline',
  };
}
