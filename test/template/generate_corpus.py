"""Writes test/golden/template/corpus.jsonl: what Jinja2 3.1 makes of templates, for the test to replay without Python.

Run it with a Python that has Jinja2 3.1 (a throw-away venv outside the repository will do):
    python generate_corpus.py
"""
import json
import os

import jinja2

CASES = []


def case(template, context=None, templates=None):
    CASES.append({"template": template, "context": context or {}, "templates": templates or {}})


def cases(context, *templates):
    for template in templates:
        case(template, context)


PEOPLE = [
    {"name": "Ann", "age": 30, "city": "Bern", "tags": ["a", "B"]},
    {"name": "bob", "age": 25, "city": "bern", "tags": []},
    {"name": "Cem", "age": 35, "city": "Oslo", "tags": ["c"]},
]
BASE = {
    "n": 7, "zero": 0, "x": 2.0, "half": 0.5, "big": 12345678901234567890, "neg": -3, "s": "Hello World",
    "empty": "", "text": "one two  three\nfour-five six\n", "xs": [3, 1, 2], "mixed": [1, "a", None, True, 2.0, [1]],
    "words": ["pear", "Apple", "fig", "apple"], "d": {"b": 1, "a": 2, "C": 3}, "nested": {"k": {"l": [10, 20]}},
    "yes": True, "no": False, "nothing": None, "people": PEOPLE, "cards": ["A", "5"], "html": "<b>'x' & \"y\"</b>",
    "uni": "naïve 😀 Straße", "items": [1, 2], "path": [5, 4, 5], "npc": {"name": "Wise Elder", "description": "old"},
}

# --- printing values
cases(BASE, "{{ n }} {{ x }} {{ half }} {{ big }} {{ neg }}", "{{ cards }}", "{{ yes }} {{ no }} {{ nothing }}",
      "{{ mixed }}", "{{ d }}", "{{ nested }}", "{{ s }}", "{{ uni }}", "{{ (1,) }} {{ () }} {{ (1, 2) }} {{ 1, 2 }}",
      "{{ [] }}{{ {} }}", "{{ 1e20 }} {{ 1e-7 }} {{ 1.5e300 }} {{ 10/2 }} {{ 7//2 }} {{ -7//2 }} {{ -7 % 3 }} {{ 2**10 }}",
      "{{ 2**3**2 }} {{ -2**2 }} {{ 2**-1 }}", "{{ 1_000 }} {{ 0x1f }} {{ 0b101 }} {{ 0o17 }} {{ 1_0.2_5 }} {{ 1e3 }}",
      "{{ 'a' 'b' \"c\" }}", "{{ 'it''s' }}", r"{{ 'a\nb\t\x41\u00e9\\\'\101' }}", r"{{ ['a\nb', \"it's\"] }}",
      "{{ true }} {{ false }} {{ none }} {{ True }} {{ None }}", "{{ range(3) }}", "{{ range(5)|list }}",
      "{{ range(1, 10, 3)|list }} {{ range(3, 0, -1)|list }}", "{{ dict(a=1, b='x') }}", "{{ {1: 'a', 'b': [1]} }}",
      "{{ n ~ s ~ x ~ none ~ true }}", "{{ xs ~ d }}", "{{ 'a' + 'b' * 3 }}", "{{ [1] + [2] * 2 }}", "{{ xs[0] }} {{ xs[-1] }} {{ xs[1:] }} {{ xs[::-1] }}",
      "{{ s[0] }}{{ s[-1] }}{{ s[2:5] }}{{ s[::2] }}", "{{ d['b'] }} {{ d.b }} {{ nested.k.l[1] }} {{ nested.k.l.1 }}",
      "{{ d.keys()|list }} {{ d.values()|list }} {{ d.items()|list }}", "{{ d.get('zz', 9) }} {{ d.get('b') }}",
      "{{ s.upper() }} {{ s.split() }} {{ s.replace('l', 'L', 1) }}", "{{ ', '.join(words) }}", "{{ '%s-%d' % ('a', 3) }} {{ '%05.2f' % x }}",
      "{{ '{}, {:>5}!'.format('a', 3) }}", "{{ 'abc'.center(9, '*') }}", "{{ s.startswith('He') }} {{ s.find('W') }} {{ s.count('o') }}",
      "{{ uni|length }} {{ uni[6] }} {{ uni.upper() }}", "{{ big * 2 }} {{ 2 ** 100 }}", "{{ 1 == 1.0 }} {{ 1 == true }} {{ 'a' < 'b' }}",
      "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 != 2 }}", "{{ 2 in xs }} {{ 9 not in xs }} {{ 'ell' in s }} {{ 'b' in d }}",
      "{{ not yes }} {{ not not n }} {{ yes and n }} {{ no or 'x' }} {{ zero and boom }}", "{{ 'a' if yes else 'b' }} {{ 'a' if no else 'b' }}",
      "{{ 'a' if no }}|", "{{ ('a' if no) is defined }}", "{{ 1 if no else 2 if no else 3 }}", "{{ (1 if yes) + 1 }}", "{{ -n }} {{ +n }} {{ - n + 1 }}",
      "{{ n | abs }} {{ -n | abs }} {{ (-n) | abs }}", "{{ (1, 2)[0] }} {{ [1, 2][1] }} {{ {'a': 1}['a'] }}", "{{ 7 / 2 }} {{ 6 / 3 }} {{ 7 % 4 }}",
      "{{ 0.1 + 0.2 }} {{ 1e16 }} {{ 123456789.123 }} {{ 1/3 }}", "{{ xs.index(2) }} {{ xs.count(1) }}", "{{ [1, [2, 'x'], {'a': None}] }}")

# --- undefined
cases(BASE, "{{ missing }}", "{{ missing.x }}", "{{ d.missing }}", "{{ d['missing'] }}", "{{ d.missing.deep }}", "{{ xs[10] }}", "{{ s.nope }}",
      "{{ missing is defined }} {{ n is defined }} {{ d.q is defined }} {{ missing is undefined }}", "{{ missing|default('D') }} {{ missing|d }}|",
      "{{ empty|default('D') }}|{{ empty|default('D', true) }}|{{ d.q|default(d.b) }}", "{% if missing %}a{% endif %}", "{% for i in missing %}{% endfor %}",
      "{{ missing == 1 }}", "{{ missing + 1 }}", "{{ missing ~ 'x' }}", "{{ missing|upper }}", "{{ missing|length }}", "{{ not missing }}", "{{ missing or 1 }}",
      "{{ [missing] }}", "{{ missing|list }}", "{{ missing|join }}", "{{ missing|first }}", "{{ missing() }}", "{{ nothing.x }}", "{{ nothing[0] }}", "{{ n.x }}",
      "{{ n[0] }}", "{{ missing|tojson }}", "{{ missing|items|list }}", "{{ missing is none }} {{ missing is string }} {{ missing is mapping }}",
      "{{ missing is odd }}", "{{ missing|int }}", "{{ missing is iterable }}", "{{ missing is sequence }}", "{{ missing in xs }}", "{{ (missing if no) }}|",
      "{{ missing|map('upper')|list }}", "{{ ''.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ xs.__len__ is defined }}|")

