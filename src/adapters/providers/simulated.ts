// Tells a simulator, on its control endpoint, what each request is about. The requests themselves go through the
// provider adapter, unchanged.
import type { AnswerContext, AnswerContexts } from '../../ports/provider.ts';

/** Text sent in one registration, in UTF-16 units: more at a time would live until it is collected dearly. */
const CHUNK = 512 * 1024;

/** Registers with the simulator at `url` (no path). Rejects when it does not accept. */
export function createAnswerContexts(options: { readonly url: string }): AnswerContexts {
  async function send(lines: readonly string[]): Promise<void> {
    const response = await fetch(`${options.url}/_octobatch/contexts`, {
      method: 'POST',
      body: lines.join(''),
    });
    const text = await response.text();
    if (response.ok) return;
    const error = new Error(`the simulator refused the answer contexts: ${response.status} ${text}`);
    // Its own trouble, such as a full disk, is nobody's mistake.
    const [, code] = /"message":"(E[A-Z]+):/.exec(text) ?? [];
    throw code === undefined ? error : Object.assign(error, { code });
  }

  return {
    async register(contexts: AsyncIterable<AnswerContext>) {
      let lines: string[] = [];
      let length = 0;
      for await (const context of contexts) {
        const line = `${JSON.stringify(context)}\n`;
        lines.push(line);
        if ((length += line.length) < CHUNK) continue;
        await send(lines);
        lines = [];
        length = 0;
      }
      if (lines.length > 0) await send(lines);
    },
  };
}
