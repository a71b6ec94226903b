// Asks a person a few questions on a terminal, one line each. It knows nothing of what is asked.

import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { usageError } from './arguments.ts';

/** Questions with an answer each; Enter takes the default. */
export interface Questions {
  /** One of several, by its number or its word. */
  choose<T extends string>(
    question: string,
    choices: readonly { readonly value: T; readonly says: string }[],
    standard: T,
  ): Promise<T>;
  /** A text; `refuse` says what is wrong with one, or null. */
  text(question: string, standard: string, refuse: (text: string) => string | null): Promise<string>;
  /** Yes or no. */
  confirm(question: string, standard: boolean): Promise<boolean>;
  close(): void;
}

/** Asks on these streams. Ctrl-C, Ctrl-D and the end of the input end the asking with a ConfigurationError. */
export function openQuestions(input: Readable, output: Writable): Questions {
  const lines = createInterface({ input, output, terminal: 'isTTY' in output && output.isTTY === true });
  const ended = new AbortController();
  lines.on('SIGINT', () => lines.close());
  lines.on('close', () => ended.abort());

  async function ask(prompt: string): Promise<string> {
    try {
      return (await lines.question(prompt, { signal: ended.signal })).trim();
    } catch {
      throw usageError(
        'init',
        'it was ended before the last question',
        'nothing was written; start it again',
      );
    }
  }

  return {
    async choose(question, choices, standard) {
      const list = choices.map(({ value, says }, index) => `  ${index + 1}  ${value.padEnd(12)}${says}\n`);
      const place = choices.findIndex(({ value }) => value === standard) + 1;
      output.write(`${question}\n${list.join('')}`);
      for (;;) {
        const answer = await ask(`Number or word [${place}]: `);
        const chosen = answer === '' ? place - 1 : choices.findIndex(({ value }) => value === answer);
        const found = choices[chosen >= 0 ? chosen : /^\d+$/.test(answer) ? Number(answer) - 1 : -1];
        if (found !== undefined) return found.value;
        output.write(`  one of 1 to ${choices.length}, please\n`);
      }
    },
    async text(question, standard, refuse) {
      for (;;) {
        const answer = (await ask(`${question}${standard === '' ? '' : ` [${standard}]`}: `)) || standard;
        const wrong = refuse(answer);
        if (wrong === null) return answer;
        output.write(`  ${wrong}\n`);
      }
    },
    async confirm(question, standard) {
      for (;;) {
        const answer = (await ask(`${question} [${standard ? 'Y/n' : 'y/N'}]: `)).toLowerCase();
        if (answer === '') return standard;
        if (['y', 'yes'].includes(answer)) return true;
        if (['n', 'no'].includes(answer)) return false;
      }
    },
    close: () => lines.close(),
  };
}