# --- statements
cases(BASE, "{% if n > 5 %}big{% elif n > 2 %}mid{% else %}small{% endif %}", "{% if zero %}a{% elif n == 7 %}b{% else %}c{% endif %}", "{% if no %}a{% endif %}.",
      "{% if xs and not no %}y{% endif %}", "{% if 1, %}t{% endif %}", "{% for i in xs %}{{ i }},{% endfor %}", "{% for i in [] %}x{% else %}none{% endfor %}",
      "{% for i in xs %}{{ loop.index }}/{{ loop.length }}{% if not loop.last %}, {% endif %}{% endfor %}",
      "{% for i in xs %}{{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }};{% endfor %}",
      "{% for i in xs %}{{ loop.previtem|default('-') }}<{{ i }}>{{ loop.nextitem|default('-') }} {% endfor %}", "{% for i in xs %}{{ loop.cycle('odd', 'even') }} {% endfor %}",
      "{% for p in people %}{% if loop.changed(p.city|lower) %}[{{ p.city }}]{% endif %}{{ p.name }}{% endfor %}", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
      "{% for k in d %}{{ k }}{% endfor %}", "{% for c in 'abc' %}{{ c }}.{% endfor %}", "{% for i in xs if i > 1 %}{{ i }}:{{ loop.index }} {% endfor %}",
      "{% for i in xs if i > 9 %}x{% else %}none{% endfor %}", "{% for a, b in [(1, 2), (3, 4)] %}{{ a + b }} {% endfor %}", "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
      "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{% for i in n %}{% endfor %}", "{% for i in range(3) %}{% for j in range(2) %}{{ loop.index }}{{ i }}{{ j }} {% endfor %}{% endfor %}",
      "{% for i in range(2) %}{% set outer = loop %}{% for j in range(2) %}{{ outer.index }}.{{ loop.index }} {% endfor %}{% endfor %}",
      "{% for i in [1, [2, [3]]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{{ loop.depth0 }}{% endif %}{% endfor %}",
      "{% for p in people recursive %}{{ p.name }}{% endfor %}", "{% for i in xs %}{{ loop(xs) }}{% endfor %}", "{% for i in xs %}{{ loop }}{% endfor %}", "{{ loop }}",
      "{% set a = 1 %}{{ a }}", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a = 1, 2 %}{{ a }}", "{% set a %}x{{ n }}y{% endset %}[{{ a }}]", "{% set a | upper %}x{{ s }}{% endset %}{{ a }}",
      "{% set a | upper | replace('L', '-') %}{{ s }}{% endset %}{{ a }}", "{% set ns = namespace(c=0) %}{% for i in xs %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}",
      "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}", "{% set ns = namespace() %}{{ ns.q }}", "{% set ns = namespace() %}{{ ns.q is defined }}", "{% set d.x = 1 %}",
      "{% set ns = namespace(a=1) %}{% set ns.a, ns.b = 5, 6 %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}", "{% set c = 0 %}{% for i in xs %}{% set c = c + i %}{{ c }} {% endfor %}{{ c }}",
      "{% set c = 0 %}{% if yes %}{% set c = 5 %}{% endif %}{{ c }}", "{% if no %}{% set q = 5 %}{% endif %}{{ q }}", "{% if no %}{% set n = 5 %}{% endif %}{{ n }}",
      "{% for i in xs %}{% if loop.first %}{% set y = i %}{% endif %}{{ y is defined }}{% endfor %}", "{% for i in [1] %}{{ n }}{% endfor %}{% set n = 1 %}", "{{ n }}{% set n = 1 %}{{ n }}",
      "{% macro m() %}{{ n }}{% endmacro %}{{ m() }}{% set n = 1 %}{{ m() }}", "{% for n in xs %}{{ n }}{% endfor %}{{ n }}", "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}",
      "{% with %}{% set z = 1 %}{{ z }}{% endwith %}{{ z is defined }}", "{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}", "{% with a = 1, b = a|default('no') %}{{ b }}{% endwith %}",
      "{% filter upper %}abc {{ s }}{% endfilter %}", "{% filter replace('a', 'b')|upper %}aha{% endfilter %}", "{% filter indent(2) %}a\nb{% endfilter %}", "{% raw %}{{ n }} {% if %}{% endraw %}",
      "{%- raw -%} {{ x }} {%- endraw -%} z", "a{# comment #}b{#- c -#} d", "{# multi\nline #}{{ n }}", "a  {{- n -}}  b", "a\n{%- if yes %}\n b\n{%- endif %}\nc", "a {%+ if yes +%} b {% endif %}",
      "  {%- for i in xs -%}\n {{ i }}\n {%- endfor -%}\n ", "line1\nline2\n", "\n", "", "x\r\ny\rz", "{{ '{{' }} {{ '}}' }} {{ {'a': {'b': 1}} }}", "{{ {'a': 1}.a }}", "{% print n, s %}",
      "{% if yes: %}y{% endif %}", "{% autoescape false %}{{ html }}{% endautoescape %}", "{{ n -}} \n {{- n }}", "{% set x = 1 -%}\n\n  y", "{#\n#}\n{{ n }}", "a{{n}}b{{s}}c", "{{ n\n+\n1 }}",
      "{% for i in xs %}{{ i }}\n{% endfor %}", "# {{ s }}\n\n{% for p in people %}\n- {{ p.name }} ({{ p.age }})\n{% endfor %}\n", "{% for p in people|sort(attribute='age') -%}\n{{ p.name }}\n{% endfor %}",
      "{% set y = 'a' if yes else 'b' %}{{ y }}", "{% set _p = 1 %}{{ _p }}", "{% set xs = xs + [4] %}{{ xs }}", "{{ xs.append(9) }}{{ xs }}", "{% set _ = d.update({'z': 0}) %}{{ d }}",
      "{{ d.items is callable }} {{ d.pop('b') }} {{ d }}")

# --- macros
cases(BASE, "{% macro f(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ f(1) }} {{ f(1, 3) }} {{ f(b=5, a=4) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f() }}", "{% macro f(a) %}{{ a is defined }}{% endmacro %}{{ f() }}",
      "{% macro f(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}", "{% macro f() %}{{ varargs }} {{ kwargs }}{% endmacro %}{{ f(1, 2, z=3) }}", "{% macro f() %}x{% endmacro %}{{ f(1) }}", "{% macro f() %}x{% endmacro %}{{ f(a=1) }}",
      "{% macro f(x) %}{{ x }}{% if x > 0 %}{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}in {{ n }}{% endcall %}",
      "{% macro each(l) %}{% for i in l %}{{ caller(i) }};{% endfor %}{% endmacro %}{% call(x) each(xs) %}<{{ x }}>{% endcall %}", "{% macro f(a) %}{{ caller() }}{% endmacro %}{{ f(1) }}", "{% macro f(a) %}{{ caller is defined }}{% endmacro %}{{ f(1) }}",
      "{% macro f(a, b) %}{{ f.name }} {{ f.arguments }} {{ f.catch_kwargs }} {{ f.catch_varargs }} {{ f.caller }}{% endmacro %}{{ f(1, 2) }}", "{% macro f() %}a{% endmacro %}{{ f }}", "{% set m %}{% macro f() %}a{% endmacro %}{{ f() }}{% endset %}{{ m }}",
      "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "{% macro f(x) %}{{ x|upper }}{% endmacro %}{{ f('a') ~ f('b') }} {{ f('q')|lower }}", "{% macro f(a=[1, 2]) %}{{ a|sum }}{% endmacro %}{{ f() }}",
      "{% macro f(*a) %}{% endmacro %}", "{% macro f(a=1, b) %}{% endmacro %}", "{{ '%s' % f(1) }}{% macro f(x) %}{% endmacro %}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(*[5]) }} {{ f(**{'a': 6}) }}",
      "{% macro f(a, caller=none) %}{{ a }}{{ caller }}{% endmacro %}{{ f(1) }}", "{% call missing() %}{% endcall %}", "{% for i in xs %}{% macro f() %}{{ i }}{% endmacro %}{{ f() }}{% endfor %}", "{{ f is callable }}{% macro f() %}{% endmacro %}")

