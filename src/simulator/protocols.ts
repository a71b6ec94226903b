// The protocols the simulator speaks: the one list of them.
import { createAnthropicProtocol } from './anthropic.ts';
import { createGeminiProtocol } from './gemini.ts';
import { createOpenAiProtocol } from './openai.ts';
import type { Protocol, ServiceParts } from './protocol.ts';

/** Every protocol over the same parts. OpenAI, whose prefix is empty, comes last. */
export function createProtocols(parts: ServiceParts): readonly Protocol[] {
  return [createAnthropicProtocol(parts), createGeminiProtocol(parts), createOpenAiProtocol(parts)];
}
