// Gemini behind the provider ports, through Google's SDK: batches over files, single calls, and whether key and model
// can be used. Google's Developer API only; nothing of Vertex.
import type { BatchProvider, Health, RealtimeProvider } from '../../ports/provider.ts';
import { statusOf } from '../provider-errors.ts';
import { repeatRead } from '../provider-http.ts';
import { createGeminiBatches } from './gemini-batches.ts';
import { createGeminiCalls, fateOf } from './gemini-calls.ts';
import { createGeminiClient, isModelName, isPassingError } from './gemini-client.ts';
import { type GeminiOptions, LIVE } from './gemini-live.ts';

export type { GeminiOptions } from './gemini-live.ts';

/** The provider `gemini`, or a gateway that speaks its protocol. */
export function createGeminiProvider(options: GeminiOptions): {
  readonly batches: BatchProvider;
  readonly realtime: RealtimeProvider;
  /** Asks for the model; costs nothing. */
  readonly health: (model: string) => Promise<Health>;
} {
  const client = createGeminiClient(options);
  const name = options.name ?? 'gemini';
  const keyName = options.keyName ?? 'GEMINI_API_KEY';

  async function health(model: string): Promise<Health> {
    const unknown = {
      kind: 'unusable',
      why: `the model ${JSON.stringify(model)} is not known to ${name}`,
      fix: `Correct the model's name, or set ${keyName} to a key whose account may use it.`,
    } as const;
    if (!isModelName(model)) return unknown;
    try {
      const sdk = await client.open();
      const ask = async () =>
        await sdk.models.get({ model, config: { abortSignal: AbortSignal.timeout(LIVE.healthTimeoutMs) } });
      await repeatRead({ ...client.repeats, tries: 2 }, ask, isPassingError);
      return { kind: 'ok' };
    } catch (error) {
      const why = client.tell(error);
      if (fateOf(error) === 'blocked') {
        const redirected = (statusOf(error) ?? 400) < 400;
        const fix = redirected
          ? 'Correct the base URL of the provider.'
          : `Set ${keyName} to a key that this service accepts and whose account can pay.`;
        return { kind: 'unusable', why, fix };
      }
      // A gateway without this path answers 404 too, but in other words.
      if (statusOf(error) === 404 && LIVE.modelWords.test(why)) return unknown;
      return { kind: 'unsure', why };
    }
  }

  return {
    batches: createGeminiBatches(client, options),
    realtime: createGeminiCalls(client, options),
    health,
  };
}