# --- filters
cases(BASE, "{{ s|upper }} {{ s|lower }} {{ 'hELLO wORLD'|capitalize }} {{ 'hello wORLD-foo (bar) it\\'s'|title }}", "{{ '  x '|trim }}|{{ 'xxaxx'|trim('x') }}|", "{{ 'ab'|center(6) }}|", "{{ n|string + '!' }}", "{{ 'aaa'|replace('a', 'b') }} {{ 'aaa'|replace('a', 'b', 2) }} {{ 121|replace(1, 'x') }}",
      "{{ 'a\nb\n\nc'|indent }}", "{{ 'a\nb\n\nc\n'|indent(2, true) }}|", "{{ 'a\nb\n\nc'|indent(2, blank=true) }}|", "{{ 'a\nb'|indent('> ', first=true) }}", "{{ ''|indent }}|", "{{ 'foo bar baz qux'|truncate(9) }}|{{ 'foo bar baz qux'|truncate(9, true) }}|{{ 'foo bar baz qux'|truncate(11) }}|{{ 'foo bar baz qux'|truncate(11, false, '...', 0) }}",
      "{{ 'foobarbazqux'|truncate(6, leeway=0) }}", "{{ 'x'|truncate(1, end='....') }}", "{{ n|truncate }}", "{{ text|wordwrap(9) }}", "{{ 'aaaaaaaaaabbbb cc'|wordwrap(5) }}", "{{ 'aaaaaaaaaabbbb cc'|wordwrap(5, false) }}", "{{ 'well-known state-of-the-art thing'|wordwrap(10) }}", "{{ 'well-known state-of-the-art thing'|wordwrap(10, break_on_hyphens=false) }}", "{{ 'a b c d'|wordwrap(3, wrapstring='|') }}", "{{ 'hello--there world -- x'|wordwrap(7) }}", "{{ 'x'|wordwrap(0) }}", "{{ 'a  b   c d e f'|wordwrap(4) }}|",
      "{{ text|wordcount }} {{ uni|wordcount }}", "{{ '%s is %d'|format('x', 3) }} {{ '%(a)s'|format(a=1) }}", "{{ '%d'|format('x') }}", "{{ html|e }}", "{{ html|escape|e }}", "{{ html|forceescape }}", "{{ html|safe }}", "{{ html|e|upper|e }}", "{{ [html|e] }}", "{{ html|e|length }} {{ html|e == html }} {{ html|e is escaped }} {{ html is escaped }}", "{{ ('<b>'|safe) + '<i>' }}", "{{ ('<b>'|safe) ~ '<i>' }}", "{{ '<i>' + ('<b>'|safe) }}",
      "{{ '<p>a <b>b</b>\n c</p><!-- x --> d &amp; e'|striptags }}", "{{ 'a b/c?d=e&f'|urlencode }} {{ {'a b': 'c/d', 'n': 1}|urlencode }} {{ [('a', 'ü')]|urlencode }} {{ 5|urlencode }}", "{{ xs|length }} {{ s|count }} {{ d|length }}", "{{ n|length }}", "{{ 'abc'|list }} {{ d|list }}", "{{ xs|first }} {{ xs|last }} {{ []|first is defined }} {{ s|last }}", "{{ []|first }}", "{{ []|last }}", "{{ xs|reverse|list }} {{ s|reverse }}", "{{ d|reverse|list }}",
      "{{ xs|sort }} {{ xs|sort(reverse=true) }} {{ words|sort }} {{ words|sort(case_sensitive=true) }} {{ words|sort(true) }}", "{{ people|sort(attribute='age')|map(attribute='name')|list }}", "{{ people|sort(attribute='city,age')|map(attribute='name')|join(',') }}", "{{ [1, 'a']|sort }}", "{{ 'hello'|sort|join }}", "{{ d|dictsort }} {{ d|dictsort(true) }} {{ d|dictsort(by='value') }} {{ d|dictsort(reverse=true) }}", "{{ d|dictsort(by='x') }}", "{{ d|items|list }}", "{{ n|items|list }}", "{{ words|unique|list }} {{ words|unique(true)|list }} {{ [1, 1.0, true, 2]|unique|list }}", "{{ people|unique(attribute='city')|map(attribute='name')|list }}",
      "{{ xs|min }} {{ xs|max }} {{ words|min }} {{ words|max }} {{ words|max(true) }}", "{{ people|max(attribute='age') }}", "{{ []|max }}", "{{ xs|sum }} {{ people|sum(attribute='age') }} {{ xs|sum(start=10) }} {{ []|sum }}", "{{ words|sum }}", "{{ [[1], [2]]|sum(start=[]) }}", "{{ xs|join }} {{ xs|join('-') }} {{ people|join(', ', attribute='name') }} {{ mixed|join('|') }}", "{{ n|join }}", "{{ range(7)|batch(3)|list }} {{ range(7)|batch(3, 'x')|list }}", "{{ range(7)|slice(3)|list }} {{ range(7)|slice(3, 'x')|list }}", "{{ xs|slice(0)|list }}", "{{ []|batch(2)|list }}",
      "{{ people|groupby('city')|length }}", "{% for c, l in people|groupby('city') %}{{ c }}:{{ l|map(attribute='name')|join('+') }} {% endfor %}", "{% for g in people|groupby('city', case_sensitive=true) %}{{ g.grouper }}={{ g.list|length }} {% endfor %}", "{% for c, l in [{'a': 1}, {}]|groupby('a', default=0) %}{{ c }}{{ l }}{% endfor %}", "{{ [{'a': 1}, {}]|groupby('a') }}", "{{ [{'a': 1}]|groupby('a') }}", "{{ words|map('upper')|list }} {{ people|map(attribute='tags.0', default='-')|list }}", "{{ people|map(attribute='zip')|list }}", "{{ people|map(attribute='zip', default='?')|list }}", "{{ xs|map('nofilter')|list }}", "{{ xs|map()|list }}", "{{ words|map('replace', 'p', 'P')|join(' ') }}", "{{ ['1', 'x']|map('int', default=-1)|list }}",
      "{{ xs|select('odd')|list }} {{ xs|reject('odd')|list }} {{ mixed|select|list }} {{ range(9)|select('divisibleby', 3)|list }}", "{{ people|selectattr('age', 'gt', 26)|map(attribute='name')|list }} {{ people|rejectattr('tags')|map(attribute='name')|list }}", "{{ people|selectattr('zip', 'defined')|list }}", "{{ people|selectattr('city', 'equalto', 'Bern')|list|length }}", "{{ xs|select('notest')|list }}", "{{ people|selectattr()|list }}", "{{ xs|select('in', [1, 2])|list }}", "{{ xs|map('string')|select('==', '1')|list }}",
      "{{ '42'|int }} {{ '42.7'|int }} {{ 'x'|int }} {{ 'x'|int(5) }} {{ '0x1f'|int(0, 16) }} {{ 'ff'|int(base=16) }} {{ 3.9|int }} {{ none|int }} {{ true|int }} {{ ' 7 '|int }}", "{{ '1.5'|float }} {{ 'x'|float }} {{ 'x'|float(2) }} {{ 3|float }} {{ none|float }}", "{{ 42.55|round }} {{ 42.55|round(1, 'floor') }} {{ 42.55|round(1, 'ceil') }} {{ 2.5|round }} {{ 3.5|round }} {{ 7|round }} {{ 1234|round(-2) }} {{ 2.675|round(2) }}", "{{ 1.5|round(0, 'up') }}", "{{ 'a'|round }}", "{{ 5|round(0, 'ceil') }} {{ -1.5|round(0, 'floor') }} {{ (-1.5)|round(0, 'floor') }}", "{{ (-2.5)|abs }} {{ true|abs }}", "{{ 'x'|abs }}",
      "{{ 1|filesizeformat }} {{ 100|filesizeformat }} {{ 1000|filesizeformat }} {{ 1024|filesizeformat(true) }} {{ 13500000|filesizeformat }} {{ 1e30|filesizeformat }} {{ '2048'|filesizeformat(true) }}", "{{ d|attr('items') is callable }} {{ d|attr('b') is defined }} {{ s|attr('upper')() }}", "{{ d|tojson }} {{ mixed|tojson }} {{ html|tojson }} {{ uni|tojson }} {{ x|tojson }}", "{{ nested|tojson(2) }}", "{{ nested|tojson(indent=4) }}", "{{ people|tojson }}", "{{ {1: 2, 3: 4}|tojson }} {{ []|tojson(2) }} {{ (1, 2)|tojson }}", "{{ range(3)|tojson }}", "{{ {'a': 1, 2: 3}|tojson }}", "{{ d|xmlattr }}|{{ {'a': none, 'b': '<'}|xmlattr(false) }}|", "{{ {'a b': 1}|xmlattr }}", "{{ d|pprint }} {{ 'x'|pprint }}", "{{ people|pprint }}", "{{ nested|pprint }}",
      "{{ s|nofilter }}", "{{ s|upper(1) }}", "{{ s|join(1, 2, 3) }}", "{{ xs|sort(nope=1) }}", "{{ s|truncate(length=5, end='') }}", "{{ xs|first|string|center(5) }}|", "{{ 'a,b'.split(',')|map('upper')|join('+') }}", "{{ xs|map('float')|list }}", "{{ s|replace('o') }}", "{{ xs|batch }}", "{{ (xs|map('string'))|length }}", "{{ xs|select('odd')|last }}", "{{ {'a': 1}|list|first }}", "{{ s|default }}", "{{ none|default('x') }} {{ none|default('x', true) }}", "{{ '5' * 3 }} {{ 'ab'|length * 2 }}", "{{ s|lower|replace(' ', '_') }}", "{{ 'A'|lower ~ 'b'|upper }}", "{{ -1|abs }} {{ 2 ** 2|int }}", "{{ [3, 1]|sort|first + 1 }}")

