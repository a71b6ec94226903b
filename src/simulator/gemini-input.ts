// What clients ask in Gemini's protocol: an uploaded batch file, with the checks the service makes, and the bodies of
// generateContent as questions.
import { parsePlainJson } from '../expression/plain-json.ts';
import { type Question, tokensOf } from './answer.ts';
import type { BatchDescription } from './batches.ts';
import { type Line, readLineBunches } from './lines.ts';
import type { BatchProblem } from './timeline.ts';

const MAX_PROBLEMS = 100;

/** Checks a batch file. A batch with problems is created, and fails for them. */
export async function inspectInput(
  content: AsyncIterable<Uint8Array>,
): Promise<Pick<BatchDescription, 'customIds' | 'tokens' | 'problems'>> {
  const customIds: string[] = [];
  const problems: BatchProblem[] = [];
  let tokens = 0;
  let number = 0;
  const inspect = (line: Line): void => {
    number++;
    if (line.text.trim() === '') return;
    const parsed = parseLine(line);
    if (parsed === null) {
      const message = `Line ${number} is not an object with "key" and "request".`;
      if (problems.length < MAX_PROBLEMS) problems.push({ code: 'INVALID_ARGUMENT', message, line: number });
      return;
    }
    customIds.push(parsed.key);
    tokens += tokensOf(questionOf('', parsed.key, parsed.request).prompt);
  };
  for await (const lines of readLineBunches(content)) lines.forEach(inspect);
  if (customIds.length === 0 && problems.length === 0) {
    problems.push({ code: 'INVALID_ARGUMENT', message: 'The input file holds no requests.', line: null });
  }
  return { customIds, tokens, problems };
}

/** The requests of a file that passed `inspectInput`, in bunches; its lines name no model. */
export async function* readInput(
  content: AsyncIterable<Uint8Array>,
  model: string,
): AsyncGenerator<readonly Question[]> {
  for await (const lines of readLineBunches(content)) {
    yield lines.flatMap((line) => {
      const parsed = line.text.trim() === '' ? null : parseLine(line);
      return parsed === null ? [] : questionOf(model, parsed.key, parsed.request);
    });
  }
}

/** What a GenerateContentRequest asks. */
export function questionOf(
  model: string,
  customId: string,
  body: Readonly<Record<string, unknown>>,
): Question {
  const contents = Array.isArray(body.contents) ? body.contents : [body.contents];
  const settings = isObject(body.generationConfig) ? body.generationConfig : {};
  const schema = settings.responseJsonSchema ?? settings.responseSchema;
  const limit = settings.maxOutputTokens;
  return {
    customId,
    model,
    prompt: [body.systemInstruction, ...contents]
      .map(textOf)
      .filter((text) => text !== '')
      .join('\n'),
    schema:
      settings.responseMimeType === 'application/json' && isObject(schema) ? JSON.stringify(schema) : null,
    maxTokens: typeof limit === 'number' ? limit : null,
  };
}

function textOf(content: unknown): string {
  const parts = isObject(content) ? content.parts : null;
  const list = Array.isArray(parts) ? parts : [parts];
  return list.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function parseLine(line: Line): { key: string; request: Record<string, unknown> } | null {
  try {
    const json: unknown = parsePlainJson(line.text);
    if (!isObject(json) || typeof json.key !== 'string' || !isObject(json.request)) return null;
    return { key: json.key, request: json.request };
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
