// Where templates read their names: held against every template that Jinja2 itself renders.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../src/template/error.ts';
import { inspectNames } from '../../src/template/inspect.ts';
import { compileTemplate } from '../../src/template/template.ts';

function uses(text: string): Record<string, string> {
  return Object.fromEntries(
    [...inspectNames('t', text)].map(([name, { start, optional }]) => [
      name,
      `${start}${optional ? '?' : ''}`,
    ]),
  );
}

interface Case {
  readonly template: string;
  readonly context: 'BASE' | Record<string, unknown>;
  readonly templates?: unknown;
  readonly text?: string;
}

describe('the names of a template', () => {
  it('stand where they are first read', () => {
    expect(uses('{{ b }} {{ a.b[c] | join(d) }} {{ a }}')).toEqual({ b: '3', a: '11', c: '15', d: '25' });
  });

  it('are found in statements, macros and blocks', () => {
    const text =
      '{% for x in xs if y %}{{ x }}{% endfor %}{% macro m(p=q) %}{{ r }}{% endmacro %}{% block k %}{{ s }}{% endblock %}';
    expect(Object.keys(uses(text)).sort()).toEqual(['q', 'r', 's', 'x', 'xs', 'y']);
  });

  it('are optional when the template says what to do without them', () => {
    const text =
      '{{ a | default(1) }}{% if b is defined %}{{ b }}{% endif %}{{ c | d }}{% if e is undefined %}{% endif %}{{ f }}';
    expect(uses(text)).toMatchObject({ a: '3?', b: '26?', c: '62?', f: '107' });
    expect(inspectNames('t', text).get('e')?.optional).toBe(true);
    expect(uses('{{ a.b | default(1) }}')).toEqual({ a: '3' });
  });
});

describe('over the corpus of Jinja2', () => {
  /** Names by which the corpus asks for undefined values on purpose. */
  const MADE_UP = new Set(['missing', 'boom']);
  const path = new URL('../golden/template/corpus.jsonl', import.meta.url);
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const cases = lines.map((line): Case => JSON.parse(line));

  it('every name that comes from the context has a place', () => {
    let names = 0;
    for (const { template } of cases) {
      try {
        const compiled = compileTemplate('t', template, () => null);
        const found = inspectNames('t', template);
        for (const name of compiled.names) {
          names++;
          expect(found.has(name), `${name} in ${template}`).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
      }
    }
    expect(names).toBeGreaterThan(200);
  });

  it('a template that renders reads no name that is unknown and not optional', () => {
    const base: Record<string, unknown> = JSON.parse(header).shared.BASE;
    const unknown = cases.flatMap(({ template, context, templates, text }) => {
      if (text === undefined || templates !== undefined) return [];
      const known = context === 'BASE' ? base : context;
      const found = inspectNames('t', template);
      const names = [...compileTemplate('t', template, () => null).names];
      const missing = names.filter(
        (name) => !Object.hasOwn(known, name) && !MADE_UP.has(name) && found.get(name)?.optional === false,
      );
      return missing.map((name) => `${name}: ${template}`);
    });
    expect(unknown).toEqual([]);
  });
});