# --- tests
cases(BASE, "{{ n is odd }} {{ n is even }} {{ n is divisibleby 7 }} {{ n is divisibleby(2) }}", "{{ n is number }} {{ x is float }} {{ n is integer }} {{ yes is integer }} {{ yes is number }} {{ yes is boolean }}", "{{ s is string }} {{ xs is string }} {{ d is mapping }} {{ xs is sequence }} {{ s is sequence }} {{ d is sequence }} {{ n is sequence }}", "{{ xs is iterable }} {{ n is iterable }} {{ s is iterable }}", "{{ nothing is none }} {{ n is none }} {{ nothing is not none }}", "{{ yes is true }} {{ 1 is true }} {{ no is false }} {{ 0 is false }}", "{{ 'abc' is lower }} {{ 'ABC' is upper }} {{ 'aB' is lower }} {{ '1' is upper }}", "{{ n is eq 7 }} {{ n is equalto(7) }} {{ n is ne 7 }} {{ n is lt 8 }} {{ n is le 7 }} {{ n is gt 7 }} {{ n is ge 7 }} {{ n is lessthan 3 }} {{ n is greaterthan 3 }}",
      "{{ n is in [7] }} {{ 'b' is in d }} {{ n is not in xs }}", "{{ n is sameas n }} {{ nothing is sameas none }}", "{{ 'upper' is filter }} {{ 'nope' is filter }} {{ 'odd' is test }} {{ 'nope' is test }}", "{{ range is callable }} {{ n is callable }}", "{{ n is nosuch }}", "{{ n is odd is even }}", "{{ s is odd }}", "{{ n is odd and n is not even }}", "{{ n is divisibleby }}", "{{ n is odd(1) }}", "{{ xs is not string and d is mapping }}", "{{ n is odd or boom }}", "{{ 'a' is eq 'a' 'b' }}", "{% if n is defined and n is odd %}y{% endif %}", "{{ not n is odd }}", "{{ (n is odd) ~ '' }}", "{{ n + 1 is even }}", "{{ xs[0] is odd }}", "{{ n is defined if yes }}", "{{ n is defined else 1 }}")

# --- globals
cases(BASE, "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}", "{% set j = joiner('; ') %}{% for i in xs %}{{ j() }}{{ i }}{% endfor %}", "{% set j = joiner() %}{{ j() }}a{{ j() }}b", "{{ cycler() }}", "{{ range(2, 5)|sum }} {{ range(0)|list }}", "{{ dict([('a', 1)], b=2) }}", "{{ range(1, 2, 0) }}", "{{ range('a') }}", "{{ dict(a=1).a }}", "{% set range = 5 %}{{ range }}", "{{ namespace(a=1).a }}", "{{ items }}", "{{ n(1) }}", "{{ s.upper(1) }}", "{{ 1 / 0 }}", "{{ s + 1 }}", "{{ [] < 1 }}", "{{ d[[1]] }}", "{{ {[]: 1} }}", "{{ xs['a'] }}", "{{ xs[1.5] }}", "{{ n.real }}", "{{ 'a'.join([1]) }}", "{{ 'x' in 5 }}", "{{ 'x'.nope() }}", "{{ d.nope() }}", "{{ 'a' % 1 }}", "{{ '%d' % 'a' }}", "{{ xs[1:'a'] }}", "{{ xs[::0] }}", "{{ -s }}")

# --- syntax errors
for bad in ["{{", "{{ }}", "{% %}", "{% if %}{% endif %}", "{% if n %}", "{% endif %}", "{% for %}{% endfor %}", "{% for i n %}{% endfor %}", "{{ n", "{% nope %}", "{{ n n }}", "{{ (n }}", "{{ [1, }}", "{{ n) }}", "{{ {1} }}", "{{ 'abc }}", "{# open", "{% raw %}x", "{{ a.1b }}", "{{ 1 + }}",
            "{{ | upper }}", "{{ n | }}", "{{ n is }}", "{% set %}", "{% set 1 = 2 %}", "{% set true = 2 %}", "{% set a = %}", "{% macro %}{% endmacro %}", "{% macro f %}{% endmacro %}", "{% call n %}{% endcall %}", "{% block a-b %}{% endblock %}", "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{% for loop in xs %}{% endfor %}", "{% if n %}{% else %}{% elif n %}{% endif %}", "{% for i in xs %}{% endif %}", "{{ a b }}", "{{ f(a=1, 2) }}",
            "{{ f(**a, **b) }}", "{{ x ! y }}", "{{ $ }}", "{{ n ?? 1 }}", "{{ n && 1 }}", "{% else %}", "{% include %}", "{% import 'a' %}", "{% from 'a' import %}", "{% from 'a' import _x %}", "{% with a %}{% endwith %}", "{% extends %}", "line1\nline2 {{ }}\n", "{{ n.}}", "{{ n..x }}", "{{ 5.x }}", "{{ 'a\\xZZ' }}", "{% filter %}{% endfilter %}", "{% filter nope %}{% endfilter %}", "{% do x %}", "{% break %}", "{{ lambda: 1 }}", "{{ [x for x in xs] }}", "{{ x if }}", "{{ not }}", "{{ x := 1 }}", "{{ not in }}", "{{ {'a' 1} }}", "{{ xs[] }}", "{{ xs[1:2:3:4] }}", "{% if a = b %}{% endif %}", "{{ a = b }}", "{% set a.b.c = 1 %}", "{% set a[0] = 1 %}", "{% for a.b in xs %}{% endfor %}"]:
    case(bad, BASE)

