// Anthropic behind the provider ports, through its SDK: batches, single calls, and whether key and model can be used.
import type { BatchProvider, Health, RealtimeProvider } from '../../ports/provider.ts';
import { isPassing, statusOf } from '../provider-errors.ts';
import { repeatRead } from '../provider-http.ts';
import { createAnthropicBatches } from './anthropic-batches.ts';
import { createAnthropicCalls } from './anthropic-calls.ts';
import { createAnthropicClient, isNotFound, plainError, singleFateOf } from './anthropic-client.ts';
import { type AnthropicOptions, LIVE } from './anthropic-live.ts';

export type { AnthropicOptions } from './anthropic-live.ts';

/** The provider `anthropic`, or a gateway that speaks its protocol. Throws when the key or a header cannot be sent. */
export function createAnthropicProvider(options: AnthropicOptions): {
  readonly batches: BatchProvider;
  readonly realtime: RealtimeProvider;
  /** Asks for the model; costs nothing. */
  readonly health: (model: string) => Promise<Health>;
} {
  const client = createAnthropicClient(options);
  const name = options.name ?? 'anthropic';
  const keyName = options.keyName ?? 'ANTHROPIC_API_KEY';

  async function health(model: string): Promise<Health> {
    try {
      const api = await client.open();
      const ask = async () => await api.models.retrieve(model, {}, { timeout: LIVE.healthTimeoutMs });
      await repeatRead({ ...client.repeats, tries: 2 }, ask, (error) => isPassing(statusOf(error)));
      return { kind: 'ok' };
    } catch (error) {
      const why = client.telling.tell(plainError(error));
      if (singleFateOf(error) === 'blocked') {
        const redirected = (statusOf(error) ?? 400) < 400;
        const fix = redirected
          ? 'Correct the base URL of the provider.'
          : `Set ${keyName} to a key that this service accepts and whose account can pay.`;
        return { kind: 'unusable', why, fix };
      }
      if (isNotFound(error)) {
        const fix = `Correct the model's name, or set ${keyName} to a key whose account may use it.`;
        return { kind: 'unusable', why: `the model ${JSON.stringify(model)} is not known to ${name}`, fix };
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
