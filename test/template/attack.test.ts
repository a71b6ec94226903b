// Templates that try to get out, or to use up the machine. Each must end in a TemplateError, or in harmless text.
import { describe, expect, it } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { TemplateError } from '../../src/template/error.ts';
import { compileTemplate } from '../../src/template/template.ts';
import { ATTACK_CONTEXT, LIMITED, REFUSED } from './attacks.ts';

function attempt(template: string, templates: Readonly<Record<string, string>> = {}): TemplateError | string {
  try {
    const load = (name: string) => (Object.hasOwn(templates, name) ? templates[name]! : null);
    return compileTemplate('attack', template, load).render(
      fieldsFromJson(ATTACK_CONTEXT),
      createEvaluation({ random: null }),
    );
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

describe('templates that use up the machine', () => {
  for (const [name, template] of Object.entries(LIMITED)) {
    it(`stops ${name}`, () => {
      const result = attempt(template);
      expect(result).toBeInstanceOf(TemplateError);
      expect(['LimitError', 'MemoryError', 'OverflowError', 'ValueError']).toContain(
        (result as TemplateError).type,
      );
    });
  }

  it('stops templates that include each other', () => {
    const result = attempt("{% include 'a' %}", { a: "{% include 'b' %}", b: "{% include 'a' %}" });
    expect(result).toMatchObject({ type: 'LimitError' });
  });

  it('stops templates that extend each other', () => {
    const result = attempt("{% extends 'a' %}", { a: "{% extends 'b' %}", b: "{% extends 'a' %}" });
    expect(result).toMatchObject({ type: 'LimitError' });
  });

  it('stops templates that import each other', () => {
    const result = attempt("{% import 'a' as a %}", {
      a: "{% import 'b' as b %}",
      b: "{% import 'a' as a %}",
    });
    expect(result).toMatchObject({ type: 'LimitError' });
  });

  it('stops a block that renders itself', () => {
    expect(attempt('{% block a %}{{ self.a() }}{% endblock %}')).toMatchObject({ type: 'LimitError' });
  });

  it('stops includes that fan out', () => {
    const names = Array.from({ length: 30 }, (_, i) => `t${i}`);
    const templates = Object.fromEntries(
      names.map((name, i) => [
        name,
        `{% include 't${i + 1}' ignore missing %}{% include 't${i + 1}' ignore missing %}`,
      ]),
    );
    expect(attempt("{% include 't0' %}", templates)).toMatchObject({ type: 'LimitError' });
  });

  it('refuses brackets nested without end', () => {
    expect(attempt(`{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`)).toMatchObject({
      type: 'TemplateSyntaxError',
    });
    expect(attempt(`{{ ${'['.repeat(50_000)} }}`)).toMatchObject({ type: 'TemplateSyntaxError' });
    expect(attempt(`{{ ${'not '.repeat(50_000)}n }}`)).toMatchObject({ type: 'TemplateSyntaxError' });
    expect(attempt(`{{ ${'-'.repeat(50_000)}n }}`)).toMatchObject({ type: 'TemplateSyntaxError' });
    expect(attempt(`{{ ${'1 if 1 else '.repeat(50_000)}n }}`)).toMatchObject({ type: 'TemplateSyntaxError' });
  });

  it('refuses chains without end', () => {
    for (const chain of [' + n', '.a', '[0]', '|abs', ' ~ n if n', ' and n', '()']) {
      expect(attempt(`{{ n${chain.repeat(20_000)} }}`)).toBeInstanceOf(TemplateError);
    }
  });

  it('refuses statements nested without end', () => {
    expect(attempt('{% if n %}'.repeat(20_000))).toMatchObject({ type: 'TemplateSyntaxError' });
    expect(attempt(`{% for ${'('.repeat(20_000)}a in xs %}`)).toBeInstanceOf(TemplateError);
  });

  it('bounds what compiling may cost', () => {
    const many = (part: (i: number) => string, count: number) =>
      Array.from({ length: count }, (_, i) => part(i)).join('');
    expect(attempt(many((i) => `{% if n %}{% set a${i} = 1 %}{% endif %}`, 20_000))).toMatchObject({
      type: 'LimitError',
    });
    expect(attempt(many((i) => `{{ a${i} }}`, 20_000))).toMatchObject({ type: 'LimitError' });
    expect(
      attempt(
        many(() => "{% include 'p' %}", 20_000),
        { p: '' },
      ),
    ).toMatchObject({ type: 'LimitError' });
    expect(attempt(`{{ n${' '.repeat(1_000_000)} }}`)).toMatchObject({ type: 'LimitError' });
    const names = Array.from({ length: 40 }, (_, i) => `t${i}`);
    const all = Object.fromEntries(
      names.map((name, i) => [
        name,
        `{% set a${i} = 1 %}${names.map((other) => `{% include '${other}' %}`).join('')}`,
      ]),
    );
    expect(attempt("{% include 't0' %}", all)).toMatchObject({ type: 'LimitError' });
  });

  it('reads long templates in reasonable work', () => {
    expect(attempt('{# x '.repeat(100_000))).toBeInstanceOf(TemplateError);
    expect(attempt('{% raw %}{% '.repeat(50_000))).toBeInstanceOf(TemplateError);
    expect(attempt(`${' '.repeat(500_000)}{{- n }}`)).toBe('3');
    expect(attempt('{{ n }}'.repeat(100_000))).toBe('3'.repeat(100_000));
    expect(
      attempt('{% if n %}{% elif n %}'.concat('{% elif n %}'.repeat(50_000), '{% endif %}')),
    ).toBeDefined();
  });
});

describe('templates that try to get out', () => {
  for (const [name, template] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => {
      expect(attempt(template)).toBeInstanceOf(TemplateError);
    });
  }
});