# --- several templates
T = {
    "base.txt": "<{% block title %}base{% endblock %}|{% block body %}B{% endblock %}|{% block foot %}F{{ n }}{% endblock %}>",
    "mid.txt": "{% extends 'base.txt' %}{% block body %}mid({{ super() }}){% endblock %}",
    "part.txt": "part {{ n }} {{ v|default('-') }}\n",
    "lib.txt": "{% macro hi(x) %}hi {{ x }}{% endmacro %}{% macro _p() %}{% endmacro %}{% set ver = 3 %}{% macro ctx() %}{{ n|default('none') }}{% endmacro %}body",
    "loop.txt": "{{ loop.index }}", "self.txt": "{% if n > 0 %}{{ n }}{% set n = n - 1 %}{% include 'self.txt' %}{% endif %}", "bad.txt": "{{ 1 + }}", "fail.txt": "a\n{{ nope }}\n",
    "req.txt": "{% block r required %}{% endblock %}", "blk.txt": "{% for i in [1, 2] %}{% block b scoped %}{{ i }}{% endblock %}{% endfor %}", "nob.txt": "{% for i in [1, 2] %}{% block b %}{{ i is defined }}{% endblock %}{% endfor %}",
}
for template in ["{% include 'part.txt' %}end", "{% set v = 5 %}{% include 'part.txt' %}", "{% include 'part.txt' without context %}", "{% include 'nope.txt' ignore missing %}x", "{% include 'nope.txt' %}", "{% include ['nope.txt', 'part.txt'] %}", "{% include ['nope.txt'] ignore missing with context %}|", "{% include 'pa' ~ 'rt.txt' %}", "{% include missing %}",
                 "{% for i in [1, 2] %}{% set v = i %}{% include 'part.txt' %}{% endfor %}", "{% for i in [1] %}{% include 'loop.txt' %}{% endfor %}", "{% for i in [1] %}{{ loop.index }}{% include 'loop.txt' %}{% endfor %}", "{% with v = 2 %}{% include 'part.txt' %}{% endwith %}", "{% set n = 3 %}{% include 'self.txt' %}", "{% include 'bad.txt' %}", "x\n\n{% include 'fail.txt' %}",
                 "{% import 'lib.txt' as lib %}{{ lib.hi('a') }} {{ lib.ver }} {{ lib.ctx() }}", "{% import 'lib.txt' as lib with context %}{{ lib.ctx() }}", "{% import 'lib.txt' as lib %}{{ lib }}", "{% import 'lib.txt' as lib %}{{ lib.nope }}", "{% import 'lib.txt' as lib %}{{ lib._p is defined }}", "{% from 'lib.txt' import hi, ver as v %}{{ hi(v) }}", "{% from 'lib.txt' import nope %}{{ nope is defined }}", "{% from 'lib.txt' import nope %}{{ nope }}", "{% from 'lib.txt' import ctx with context %}{{ ctx() }}", "{% from 'nope.txt' import a %}", "{% from 'lib.txt' import hi, %}{{ hi(1) }}", "{% macro f() %}{% import 'lib.txt' as lib %}{{ lib.hi(2) }}{% endmacro %}{{ f() }}",
                 "{% extends 'base.txt' %}", "{% extends 'base.txt' %}{% block title %}T{% endblock %}ignored {{ nope }}", "{% extends 'mid.txt' %}{% block body %}top[{{ super() }}]{% endblock %}", "{% extends 'mid.txt' %}{% block body %}{{ super.super() }}{% endblock %}", "{% extends 'base.txt' %}{% block title %}{{ self.foot() }}{% endblock %}", "{% extends 'base.txt' %}{% set n = 99 %}", "{% extends 'nope.txt' %}", "{% extends 'base.txt' if yes else 'mid.txt' %}{% block title %}Q{% endblock %}", "{% if yes %}{% extends 'base.txt' %}{% endif %}x", "{% if no %}{% extends 'base.txt' %}{% endif %}x", "a{% extends 'base.txt' %}b", "{% extends 'base.txt' %}{% extends 'mid.txt' %}", "{% for i in [1] %}{% extends 'base.txt' %}{% endfor %}", "{% extends 'base.txt' %}{% block title %}{{ super() }}{{ super() }}{% endblock %}", "{% extends 'base.txt' %}{% block new %}n{% endblock %}", "{% extends 'req.txt' %}", "{% extends 'req.txt' %}{% block r %}ok{% endblock %}", "{% include 'req.txt' %}", "{% include 'blk.txt' %}", "{% include 'nob.txt' %}", "{% extends 'blk.txt' %}{% block b %}[{{ i }}]{% endblock %}", "{% block a %}1{% endblock %}{{ self.a() }}{{ self.a() }}", "{% block a %}{% set q = 1 %}{{ q }}{% endblock %}{{ q is defined }}", "{% set q = 1 %}{% block a %}{{ q }}{% endblock %}", "{% block a %}{{ super() }}{% endblock %}", "{{ self.nope() }}", "{% block outer %}o{% block inner %}i{% endblock %}{% endblock outer %}", "{% extends 'base.txt' %}{% block body %}{% include 'part.txt' %}{% endblock %}", "{% extends 'base.txt' %}{% macro m() %}M{% endmacro %}{% block body %}{{ m() }}{% endblock %}", "{% extends 'base.txt' %}{% import 'lib.txt' as lib %}{% block body %}{{ lib.hi(1) }}{% endblock %}", "{% extends 'base.txt' %}{% filter upper %}abc{% endfilter %}", "{% extends 'base.txt' %}{% include 'part.txt' %}", "{% block a required %}x{% endblock %}", "{% block a %}{% endblock b %}"]:
    case(template, {"n": 7, "yes": True, "no": False}, T)

# --- None is a value
cases(BASE, "{{ nothing }} {{ [none] }} {{ {'a': none}.a }} {{ {'a': none}['a'] }} {{ [none][0] }}", "{% set a = none %}{{ a }}", "{% for i in [none, 1] %}{{ i }}{{ loop.previtem is none }}{{ loop.nextitem is defined }};{% endfor %}",
      "{% macro f(a, b=none) %}{{ a }}{{ b }}{% endmacro %}{{ f(none) }}", "{% macro f(a=1) %}{{ a }}{% endmacro %}{{ f(none) }}", "{{ missing|default(none) }}", "{{ [none, 1]|first }} {{ [1, none]|last }}", "{% set ns = namespace(a=none) %}{{ ns.a }}",
      "{{ xs|join(none) }}", "{{ '  a '|trim(none) }}|", "{{ ['b', 'a']|sort(attribute=none) }}", "{{ 'x'|int(none) }}", "{{ [{'a': none}]|map(attribute='a')|list }}", "{% with a = none %}{{ a }}{% endwith %}", "{{ [none]|min }}", "{{ xs|batch(2, none)|list }}", "{{ d.get('q') }}", "{{ nothing|upper }} {{ nothing|length }}", "{{ nothing|list }}", "{{ none == nothing }} {{ nothing or 'x' }} {{ nothing and 'x' }}", "{{ {'k': none}|tojson }} {{ none|tojson }}", "{% set q = none %}{% include 'p' %}")
case("{% set q = none %}{% include 'p' %}{% import 'p' as m with context %}{{ m }}", {"n": None}, {"p": "[{{ q }}{{ n }}]"})

