// Reads a policy as its author wrote it. Whether its author may be trusted is for the caller to know.
import { z } from 'zod';
import { readDecimal, readPrices } from './claims.ts';
import { Cursor } from './cursor.ts';
import type { PipelineFiles } from './files.ts';
import { Mistakes } from './mistakes.ts';
import type { Policy } from './policy.ts';
import { readProviders } from './providers.ts';
import { Reading } from './reading.ts';
import { strict } from './schema-keys.ts';
import { decimal, modelText, payKeys } from './schema-pay.ts';
import { checkShape } from './shape.ts';
import { SourceText } from './source-text.ts';
import { placeOf } from './tree.ts';
import { CONFIG_LIMITS, readTree } from './tree-reader.ts';

const policySchema = strict({
  ...payKeys,
  models: z.array(modelText).optional(),
  max_cost: decimal.optional(),
  scripts: z.boolean().optional(),
});

type PolicyInput = z.input<typeof policySchema>;

/** The policy of a YAML text; `shownAs` names it in messages. Throws a ConfigurationError with every mistake. */
export function readPolicy(text: string, shownAs: string): Policy {
  const mistakes = new Mistakes();
  const reading = new Reading(noFiles(shownAs), mistakes, () => null);
  const source = new SourceText(shownAs, text);
  const tree = readTree(source, '1.2', CONFIG_LIMITS, mistakes);
  mistakes.throwIfAny();
  if (tree?.kind !== 'map') {
    const fix = "write keys such as 'providers:' and 'max_cost:'; {} allows nothing of its own";
    mistakes.add(source.placeAt(0), 'the policy is not a mapping', fix);
    mistakes.throwIfAny();
  }
  checkShape(policySchema, tree!, mistakes);
  const input = new Cursor<PolicyInput>(tree, placeOf(tree!));
  const models = input.at('models');
  const policy: Policy = {
    providers: readProviders(input.at('providers'), reading),
    models: models.present ? models.list().flatMap((model) => model.text() ?? []) : null,
    prices: readPrices(input, reading),
    maxCost: readDecimal(input.at('max_cost'), 'max_cost', reading),
    ...(input.at('scripts').boolean() === true ? { scripts: true } : {}),
  };
  mistakes.throwIfAny();
  return policy;
}

function noFiles(folder: string): PipelineFiles {
  return {
    folder,
    read: async () => ({ kind: 'missing' }),
    async *lines() {},
    exists: async () => false,
    list: async () => [],
  };
}
