// OpenAI, and every service that speaks its protocol, through the `openai` SDK: its batches, its single calls, and
// whether it can be used at all. What is assumed about the live service stands in openai-live.ts.
import type { BatchProvider, Health, RealtimeProvider } from '../../ports/provider.ts';
import { fieldOf, statusOf } from '../provider-errors.ts';
import { repeatRead } from '../provider-http.ts';
import { createBatches } from './openai-batches.ts';
import { createCalls } from './openai-calls.ts';
import { codeOf, createService, isBlocked, type OpenAiOptions, sayBlocked } from './openai-client.ts';
import { LIVE } from './openai-live.ts';

/** One account at one service. */
export interface OpenAiProvider {
  readonly batches: BatchProvider;
  readonly realtime: RealtimeProvider;
  /** Asks for the model's description, which costs nothing. Never rejects. */
  health(model: string): Promise<Health>;
  /** Says that it will be asked: its SDK, which takes a while to load, is loaded while others work. */
  prepare(): void;
}

/** The provider `openai`, or any service that speaks its protocol. Throws when the key or a header cannot be sent. */
export function createOpenAiProvider(options: OpenAiOptions): OpenAiProvider {
  const service = createService(options);
  const keyName = options.keyName ?? 'OPENAI_API_KEY';

  async function health(model: string): Promise<Health> {
    try {
      const api = await service.open();
      const found = await repeatRead(service.repeats, async () => await api.models.retrieve(model));
      if (typeof fieldOf(found, 'id') === 'string') return { kind: 'ok' };
      return { kind: 'unsure', why: 'the service answers with something else than a model' };
    } catch (error) {
      const why = service.tell(error);
      if (LIVE.scopeWords.test(why)) return { kind: 'unsure', why };
      if (isBlocked(error)) {
        const redirected = (statusOf(error) ?? 400) < 400;
        const fix = redirected
          ? 'Correct the base URL of the provider.'
          : `Set ${keyName} to a key that this service accepts and whose account can pay.`;
        return { kind: 'unusable', why: sayBlocked(service, error), fix };
      }
      const unknown = LIVE.unknownModelCodes.includes(codeOf(error)) || LIVE.unknownModelWords.test(why);
      if (statusOf(error) === 404 && unknown && !isAzure()) {
        return {
          kind: 'unusable',
          why: `the model ${JSON.stringify(model)} is not known to ${options.name ?? 'openai'}`,
          fix: `Correct the model's name, or set ${keyName} to a key whose account may use it.`,
        };
      }
      return { kind: 'unsure', why };
    }
  }

  function isAzure(): boolean {
    return options.baseUrl !== null && LIVE.azureHosts.test(new URL(options.baseUrl).hostname);
  }

  return {
    batches: createBatches(service, options),
    realtime: createCalls(service, options),
    health,
    prepare() {
      // Who asks hears what is wrong with it.
      service.open().catch(() => {});
    },
  };
}