# --- scoping
cases(BASE, "{% set a = 1 %}{% for i in xs %}{{ a }}{% set a = i %}{{ a }} {% endfor %}{{ a }}", "{% for i in xs %}{% set n = n + i %}{{ n }} {% endfor %}{{ n }}", "{% set a = 1 %}{% macro f() %}{{ a }}{% set a = 2 %}{{ a }}{% endmacro %}{{ f() }}{{ a }}", "{% macro f() %}{{ z }}{% endmacro %}{% set z = 1 %}{{ f() }}", "{% for i in [1, 2] %}{% set z = i %}{% endfor %}{{ z is defined }}",
      "{% if yes %}{% if yes %}{% set z = 3 %}{% endif %}{% endif %}{{ z }}", "{% if yes %}{% set z = 1 %}{% else %}{% set z = 2 %}{% endif %}{{ z }}", "{% if no %}{% set z = 1 %}{% elif no %}{% set z = 2 %}{% endif %}{{ z is defined }}", "{% for i in xs %}{% for j in xs %}{{ i * j }} {% endfor %}{{ j is defined }}{% endfor %}", "{% set i = 9 %}{% for i in xs %}{{ i }}{% endfor %}{{ i }}", "{% with %}{% set n = 1 %}{% macro g() %}{{ n }}{% endmacro %}{{ g() }}{% endwith %}{{ n }}",
      "{% set a %}{% set b = 2 %}{{ b }}{% endset %}{{ a }}{{ b is defined }}", "{% filter upper %}{% set b = 'q' %}{{ b }}{% endfilter %}{{ b is defined }}", "{% macro f() %}{% for i in xs %}{{ loop.index }}{% endfor %}{% endmacro %}{% for i in [1, 2] %}{{ loop.index }}:{{ f() }} {% endfor %}", "{% for i in [1, 2] %}{% if loop.first %}{% set t = 'first' %}{% else %}{% set t = 'rest' %}{% endif %}{{ t }} {% endfor %}", "{% set t = 'x' %}{% for i in [1, 2] %}{% if loop.first %}{% set t = 'first' %}{% endif %}{{ t }} {% endfor %}{{ t }}",
      "{% macro m(n) %}{{ n }}{% set n = n + 1 %}{{ n }}{% endmacro %}{{ m(1) }}{{ n }}", "{% for i in xs if i != n %}{{ n }}{% endfor %}", "{% set f = 5 %}{% macro f() %}M{% endmacro %}{{ f() }}", "{% for x in xs %}{{ x }}{% else %}{{ x }}{% endfor %}{{ x }}", "{% for q in [] %}{% else %}{% set e = 1 %}{{ e }}{% endfor %}{{ e is defined }}", "{% call(a) c() %}{% endcall %}", "{% macro c() %}{{ caller('p', 'q') }}{% endmacro %}{% call(a, b='z') c() %}{{ a }}{{ b }}{{ n }}{% endcall %}",
      "{% macro o() %}<{{ caller() }}>{% endmacro %}{% macro p() %}{% call o() %}[{{ caller() }}]{% endcall %}{% endmacro %}{% call p() %}x{% endcall %}", "{% set s = s|upper %}{{ s }}", "{% for _ in range(2) %}{{ _ }}{% endfor %}", "{% macro r(l) %}{% for i in l %}{{ i }}{% if i > 1 %}{{ r([i - 1]) }}{% endif %}{% endfor %}{% endmacro %}{{ r(xs) }}", "{% for i in xs recursive %}{{ i }}{% if i > 1 %}({{ loop([i - 1]) }}){% endif %}{% endfor %}", "{% for k, v in d|dictsort recursive %}{{ k }}{{ loop.index }}{% endfor %}",
      "{% for i in xs recursive %}{{ i }}{% else %}none{% endfor %}", "{% for g in [[1, []], [2, [[3, []]]]] recursive %}{{ g[0] }}{{ loop(g[1]) }}{% else %}.{% endfor %}")

# --- white space and lexing
cases(BASE, "a\n  {%- set q = 1 %}\n  b", "a\n{% set q = 1 -%}\n  b", "{{ 1 -}}   {{- 2 }}", "a {%- raw %} {{ x }} {% endraw -%} b", "{% raw -%}\n x {%- endraw %} y", "{%-raw-%}{%{%-endraw-%}", "{{ '%}' }}{% set z = '}}' %}{{ z }}", "{#- a -#}  x  {#- b #}", "x {# {{ n }} #} y", "{% if yes -%}  a  {%- else -%} b {%- endif %}", "{{ n }}\n\n", "\t{{ n }}\t", "{ { n } } {%% } }}", "{{ '\\\\' }} {{ '\\q' }} {{ '\\u0041\\U0001F600' }}", "{{ \"a'b\" }} {{ 'a\"b' }}", "{{ 'é' ~ '😀' }}", "{{ 1.5 }} {{ 1.5e3 }} {{ 1e-5 }} {{ 2.50 }} {{ 100000000000000000000 }}", "{{ n|int }}",
      "{{ 5.0 // 2 }} {{ 5 % 2.5 }} {{ 2 ** 0.5 }} {{ 7.0 }} {{ 1e2 }}", "{{ x + n }} {{ x * n }} {{ n - x }} {{ n / 7 }}", "{{ xs + xs }} {{ xs * 2 }} {{ (1, 2) + (3,) }}", "{{ yes + yes }} {{ yes * 3 }}", "{{ [1, 2] == [1, 2] }} {{ {'a': 1} == {'a': 1} }} {{ (1, 2) < (1, 3) }}", "{{ 'a' 'b' ~ 'c' }}", "{{ 1 if yes else 2 ~ 'x' }}", "{{ n ** 2 ~ 'x' }}", "{{ -n ** 2 }}", "{{ not yes == no }}", "{{ 1 in [1] == true }}", "{{ n is odd == true }}", "{{ s|length > 5 and xs|length < 5 }}", "{{ (s ~ '!')|upper }}", "{{ s ~ '!'|upper }}", "{{ xs|first|default(0) + 1 }}", "{{ n|default(1) * 2 }}", "{{ [1, 2, 3,] }} {{ {'a': 1,} }} {{ (1,) }} {{ s.replace('l', 'L',) }}", "{{ d.b + d['a'] }} {{ d['C'] * 2 }}", "{{ {'a b': 1}['a b'] }}", "{{ xs.0 }} {{ nested.k.l.0 }}", "{{ people[0].name }} {{ people[-1]['city'] }} {{ people[0].tags[0] }}", "{{ people[5].name }}", "{{ people.0.tags.1|lower }}", "{{ (xs|sort)[0] }}", "{{ xs|sort|first ~ xs|sort|last }}")

# --- methods
cases(BASE, "{{ s.lower() }} {{ s.title() }} {{ s.swapcase() }} {{ s.capitalize() }}", "{{ ' a '.strip() }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}|", "{{ 'a,b,,c'.split(',') }} {{ 'a b  c'.split() }} {{ 'a-b-c'.rsplit('-', 1) }} {{ 'a\nb'.splitlines() }}", "{{ 'abc'.ljust(5, '.') }}{{ 'abc'.rjust(5) }}{{ '7'.zfill(3) }}", "{{ s.isalpha() }} {{ '12'.isdigit() }} {{ 'ab'.isalnum() }} {{ ' '.isspace() }}", "{{ s.index('W') }} {{ s.rfind('o') }} {{ s.endswith('d') }}", "{{ s.index('z') }}", "{{ 'a=b'.partition('=') }} {{ 'x'.join(['1', '2']) }}", "{{ '{0} {1} {0}'.format('a', 'b') }} {{ '{a:.2f}'.format(a=1.005) }} {{ '{:,}'.format(1234567) }} {{ '{:>8}|{:<8}|{:^8}'.format('a', 'b', 'c') }} {{ '{:08.3f} {:+d} {:x} {:%}'.format(3.14159, 5, 255, 0.25) }}", "{{ '{!r}'.format('a') }}", "{{ '%s %r %5d %-5s| %e %g' % ('a', 'b', 3, 'c', 1.5, 0.0001) }}", "{{ '%(a)s-%(b)d' % {'a': 1, 'b': 2} }}", "{{ xs.copy() }} {{ d.copy() }}", "{{ d.items()|list|first }}", "{% for k, v in d.items()|sort %}{{ k }}{{ v }}{% endfor %}", "{{ xs.sort() }}{{ xs }}", "{{ xs.insert(0, 'z') }}{{ xs.pop() }}{{ xs }}", "{{ xs.extend([8]) or xs }}", "{{ d.setdefault('q', 5) }}{{ d }}", "{% set l = [] %}{% for i in xs %}{% set _ = l.append(i * 2) %}{% endfor %}{{ l }}", "{% set dd = {} %}{% for i in xs %}{% set _ = dd.update({i: i}) %}{% endfor %}{{ dd }}", "{{ (1.5).is_integer() }} {{ (5).bit_length() }}", "{{ 'ß'.upper() }}", "{{ s.upper().lower().title() }}", "{{ 'a'.upper() is upper }}", "{{ (1, 2, 1).count(1) }} {{ (1, 2).index(2) }}", "{{ d.keys() }} {{ d.values() }} {{ d.items() }}", "{{ 'b' in d.keys() }} {{ 2 in d.values() }}")

