// Replays what Jinja2 itself made of templates; see generate_corpus.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { TemplateError } from '../../src/template/error.ts';
import { compileTemplate } from '../../src/template/template.ts';

interface Case {
  readonly template: string;
  readonly context: unknown;
  readonly templates?: unknown;
  readonly text?: string;
  readonly error?: string;
  readonly line?: number;
}

/** Cases where this engine is deliberately stricter or says it in another way, with the reason. */
const DELIBERATE: ReadonlyMap<string, string> = new Map([
  ["{{ ''.__class__ }}", 'there are no dunder attributes'],
  ["{{ ''.__class__.__mro__ }}", 'there are no dunder attributes'],
  ['{{ xs.__len__ is defined }}|', 'there are no dunder attributes'],
]);

const path = new URL('../golden/template/corpus.jsonl', import.meta.url);
const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');

/** The JSON text of a value inside a line; texts, because numbers such as 2.0 must stay what they are. */
function sharedText(name: string): string {
  const start = header.indexOf(`"${name}": {`) + name.length + 4;
  let depth = 0;
  let inString = false;
  for (let i = start; ; i++) {
    const character = header[i]!;
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return header.slice(start, i + 1);
  }
}

const SHARED_CONTEXT = sharedText('BASE');
const SHARED_TEMPLATES: Record<string, string> = JSON.parse(sharedText('PARTS'));

function replay(entry: Case): { text: string } | { error: string; line: number } {
  const templates =
    entry.templates === 'PARTS' ? SHARED_TEMPLATES : ((entry.templates ?? {}) as Record<string, string>);
  const context = entry.context === 'BASE' ? SHARED_CONTEXT : JSON.stringify(entry.context);
  const evaluation = createEvaluation({ random: null });
  try {
    const compiled = compileTemplate('<main>', entry.template, (name) =>
      Object.hasOwn(templates, name) ? templates[name]! : null,
    );
    return { text: compiled.render(fieldsFromJson(context), evaluation) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.type, line: error.line };
    throw error;
  }
}

describe('the golden corpus', () => {
  it('holds enough cases', () => {
    expect(lines.length).toBeGreaterThan(400);
  });

  for (const line of lines) {
    const entry = JSON.parse(line) as Case;
    if (DELIBERATE.has(entry.template)) continue;
    it(`renders ${JSON.stringify(entry.template).slice(0, 120)}${entry.templates ? ' with others' : ''}`, () => {
      const result = replay(entry);
      if (entry.text !== undefined) expect(result).toEqual({ text: entry.text });
      else if (entry.line !== undefined) expect(result).toEqual({ error: entry.error, line: entry.line });
      else expect(result).toMatchObject({ error: entry.error });
    });
  }
});
