// The protocols the simulator speaks: the one list of them.
import { createOpenAiProtocol } from './openai.ts';
import type { Protocol, ServiceParts } from './protocol.ts';

/** Every protocol over the same parts. OpenAI, whose prefix is empty, comes last. */
export function createProtocols(parts: ServiceParts): readonly Protocol[] {
  return [createOpenAiProtocol(parts)];
}