# --- escaped text
cases(BASE, "{{ d|tojson|upper }}", "{{ d|tojson|replace('1', '9') }}", "{{ d|tojson|length }}", "{{ (d|tojson) ~ '<' }}", "{{ 'a<b'|e|replace('&lt;', '<') }}", "{{ 'a<b'|e|trim|e }}", "{{ ('a<b'|e).upper() }}", "{{ ['<', '>'|e]|join('&') }}", "{{ '<%s>'|safe|format('<b>') }}", "{{ ('<b>'|safe) is string }} {{ ('<b>'|safe)|length }} {{ ('<b>'|safe)[0] }}", "{{ '<b>'|safe == '<b>' }}", "{% set a = '<b>'|safe %}{{ a }}{{ a|e }}", "{{ '<'|e|string|e }}", "{{ {'a': '<'|e}|tojson }}", "{{ ('<'|e) in '&lt;a' }}", "{{ '<'|e|list }}", "{{ '<'|e|tojson }}", "{% filter e %}<b>{% endfilter %}", "{% set a | e %}<b>{% endset %}{{ a|e }}", "{{ '<'|e|indent(2, true) }}", "{{ '<'|e|truncate(1, true, '', 0) }}", "{{ '<'|e|default('x') }}", "{{ '<'|e|capitalize|e }}", "{{ html|striptags|e }}")

# --- more errors at run time
cases(BASE, "line one\n{{ n }}\n{{ missing }}\n", "{% for i in xs %}\n{{ i.x.y }}\n{% endfor %}", "{% macro f() %}\n{{ boom }}\n{% endmacro %}\n{{ f() }}", "{{ xs|sort(attribute='x') }}", "{{ xs|map(attribute='x')|join }}", "{{ people|map(attribute='name.first')|join }}", "{{ s|int + s }}", "{{ 'a'|float('x') }}", "{{ d|first }} {{ d|last }}", "{{ d|sum }}", "{{ people|sort }}", "{{ people|min }}", "{{ [1, none]|sort }}", "{{ xs|truncate }}", "{{ xs|indent }}", "{{ 5|indent }}", "{{ 5|wordwrap }}", "{{ 5|wordcount }} {{ 5|upper }} {{ 5|title }} {{ 5|center(3) }}|", "{{ xs|format(1) }}", "{{ '%s'|format(xs) }}", "{{ n|batch(2)|list }}", "{{ n|map('upper')|list }}", "{{ 0|map('upper')|list }}", "{{ n|select|list }}", "{{ n|first }}", "{{ n|reverse }}", "{{ []|random is defined }}", "{{ xs|groupby }}", "{{ xs|groupby('a') }}", "{{ s|round }}", "{{ nothing|round }}", "{{ '5'|round }}", "{{ yes|round }}", "{{ n|round(none) }}", "{{ 1.25|round(1.5) }}", "{{ s|filesizeformat }}", "{{ n|xmlattr }}", "{{ s|attr('nope') is defined }}", "{{ s|attr(5) }}", "{{ s|dictsort }}", "{{ n is divisibleby 0 }}", "{{ n is in 5 }}", "{{ n is lt 'a' }}", "{{ n is divisibleby 'a' }}", "{{ 'x' is odd }}", "{% include n %}", "{% include [] %}", "{% set a, b = [1] %}", "{% set a, b = 5 %}", "{% for a, b in d %}{% endfor %}", "{{ range(3)[5] }}", "{{ range() }}", "{{ dict(5) }}", "{{ cycler(1).nope is defined }}", "{{ joiner(1, 2) }}", "{{ namespace(5) }}", "{{ caller() }}", "{{ varargs }}", "{{ super() }}", "{{ s.format() }} {{ '{}'.format() }}", "{{ s.split(5) }}", "{{ xs.pop(10) }}", "{{ d.pop('zz') }}", "{{ xs.remove(99) }}", "{{ 10 ** -1 }} {{ 0 ** 0 }}", "{{ 0 ** -1 }}", "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 5 % 0.0 }}", "{{ 'a' * -1 }}|", "{{ 'a' * 'b' }}", "{{ 'a' - 1 }}", "{{ 'abc'[5] }}", "{{ 'abc'[1:10] }}", "{{ d[n] }}", "{{ d.b.c.d }}", "{{ n < none }}", "{{ s > 5 }}", "{{ +s }}", "{{ not missing }}", "{{ xs|list(1) }}", "{{ f(1) }}", "{{ 'x'(1) }}", "{{ n.bit_length() }}", "{{ joiner()(1) }}", "{{ 1 if missing else 2 }}", "{{ missing if yes else 2 }}", "{{ 2 if yes else missing }}")

# --- found by comparing random templates
cases(BASE, "{{ missing in n }}", "{{ missing < boom.x }}", "{{ missing + 1|sum }}", "{{ ('ab'|e)|map('upper')|list }}", "{{ ('ab'|e)|batch(1)|list }}", "{{ nothing[missing] is defined }}", "{{ xs[missing]|default(5) }}", "{{ d[missing] is defined }}", "{{ (missing + missing2) is defined }}", "{{ loop.index }}", "{{ n[missing] in n }}")

