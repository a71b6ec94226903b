// Templates that try to get out, or to use up the machine. Data, so that the tests and the proof that measures them
// (scripts/prove.mjs) use one list. The context is ATTACK_CONTEXT.

/** The context, as JSON. */
export const ATTACK_CONTEXT = '{"s": "abc", "xs": [1, 2], "d": {"a": 1}, "n": 3}';

/** Must end in a limit, by name of the attack. */
export const LIMITED: Readonly<Record<string, string>> = {
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
  'a wordwrap of one word that may not be broken':
    '{{ ("a" * 1000000)|wordwrap(1, false) }}{{ range(10**8)|list }}',
  'a wordwrap of many words': '{% for i in range(1000) %}{{ ("a-b " * 100000)|wordwrap(5) }}{% endfor %}',
  'a title of much': '{% for i in range(10000) %}{{ ("a " * 100000)|title }}{% endfor %}',
  'a word count of much': '{% for i in range(10000) %}{{ ("a " * 100000)|wordcount }}{% endfor %}',
  'an escape of much': '{% for i in range(10000) %}{{ ("<" * 100000)|escape|length }}{% endfor %}',
  'stripped tags of much': '{% for i in range(10000) %}{{ ("<a>" * 100000)|striptags|length }}{% endfor %}',
  'URLs quoted of much': '{% for i in range(10000) %}{{ ("/é " * 50000)|urlencode|length }}{% endfor %}',
  'links in much': '{% for i in range(1000) %}{{ ("www." * 200000)|urlize|length }}{% endfor %}',
  'links in many brackets': '{% for i in range(1000) %}{{ ("((((" * 200000)|urlize|length }}{% endfor %}',
  'links that grow': '{{ ("www.a.com " * 50000)|urlize(target="x" * 1000) }}',
  'a huge truncation': '{% for i in range(100000) %}{{ ("a " * 100000)|truncate(50) }}{% endfor %}',
  'grouping of much':
    '{% for i in range(1000) %}{{ range(100000)|map("string")|groupby("x", default=1)|list|length }}{% endfor %}',
  'unique items of much': '{% for i in range(1000) %}{{ range(100000)|unique|list|length }}{% endfor %}',
  'JSON of much': '{% for i in range(1000) %}{{ range(100000)|list|tojson|length }}{% endfor %}',
  'pretty printing of much': '{% for i in range(1000) %}{{ range(100000)|list|pprint|length }}{% endfor %}',
  'rounding to many digits': '{% for i in range(10**6) %}{{ 1.5|round(300) }}{% endfor %}',
  'a huge number of digits': '{{ 3 ** 30000 }}',
  'text of big numbers': '{% for i in range(100000) %}{{ 3 ** 9000 }}{% endfor %}',
  'a cycler without end': '{% set c = cycler(1, 2) %}{% for i in range(10**7) %}{{ c.next() }}{% endfor %}',
  'filters of filters':
    '{% filter center(1000000) %}{% filter center(1000000) %}{% for i in range(10) %}{{ "x"|center(1000000) }}{% endfor %}{% endfilter %}{% endfilter %}',
  'a namespace that holds itself':
    '{% set ns = namespace(a=1) %}{% for i in range(10**7) %}{% set ns.a = ns %}{% endfor %}',
  'a dict of dicts without end':
    '{% set d = {} %}{% for i in range(10**7) %}{% set _ = d.update({i: d.copy()}) %}{% endfor %}',
  'a format with a huge precision': '{{ "%.999999f"|format(1.5) }}',
  'filesizes of huge numbers': '{% for i in range(10**7) %}{{ i|filesizeformat }}{% endfor %}',
  'a lorem of much': '{{ range(10**6)|map("string")|join|replace("1", "x" * 100) }}',
};

/** Must end in a typed error. */
export const REFUSED: Readonly<Record<string, string>> = {
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
