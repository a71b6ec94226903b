// The Octobatch form, `config.yaml`, as a zod schema. Keys that Octobatch documents and this engine has no use for are
// listed as unknown values, so that they pass; what is not listed is a misspelling or is said to be ignored.
import { z } from 'zod';
import { SAFE_NAME, SAFE_NAME_FIX } from './names.ts';
import { askKeys, checkKeys, sharedKeys } from './schema.ts';
import { expression, strict } from './schema-keys.ts';

const unused = z.unknown().optional();
const assignments = z.record(z.string(), expression);
const attempts = z.int().min(1).max(20).optional();

const step = strict({
  name: z.string().regex(SAFE_NAME, SAFE_NAME_FIX),
  scope: z.enum(['chunk', 'expression', 'fan_out', 'run']).optional(),
  description: unused,
  prompt_template: z.string().optional(),
  ...askKeys,
  init: assignments.optional(),
  expressions: assignments.optional(),
  loop_until: expression.optional(),
  max_iterations: z.int().min(1).max(1_000_000).optional(),
  field: z.string().min(1).optional(),
  child_field: z.string().min(1).optional(),
  // Ours: Octobatch knows no limit.
  max: z.int().min(1).max(1_000_000).optional(),
  // Of scripts.
  script: unused,
  args: unused,
  output: unused,
  output_dir: unused,
  filename_expression: unused,
  content_expression: unused,
  compression: unused,
  upload: unused,
  // Ours, so that an Octobatch folder can say what the simulated provider answers.
  simulate: assignments.optional(),
});

const position = z.union([
  z.string(),
  strict({ name: z.string(), source_key: z.string().optional(), name_field: unused, description: unused }),
]);

const postProcess = strict({
  name: z.string().optional(),
  type: z.string().optional(),
  script: z.string().optional(),
  args: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  output: unused,
  files: unused,
  keep_originals: unused,
});

/** The Octobatch form. */
export const octobatchSchema = strict({
  name: z.string().optional(),
  description: unused,
  version: unused,
  ...sharedKeys,
  pipeline: strict({ name: z.string().optional(), description: unused, steps: z.array(step).min(1) }),
  api: strict({
    provider: z.string().min(1).nullable().optional(),
    model: askKeys.model.nullable().optional(),
    mode: askKeys.mode.nullable().optional(),
    max_tokens: askKeys.max_tokens.nullable().optional(),
    temperature: askKeys.temperature.nullable().optional(),
    retry: strict({
      max_attempts: attempts,
      initial_delay_seconds: unused,
      backoff_multiplier: unused,
    }).optional(),
    realtime: strict({
      cost_cap_usd: z.number().min(0).nullable().optional(),
      auto_retry: unused,
    }).optional(),
    poll_interval_seconds: unused,
    max_inflight_batches: unused,
    timeout_seconds: unused,
    batch: unused,
  }).optional(),
  processing: strict({
    strategy: z.enum(['permutation', 'cross_product', 'direct']).optional(),
    chunk_size: z.int().min(1).optional(),
    repeat: z.int().min(1).max(10_000_000).optional(),
    expressions: assignments.optional(),
    positions: z.array(position).optional(),
    items: strict({
      source: z.string().min(1),
      key: z.string().min(1).nullable().optional(),
      name_field: z.string().min(1).nullable().optional(),
    }),
    validation_retry: strict({ max_attempts: attempts }).optional(),
  }),
  prompts: strict({
    template_dir: z.string().optional(),
    templates: z.record(z.string(), z.string()).optional(),
    global_context: z.record(z.string(), z.unknown()).nullable().optional(),
  }).optional(),
  schemas: strict({
    schema_dir: z.string().optional(),
    files: z.record(z.string(), z.string()).optional(),
    strict_mode: unused,
    log_validation_errors: unused,
  }).optional(),
  validation: z.record(z.string(), strict({ ...checkKeys, description: unused })).optional(),
  post_process: z.array(postProcess).nullable().optional(),
});

/** What a person writes in `config.yaml`. */
export type OctobatchInput = z.input<typeof octobatchSchema>;