# --- links
cases(BASE, "{{ 'see http://example.com now'|urlize }}", "{{ 'www.example.com, (https://a.b.org/x?y=1&z=2#q).'|urlize }}",
      "{{ 'example.com example.net/a example.de a.com sub.example.org:8080/p'|urlize }}",
      "{{ 'HTTP://EXAMPLE.COM Https://a.io WWW.x.co'|urlize }}", "{{ 'mail me@example.com or mailto:you@a-b.example.org.'|urlize }}",
      "{{ '@a@b.com a@b a@b.c- MAILTO:a@b.com mailto:x www.a@b.com a:b@c.com a@.b.com a@-b.c a@b@c.de'|urlize }}",
      "{{ '(((www.a.com))) <www.a.com> (see http://a.com/x_(y)) http://a.com/(x).), ((a'|urlize }}",
      "{{ 'http://a.com/<x> <<http://a.com/<x>>> http://a.com/((x)y).).)'|urlize }}",
      "{{ ('<b>http://a.com/(</b> &lt;www.a.com&gt; http://a.com/&lt;x&gt;. <www.b.com>)'|safe)|urlize }}",
      "{{ 'http://127.0.0.1 http://1.2.3.4:80/x http://1.2.3 1.2.3.4 https://1234.1.1.1 http://1.2.3.4:123456'|urlize }}",
      "{{ 'http://[::1] http://[::]:80/x http://[1:2] http://[1:2:3:4:5:6:7:8] http://[::::::::] http://[:::::::::]'|urlize }}",
      "{{ 'http://[12345::] http://[::123456789] http://[::12345678901234567890ABCDEf] http://[::g] http://[::1'|urlize }}",
      "{{ 'http://[::1]x https://[AbCd:0::1]?q http://[1:2:3:4:5:6:7:8:9] http://[::12345678901234567890123456]'|urlize }}",
      "{{ 'http://localhost http://localhost:8000/ http://x http://a-b.c%20d.ee http://xn--a http://xn--ab1 http://a.xn--p1ai/x'|urlize }}",
      "{{ 'www. www.a www.com www..com www.a..com .com a.com b..com aa.com aa.bb.mil aa.b.mil aa.COM aa.com:1 aa.com: aa.com?'|urlize }}",
      "{{ ('a' * 63 ~ '.com ' ~ 'a' * 64 ~ '.com http://x.' ~ 'b' * 63 ~ ' http://x.' ~ 'b' * 64)|urlize }}",
      "{{ ('http://xn--' ~ 'b' * 59 ~ ' http://xn--' ~ 'b' * 60 ~ ' http://xn--' ~ 'b' * 61)|urlize }}",
      "{{ 'na\u00efve.com stra\u00dfe.org/\u00fc http://\U0001d7d9.2.3.4 \U00020000\U00020000.com \U00020000.com e\u0301e.com \U0001f600\U0001f600.com'|urlize }}",
      "{{ 'www.a.com\tb.com\u00a0cc.com\u3000dd.com\x1cee.com\ufefff.com\ngg.com\r\n'|urlize }}",
      "{{ 'http\u017f://a.com ww.a.\u0130nfo aa.m\u0131l http://x.\u212aa http://x.\u00e9e'|urlize }}",
      "{{ html|urlize }}", "{{ 'http://a.com/\"x\"\\'y\\'&z'|urlize }}", "{{ text|urlize }}{{ uni|urlize }}{{ ''|urlize }}|",
      "{{ 'http://example.com/long/path www.a.com'|urlize(15) }}", "{{ 'http://example.com'|urlize(0) }} {{ 'http://example.com'|urlize(-3) }} {{ 'www.a.com'|urlize(9) }} {{ 'www.a.com'|urlize(true) }}",
      "{{ 'www.a.com/\U0001f600\U0001f600\U0001f600'|urlize(11) }} {{ 'www.a.com/?a&b'|urlize(14) }}", "{{ 'a@b.com'|urlize(3) }} {{ 'www.a.com'|urlize(none) }}",
      "{{ 'www.a.com'|urlize('x') }}", "{{ 'none here'|urlize('x') }}", "{{ 'www.a.com'|urlize(2.5) }}", "{{ 'www.a.com'|urlize(20.5) }}", "{{ 'www.a.com'|urlize(missing) }}", "{{ 'x'|urlize(missing) }}",
      "{{ 'www.a.com a@b.com'|urlize(nofollow=true) }}", "{{ 'www.a.com'|urlize(none, true, '_blank') }}", "{{ 'www.a.com'|urlize(target='a\"<b>') }} {{ 'www.a.com'|urlize(target='') }} {{ 'www.a.com'|urlize(target=5) }} {{ 'www.a.com'|urlize(target='&lt;'|safe) }}",
      "{{ 'www.a.com'|urlize(rel='z  a z nofollow', nofollow=true) }}", "{{ 'www.a.com'|urlize(rel='\"<x>') }} {{ 'www.a.com'|urlize(rel='') }} {{ 'www.a.com'|urlize(rel='&amp;'|safe) }}", "{{ 'www.a.com'|urlize(rel=5) }}", "{{ 'www.a.com'|urlize(rel=['a']) }}", "{{ 'www.a.com'|urlize(rel=missing) }}", "{{ 'www.a.com'|urlize(target=missing) }}",
      "{{ 'tel:+1 tel: (ftp://a.b/c). x-y:z git+ssh://q'|urlize(extra_schemes=['tel:', 'ftp://', 'x-y:', 'git+ssh:/']) }}", "{{ 'tel:1 tel:2'|urlize(10, true, 't', 'r', ('tel:', 'tel:')) }}",
      "{{ 'mailto:x http://?'|urlize(extra_schemes=['mailto:', 'http://']) }}", "{{ 'x'|urlize(extra_schemes=['tel']) }}", "{{ 'x'|urlize(extra_schemes=['t:']) }}", "{{ 'x'|urlize(extra_schemes=['te:///']) }}", "{{ 'x'|urlize(extra_schemes=['t/e:']) }}", "{{ 'x'|urlize(extra_schemes=['te:x']) }}", "{{ 'x'|urlize(extra_schemes='tel:') }}", "{{ 'x'|urlize(extra_schemes='') }} {{ 'x'|urlize(extra_schemes=[]) }}",
      "{{ 'x'|urlize(extra_schemes=5) }}", "{{ 'x'|urlize(extra_schemes=false) }}", "{{ 'x'|urlize(extra_schemes=[5]) }}", "{{ 'x'|urlize(extra_schemes=missing) }}", "{{ 'x'|urlize(extra_schemes=[missing]) }}", "{{ 'tel:1'|urlize(extra_schemes={'tel:': 1}) }} {{ 'tel:1'|urlize(extra_schemes=['tel:'|e]) }}",
      "{{ 5|urlize }} {{ none|urlize }} {{ ['www.a.com', 'b']|urlize }} {{ {'a': 'http://a.com'}|urlize }}", "{{ missing|urlize }}", "{{ 'www.a.com'|urlize|e }} {{ ('www.a.com'|e|urlize)|e }} {{ 'www.a.com'|urlize is string }}",
      "{% filter urlize %}a www.b.com\n{% endfilter %}", "{{ ['www.a.com', 'b']|map('urlize', 5)|list }}", "{{ 'x'|urlize(1, 2, 3, 4, 5, 6) }}", "{{ 'x'|urlize(nope=1) }}",
      "{{ ',.www.a.com. www.a.com.,>) &www.a.com www.a.com&gt; a.b.com;'|urlize }}", "{{ '> ) . , ( < () <> (). (a) ((www.a.com) (www.a.com)) www.a.com(('|urlize }}")

# --- what prompts look like
case("A drunken sailor.\nPath taken: {{ path }}\n{\n  \"final\": {{ path[-1] }}\n}\n", BASE)
case("NPC: {{ npc.name }}\n{{ npc.description }}\n{% if npc.mood is defined %}{{ npc.mood }}{% endif %}\n", BASE)
case("Cards: {% for c in cards %}{{ c }}{{ ', ' if not loop.last }}{% endfor %}\nTotal {{ cards|length }}\n", BASE)
case("{{ people | selectattr('age', '>=', 30) | map(attribute='name') | join(', ') }}\n{{ '%.2f' | format(half) }}\n{{ {'a': xs} | tojson(indent=2) }}\n", BASE)


def run(entry):
    env = jinja2.Environment(
        loader=jinja2.DictLoader(entry["templates"]), undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
        autoescape=False,
    )
    context = json.loads(json.dumps(entry["context"]))
    try:
        return {"text": env.from_string(entry["template"]).render(context)}
    except Exception as error:
        result = {"error": type(error).__name__}
        if isinstance(error, jinja2.TemplateSyntaxError):
            result["line"] = error.lineno
        return result


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "..", "golden", "template", "corpus.jsonl")
    shared = {"BASE": BASE, "PARTS": T}
    seen = set()
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(json.dumps({"jinja2": jinja2.__version__, "shared": shared}) + "\n")
        for entry in CASES:
            key = json.dumps(entry)
            if key in seen:
                continue
            seen.add(key)
            line = {"template": entry["template"]}
            # What most cases have in common stands once, in the first line.
            line["context"] = "BASE" if entry["context"] == BASE else entry["context"]
            if entry["templates"]:
                line["templates"] = "PARTS" if entry["templates"] == T else entry["templates"]
            out.write(json.dumps({**line, **run(entry)}) + "\n")
    print(len(seen), "cases")


if __name__ == "__main__":
    main()
