// Anthropic behind the provider ports, through its SDK: batches, single calls, and whether key and model can be used.
import type { BatchProvider, Health, RealtimeProvider } from '../../ports/provider.ts';
import { isPassing, statusOf } from '../provider-errors.ts';
import { repeatRead } from '../provider-http.ts';
import { createAnthropicBatches } from './anthropic-batches.ts';
import { createAnthropicCalls } from './anthropic-calls.ts';
import { createAnthropicClient, isNotFound, plainError } from './anthropic-client.ts';
import { type AnthropicOptions, LIVE } from './anthropic-live.ts';

export type { AnthropicOptions } from './anthropic-live.ts';

/** The provider `anthropic`, or a gateway that speaks its protocol. */
export function createAnthropicProvider(options: AnthropicOptions): {
  readonly batches: BatchProvider;
  readonly realtime: RealtimeProvider;
  /** Asks for the model; costs nothing. */
  readonly health: (model: string) => Promise<Health>;
} {
  const client = createAnthropicClient(options);
  const name = options.name ?? 'anthropic';

  async function health(model: string): Promise<Health> {
    try {
      const api = await client.open();
      const ask = async () => await api.models.retrieve(model, {}, { timeout: LIVE.healthTimeoutMs });
      await repeatRead({ ...client.repeats, tries: 2 }, ask, (error) => isPassing(statusOf(error)));
      return { kind: 'ok' };
    } catch (error) {
      const status = statusOf(error);
      const why = client.telling.tell(plainError(error));
      if (status === 401 || status === 403) {
        const fix = `Check the API key of ${name} (ANTHROPIC_API_KEY unless key_env names another variable).`;
        return { kind: 'unusable', why: `${name} refuses the key: ${why}`, fix };
      }
      if (isNotFound(error)) {
        const fix = 'Write a model of this provider as its documentation spells it.';
        return { kind: 'unusable', why: `the model "${model}" is not known to ${name}`, fix };
      }
      return { kind: 'unsure', why };
    }
  }

  return {
    batches: createAnthropicBatches(client, options),
    realtime: createAnthropicCalls(client, options),
    health,
  };
}
