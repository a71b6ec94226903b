// Templates that try to get out, or to use up the machine. Each must end in a TemplateError, or in harmless text.
import { describe, expect, it } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { TemplateError } from '../../src/template/error.ts';
import { compileTemplate } from '../../src/template/template.ts';

function attempt(template: string, templates: Readonly<Record<string, string>> = {}): TemplateError | string {
  try {
    const load = (name: string) => (Object.hasOwn(templates, name) ? templates[name]! : null);
    return compileTemplate('attack', template, load).render(
      fieldsFromJson('{"s": "abc", "xs": [1, 2], "d": {"a": 1}, "n": 3}'),
      createEvaluation({ random: null }),
    );
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

const LIMITED: Readonly<Record<string, string>> = {
  'a loop over a huge range': '{% for i in range(10**9) %}x{% endfor %}',
  'a list of a huge range': '{{ range(10**9)|list }}',
  'nested loops':
    '{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}',
  'endless output': '{% for i in range(900000) %}{{ "0123456789" }}{% endfor %}',
  'output doubled in a set block':
    '{% set ns = namespace(t="x") %}{% for i in range(60) %}{% set ns.t %}{{ ns.t }}{{ ns.t }}{% endset %}{% endfor %}',
  'a macro that calls itself': '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
  'macros that call each other':
    '{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}',
  'a macro that calls itself twice':
    '{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(50) }}',
  'a recursive loop without end': '{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}',
  'a caller that calls itself':
    '{% macro m() %}{{ caller() }}{% endmacro %}{% macro r() %}{% call m() %}{{ r() }}{% endcall %}{% endmacro %}{{ r() }}',
  'a huge repetition': '{{ "x" * 10**9 }}',
  'repetition upon repetition': '{{ (("x" * 1000000) ~ ("x" * 1000000)) }}',
  'a huge list': '{{ [0] * 10**9 }}',
  'a huge power': '{{ 10 ** (10 ** 5) }}',
  'a tower of powers': '{{ 9 ** (9 ** (9 ** 9)) }}',
  'a huge shift of the format width': '{{ "%999999999d" % 1 }}',
  'a huge width of format': '{{ "{:>999999999}".format(1) }}',
  'a huge padding': '{{ "x".center(10**9) }}',
  'the filter center': '{{ "x"|center(10**9) }}',
  'the filter indent': '{{ "x\ny"|indent(10**9) }}',
  'many lines indented by much': '{{ ("\n" * 100000)|indent(1000, true, true) }}',
  'a huge batch': '{{ [1]|batch(10**9, 0)|list }}',
  'a huge slice': '{{ [1]|slice(10**9)|list }}',
  'a join that grows': '{{ range(900000)|join("0123456789" * 100) }}',
  'a replacement that grows': '{{ ("a" * 100000)|replace("a", "b" * 1000) }}',
  'a wordwrap of one long word': '{{ ("a" * 1000000)|wordwrap(1) }}',
  'a sum of lists': '{{ range(100000)|map("string")|map("list")|sum(start=[]) }}',
  'a list that doubles': '{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}',
  'a text that doubles':
    '{% set ns = namespace(t="x") %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}',
  'a sort of much': '{% for i in range(100) %}{{ range(100000)|sort(reverse=true)|first }}{% endfor %}',
};

const REFUSED: Readonly<Record<string, string>> = {
  'a class': "{{ ''.__class__ }}",
  'classes of classes': "{{ ''.__class__.__mro__[1].__subclasses__() }}",
  'a class by item': "{{ ''['__class__'] }}",
  'a class by filter': "{{ ''|attr('__class__') }}",
  'a class by map':
    "{{ ['']|map(attribute='__class__')|list|string }}{{ ['']|map(attribute='__class__')|first }}",
  'the constructor': '{{ s.constructor }}',
  'the constructor of a function': "{{ s.upper.constructor('return process')() }}",
  'a prototype': '{{ d.__proto__ }}',
  'a prototype by item': "{{ d['__proto__'] }}",
  'a property of an array': '{{ xs.length }}',
  'an internal field of a list': '{{ xs.items }}',
  'an internal field of a float': '{{ (2.0).value }}',
  'an internal field of a dict': '{{ d.entries }}',
  'globals of a macro': '{% macro f() %}{% endmacro %}{{ f.__globals__ }}',
  'the closure of a macro': '{% macro f() %}{% endmacro %}{{ f.run }}',
  'the globals of a global': '{{ cycler.__init__.__globals__ }}',
  'the environment of a namespace': '{{ namespace().constructor }}',
  'the insides of a loop': '{% for i in xs %}{{ loop.evaluation }}{% endfor %}',
  'the context of self': '{% block a %}{% endblock %}{{ self._TemplateReference__context }}',
  'an attribute in a format string': "{{ '{0.__class__}'.format('') }}",
  'an item in a format string': "{{ '{0[__class__]}'.format('') }}",
  'a format by map': "{{ ['{0.__class__.__mro__}']|map('format', '')|list }}{{ '{0.__class__}'.format(s) }}",
  open: "{{ open('/etc/passwd').read() }}",
  'import of a module': "{{ __import__('os') }}",
  process: '{{ process.env }}',
  globalThis: '{{ globalThis }}',
  'a file outside': "{% include '../../etc/passwd' %}",
  'a prototype as a template': "{% include '__proto__' %}",
  'an unknown template at run time': "{% include 'con' ~ 'structor' %}",
  'a filter that is a property': '{{ s|constructor }}',
  'a test that is a property': '{{ s is toString }}',
  'a filter that is a property at run time': "{{ xs|map('__proto__')|list }}",
  'a name that is a property': '{{ toString }}',
  'an attribute set on a dict': '{% set d.__proto__ = 1 %}',
  'a lambda': '{{ (lambda: 1)() }}',
};

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
