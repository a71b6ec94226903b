// The keys of what is done when a run is over, in the native form: entries of `post_process`, and script steps.
import { z } from 'zod';
import { FIELD_NAME, SAFE_NAME, SAFE_NAME_FIX } from './names.ts';
import { expression, strict } from './schema-keys.ts';

const name = z.string().regex(SAFE_NAME, SAFE_NAME_FIX);
const field = z.string().regex(FIELD_NAME, "use letters, digits and '_', at most 64 characters");
const fields = z.array(field).max(20);
const values = z.array(z.union([z.string(), z.number(), z.boolean()])).max(100);

const entryName = name.describe('The name it has in reports. Default: what it does.').optional();
const output = z.string().min(1).describe("A path below the run's outputs/.");

const scriptKeys = {
  script: z.string().min(1).describe('A program of this folder. It runs in trusted runs only.'),
  command: z
    .array(z.string().min(1))
    .min(1)
    .max(20)
    .describe(
      'The program that runs it, and its first arguments. Default by the ending: .py, .js, .mjs, .sh.',
    )
    .optional(),
  args: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .max(200)
    .describe("Its arguments, after the run's folder; {run} in one of them stands for that folder instead.")
    .optional(),
  output: output
    .describe("Where what it prints goes, a path below the run's outputs/. Default: the report.")
    .optional(),
  timeout_seconds: z.number().gt(0).max(3600).describe('How long it may take. Default 60.').optional(),
  max_output_bytes: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .describe('What it may print, and leave below outputs/. Default 10000000.')
    .optional(),
  on_failure: z
    .enum(['fail', 'warn'])
    .describe('fail (the default): the run ends in error when it fails. warn: the report says so.')
    .optional(),
};

/** A step of the native form that runs once, over the whole run. */
export const scriptStep = strict({
  name: name.describe('The name of the step; unique.'),
  description: z.string().describe('For readers only.').optional(),
  ...scriptKeys,
});

const scriptEntry = strict({ name: entryName, ...scriptKeys });

const analysisEntry = strict({
  name: entryName,
  analysis: strict({
    group_by: field.describe('One row for each value of this field. Default: one row for all.').optional(),
    count: fields.describe('Fields whose values are counted.').optional(),
    numbers: fields
      .describe('Fields whose mean, median, deviation, least and greatest are given.')
      .optional(),
    net_positive: values.describe('Values of the counted field that count +1 in the column Net.').optional(),
    net_negative: values.describe('Values of the counted field that count -1 in the column Net.').optional(),
    title: z.string().min(1).max(200).describe('The line above the table.').optional(),
    format: z.enum(['table', 'csv']).describe('Default table; csv takes one field.').optional(),
  }).describe('A table over the valid units.'),
  output,
});

const gzipEntry = strict({
  name: entryName,
  gzip: z
    .array(z.string().min(1).max(500))
    .min(1)
    .max(50)
    .describe("Files of the run's folder to compress: paths with * and **, such as outputs/*.txt."),
  keep_originals: z.boolean().describe('Keep what is compressed below outputs/. Default false.').optional(),
});

const extractEntry = strict({
  name: entryName,
  extract: expression.describe("The path below outputs/ of each valid unit's file, as a Python expression."),
  field: field.describe('The field whose text is the file. Default: all fields as JSON.').optional(),
  gzip: z.boolean().describe('Compress each file; its path should end in .gz. Default false.').optional(),
});

/** The key `post_process` of the native form. */
export const postProcessSchema = z
  .array(z.union([scriptEntry, analysisEntry, gzipEntry, extractEntry]))
  .max(50)
  .describe('What is done once, in this order, when all units are over.')
  .optional();

/** One entry as a person writes it. */
export type PostProcessInput = NonNullable<z.input<typeof postProcessSchema>>[number];

/** What both a script step and a script entry say. */
export type ScriptInput = z.input<typeof scriptEntry>;
