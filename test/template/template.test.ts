// What a compiled template promises: its names, the places of its errors, and that it leaves its context alone.
import { describe, expect, it } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import type { RandomSource } from '../../src/expression/random.ts';
import { TemplateError } from '../../src/template/error.ts';
import { compileTemplate } from '../../src/template/template.ts';

const CONTEXT = fieldsFromJson('{"n": 7, "x": 2.0, "xs": [1, 2], "d": {"a": [1]}, "card": "A"}');

function compile(source: string, templates: Readonly<Record<string, string>> = {}) {
  return compileTemplate('main.jinja2', source, (name) =>
    Object.hasOwn(templates, name) ? templates[name]! : null,
  );
}

function render(source: string, templates: Readonly<Record<string, string>> = {}): string {
  return compile(source, templates).render(CONTEXT, createEvaluation({ random: null }));
}

function errorOf(work: () => unknown): TemplateError {
  try {
    work();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('the names a template reads', () => {
  const names = (source: string, templates: Readonly<Record<string, string>> = {}) =>
    [...compile(source, templates).names].sort();

  it('are those it takes from the context', () => {
    expect(names('{{ a.b }} {% if c %}{{ d|join(e) }}{% endif %} {{ range(3) }}')).toEqual([
      'a',
      'c',
      'd',
      'e',
    ]);
  });

  it('leave out what the template sets itself', () => {
    expect(names('{% set a = b %}{{ a }}{% for i in c %}{{ i }}{{ loop.index }}{% endfor %}')).toEqual([
      'b',
      'c',
    ]);
    expect(names('{% macro m(p) %}{{ p }}{{ q }}{% endmacro %}{{ m(r) }}')).toEqual(['q', 'r']);
    expect(names('{% if a %}{% set t = 1 %}{% else %}{% set t = 2 %}{% endif %}{{ t }}')).toEqual(['a']);
    expect(names('{% set ns = namespace(c=a) %}{% set ns.c = b %}{{ ns.c }}')).toEqual(['a', 'b']);
    expect(names('{% with a = b %}{{ a }}{{ c }}{% endwith %}')).toEqual(['b', 'c']);
  });

  it('hold a name that is read before it is set', () => {
    expect(names('{{ a }}{% set a = 1 %}')).toEqual(['a']);
    expect(names('{% if b %}{% set a = a + 1 %}{% endif %}{{ a }}')).toEqual(['a', 'b']);
  });

  it('hold those of included, imported and extended templates', () => {
    expect(names("{% set v = 1 %}{% include 'p' %}", { p: '{{ v }}{{ w }}' })).toEqual(['w']);
    expect(names("{% import 'p' as p %}{{ p }}", { p: '{{ w|default(1) }}' })).toEqual([]);
    expect(names("{% import 'p' as p with context %}{{ p }}", { p: '{{ w }}' })).toEqual(['w']);
    expect(
      names("{% extends 'b' %}{% block t %}{{ u }}{% endblock %}", {
        b: '{% block t %}{{ v }}{% endblock %}',
      }),
    ).toEqual(['u', 'v']);
  });

  it('leave out what the top level sets for its blocks', () => {
    expect(names('{% set a = 1 %}{% block b %}{{ a }}{{ c }}{% endblock %}')).toEqual(['c']);
  });
});

describe('errors', () => {
  it('name the template, the line, the column and the expression', () => {
    const error = errorOf(() => render('first\n  {{ n }} and {{ d.b + 1 }}\n'));
    expect(error).toMatchObject({
      type: 'UndefinedError',
      message: "'dict object' has no attribute 'b'",
      template: 'main.jinja2',
      line: 2,
      column: 18,
      expression: 'd.b + 1',
    });
  });

  it('count columns in characters and not in code units', () => {
    expect(errorOf(() => render('😀😀{{ nope }}'))).toMatchObject({ line: 1, column: 6 });
  });

  it('point into the template that failed, not the one that used it', () => {
    const error = errorOf(() => render("{% include 'part' %}", { part: 'a\r\n{{ nope }}' }));
    expect(error).toMatchObject({ template: 'part', line: 2, column: 4, expression: 'nope' });
  });

  it('of syntax are found before anything is rendered', () => {
    expect(errorOf(() => compile('a\n{% if n %}b'))).toMatchObject({
      type: 'TemplateSyntaxError',
      line: 2,
      message:
        "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. " +
        "The innermost block that needs to be closed is 'if'.",
    });
    expect(errorOf(() => compile('{{ n && x }}'))).toMatchObject({ line: 1, column: 6 });
  });

  it('in unknown filters, tests and templates are found before anything is rendered', () => {
    expect(errorOf(() => compile('{{ n|nope }}')).message).toBe("No filter named 'nope'.");
    expect(errorOf(() => compile('{{ n is nope }}')).message).toBe("No test named 'nope'.");
    expect(errorOf(() => compile("\n{% include 'gone' %}"))).toMatchObject({
      type: 'TemplateNotFound',
      message: "template 'gone' not found",
      line: 2,
      column: 12,
    });
    expect(errorOf(() => compile("{% include 'p' %}", { p: '{{ 1 + }}' }))).toMatchObject({ template: 'p' });
  });
});

describe('rendering', () => {
  it('leaves the context as it was, even when the template changes lists', () => {
    const before = fieldsToJson(CONTEXT);
    expect(
      render(
        "{% set _ = xs.append(3) %}{% set _ = d.update({'b': 1}) %}{% set _ = d.a.pop() %}{{ xs }}{{ d }}",
      ),
    ).toBe("[1, 2, 3]{'a': [], 'b': 1}");
    expect(fieldsToJson(CONTEXT)).toBe(before);
  });

  it('leaves the context as it was when an included template changes it', () => {
    const before = fieldsToJson(CONTEXT);
    render("{% include 'p' %}{% include 'p' ~ '' %}", { p: '{% set _ = xs.append(3) %}' });
    expect(fieldsToJson(CONTEXT)).toBe(before);
  });

  it('gives the same text every time', () => {
    const compiled = compile(
      '{% set c = cycler(1, 2) %}{{ c.next() }}{% macro m() %}{{ n }}{% endmacro %}{{ m() }}',
    );
    const texts = [1, 2].map(() => compiled.render(CONTEXT, createEvaluation({ random: null })));
    expect(texts).toEqual(['17', '17']);
  });

  it('draws from the stream it is given, and refuses to draw without one', () => {
    const source: RandomSource = { uint32: () => 0xffffffff >>> 1, double: () => 0.5 };
    const compiled = compile('{{ [1, 2, 3]|random }}');
    expect(compiled.render(CONTEXT, createEvaluation({ random: source }))).toBe('2');
    expect(errorOf(() => compiled.render(CONTEXT, createEvaluation({ random: null }))).type).toBe(
      'RuntimeError',
    );
  });

  it('lets names of the context hide those every template has', () => {
    const context = fieldsFromJson('{"range": [5]}');
    expect(compile('{{ range }}').render(context, createEvaluation({ random: null }))).toBe('[5]');
  });

  it('gives the depth back when it fails', () => {
    const evaluation = createEvaluation({ random: null });
    const compiled = compile('{% macro m() %}{{ nope }}{% endmacro %}{{ m() }}');
    errorOf(() => compiled.render(CONTEXT, evaluation));
    expect(evaluation.depth).toBe(0);
  });
});
