"""Writes the golden corpus of expressions: what CPython 3.11 makes of each.

Run by hand when the language grows:  python3 test/expression/generate_corpus.py
The first line of the corpus is the context; every other line is one expression with its repr, its str and its JSON
text (null where there is none), or with the class of the exception. Only what every run of CPython answers alike goes
in: no set of several items is shown unsorted.
"""

import itertools
import json
import math
import pathlib
import random
import sys
import warnings

warnings.simplefilter("ignore")

CONTEXT = {
    "n": 7, "zero": 0, "neg": -3, "big": 9007199254740993, "x": 2.5, "y": -0.125, "whole": 4.0, "t": True, "f": False,
    "nothing": None, "s": "hello world", "empty": "", "u": "héllo ✓ 😀", "words": ["pear", "apple", "fig"],
    "xs": [3, 1, 2], "floats": [1.5, 2.0, -0.5], "nested": [[1, 2], [3], []], "d": {"a": 1, "b": 2.0, "c": None},
    "cards": {"hand": ["A", "10"], "dealer": "6"}, "people": [{"name": "Bo", "age": 30}, {"name": "Al", "age": 25}],
    "10": "ten",
}

MATH = "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees e exp fabs factorial floor fmod frexp " \
    "fsum hypot isinf isnan ldexp log log10 log1p modf pi radians sin sinh sqrt tan tanh trunc"


def scope():
    names = {name: getattr(math, name) for name in MATH.split()}
    names["math"] = math
    names.update(json.loads(json.dumps(CONTEXT)))
    return names


# Operators between values of every kind.
OPERANDS = ["0", "1", "-1", "7", "-3", "2**53", "-2**53-1", "10**30", "0.0", "-0.0", "2.5", "-7.5", "1e300", "0.1", "3.0",
            "True", "False", "None", "''", "'ab'", "[1, 2]", "(1,)", "{'a': 1}", "{1}", "range(3)"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", "|", "&", "^", "in", "is"]
SMALL = ["0", "1", "-1", "3", "2.0", "-0.5", "True", "0.0", "-2.0", "10"]

LITERALS = """
1_000 0xff 0o17 0b101 1e3 1E-5 .5 5. 1.5e+3 1e16 1e15 123456789012345678 9007199254740992 9007199254740993 1e22 1e-7 0.0001
0.00001 00 1_0.5_0 0xFFFFFFFFFFFFFFFF -0 -0.0 1e308*10 -1e308*10 0.1+0.2 1/3 2/3 100/10 1e21 1.0 1e100
'a' "b" 'it\\'s' "it's" 'say "hi"' 'both \\' and "' r'\\n' 'tab\\t' '\\x41' '\\u00e9' '\\U0001F600' '\\101' '\\q' u'x' 'a' 'b'
'''triple''' \"\"\"a"b\"\"\" 'nul\\x00' '\\x7f' '\\x80' '\\xa0' '\\u200b' 'é' '日本' '😀' '\\\\' '\\r\\n' '\\a\\b\\f\\v'
None True False () [] {} (1,) (1,2) [1,] {1:2,} {'a':1,'b':[1,2]} {1} (1) ((1,),) [[]] {'x':{}} [None,True]
"""

PLAIN = r"""
1 + 2 * 3
(1 + 2) * 3
2 ** 3 ** 2
-2 ** 2
(-2) ** 2
2 ** -1
2 ** 0.5
10 ** 20
(-8) ** (1/3) if False else 'complex refused'
0 ** 0
0.0 ** 0
0 ** -1
7 // 2, -7 // 2, 7 // -2, -7 // -2
7 % 3, -7 % 3, 7 % -3, -7 % -3
7.5 // 2, -7.5 // 2, -7.5 % 2, 7.5 % -2
-0.0 // 1, 0.0 % -1, -4.0 % 2
1e300 // 1e-300
5 / 2, 4 / 2, 1 / 3
10**30 / 10**29
(10**30 + 1) / 3
10**400 / 10**399
10**400 / 1
1 / 10**400
2**60 - 1, 2**53 + 1, -(2**63)
2**53 + 1 - 1
9007199254740991 + 1
9007199254740991 * 3
-9007199254740991 - 10
big + 1
big * big
big % 10
big // 7
big == 9007199254740992.0
big > 9007199254740992.0
big / 2
-big
~5, ~-1, ~big, ~True
+True, -True
5 & 3, 5 | 3, 5 ^ 3, 1 << 10, 1024 >> 3, -1 >> 1, 1 << 70, (1 << 70) >> 69
True & False, True | 1, True ^ True
1 << -1
5 >> 100, -5 >> 100
1 == 1.0, 1 == True, 0 == False, '1' == 1, None == 0
1 < 2 < 3, 1 < 3 < 2, 1 == 1 != 2
1 in [1] == True
not 1 == 2
not True in [False]
1 < 2 == True
3 > 2 > 1 > 0
1 is 1, None is None, None is not None, True is True
[] is []
[1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], [] < [0]
(1, 2) == (1, 2), (1, 'a') < (1, 'b'), (1,) == [1]
'a' < 'b', 'a' < 'B', 'abc' < 'abd', '' < 'a', '😀' > '￿'
[1, 'a'] < [2, 3]
[1, 'a'] < [1, 3]
1 < 'a'
None < 1
{'a': 1} == {'a': 1.0}, {'a': 1, 'b': 2} == {'b': 2, 'a': 1}
{1, 2} == {2, 1}, {1} < {1, 2}, {1, 2} <= {1, 2}, {1} > {2}, {3} >= set()
{'a': 1} < {'a': 2}
0 or 'x', '' or [] or 0, 1 and 2, 0 and 1, 1 and '' and 3
not '', not 'a', not [], not [0], not 0.0, not None
'a' if n > 5 else 'b'
'a' if n > 9 else 'b' if n > 6 else 'c'
1 if nothing else 2
x if x else y
n + x, n * x, n - 0.5, n / 2
n > 5 and x < 3
position if False else n
missing
missing + 1
n.missing
nothing.x
nothing[0]
nothing + 1
n[0]
n()
's'()
[1][5]
[1]['a']
d['zz']
d[[1]]
{[]: 1}
{{}}
'abc'[10]
(1, 2)[2]
'abc'[1.0]
[1, 2][True]
[1, 2][-1], [1, 2][-2]
[1, 2][-3]
xs[0], xs[-1], xs[1:], xs[:-1], xs[::-1], xs[::2], xs[5:], xs[-10:2]
s[0], s[-1], s[2:5], s[::-1], s[::3], s[100:], s[-3:], s[5:2]
u[1], u[-1], u[6:], len(u), u[::-1], u.upper(), u.find('😀'), u.index('✓')
(1, 2, 3)[::-1], (1, 2, 3)[1:]
xs[::0]
xs['a':]
xs[None:None], xs[1:None]
range(10)[2], range(10)[-1], range(10)[2:5], range(10)[::3], range(0, 10, 3)[1]
list(range(10)[::-1])
range(5) == range(0, 5, 1), range(0) == range(2, 2), range(0, 3, 2) == range(0, 4, 2)
3 in range(10), 3.0 in range(10), 3.5 in range(10), 9 in range(0, 10, 2), 'a' in range(3), -1 in range(0, -5, -1)
cards['hand'][0], cards['dealer'] + '!', people[1]['name']
[p['name'] for p in people], [p['age'] for p in people if p['age'] > 26]
{p['name']: p['age'] for p in people}
sorted(people, key=lambda p: p['age'])[0]['name']
sum(p['age'] for p in people) / len(people)
max(people, key=lambda p: p['age'])['name']
', '.join(p['name'] for p in people)
[x for x in range(10) if x % 2 if x > 3]
[(a, b) for a in range(3) for b in range(a)]
[a * b for a in xs for b in floats]
[[j for j in range(i)] for i in range(4)]
[x for row in nested for x in row]
[i for i, in [(1,), (2,)]]
[a + b for a, b in [(1, 2), (3, 4)]]
[a + b + c for a, (b, c) in [(1, (2, 3))]]
[k for [k] in [[1], [2]]]
[a for a, b in [(1, 2, 3)]]
[a for a, b in [(1,)]]
[a for a, b in [1]]
[a for a in 5]
{x: x * x for x in range(4)}
{k: v for k, v in d.items()}
{v: k for k, v in {'a': 1, 'b': 1}.items()}
sorted({x % 3 for x in range(10)})
sorted({*xs, *[1, 9]})
[*xs, *range(2)], [*'ab', 1], (*xs,), {**d, 'a': 9}, {**{'q': 1}, **{'q': 2}}
[*5]
{**5}
{'a': 1, 'a': 2}, {1: 'a', True: 'b', 1.0: 'c'}, {0: 'x', False: 'y', -0.0: 'z'}
{(1, 2): 'p', 'k': (3,)}, {None: 1}, {1.5: 2}, {2**70: 1}[2**70]
{(1, 2): 'p'}[(1.0, 2)]
{True: 'yes'}, {2.0: 'two'}
x if (z := n * 2) > 10 else z
[y := 5, y ** 2]
[last := i for i in range(5)][-1]
(w := [1, 2]) and w[0]
any((hit := v) > 2 for v in xs) and hit
[(lambda k: k * 2)(v) for v in xs]
(lambda: 42)()
(lambda a, b=2: a + b)(1), (lambda a, b=2: a + b)(1, 5), (lambda a, b=2: a + b)(b=1, a=3)
(lambda a: a)()
(lambda a: a)(1, 2)
(lambda a: a)(b=1)
(lambda a: a)(1, a=1)
(lambda f: f(f, 5))(lambda self, k: 1 if k == 0 else k * self(self, k - 1))
[f(10) for f in [lambda q, i=i: q + i for i in range(3)]]
[f() for f in [lambda: i for i in range(3)]]
(lambda a: (lambda b: a + b))(1)(2)
list(map(lambda v: v * 2, xs)), list(filter(lambda v: v > 1, xs)), list(filter(None, [0, 1, '', 'a']))
list(map(lambda a, b: a + b, [1, 2], [10, 20, 30]))
list(zip(xs, 'abc')), list(zip()), list(zip([1], [2], [3])), list(zip(xs, [1]))
list(zip([1, 2], [1], strict=True))
list(zip([1], [1, 2], strict=True))
list(enumerate('ab')), list(enumerate(xs, 5)), list(enumerate('ab', start=-1))
dict(zip('abc', xs)), dict([(1, 2)]), dict(a=1, b=2), dict({'x': 1}, y=2), dict(['ab', 'cd'])
dict([1])
dict([(1, 2, 3)])
dict(5)
list(reversed(xs)), list(reversed('abc')), list(reversed(range(4))), list(reversed({'a': 1, 'b': 2})), list(reversed((1, 2)))
reversed({1})
sorted(xs), sorted(xs, reverse=True), sorted('banana'), sorted(words, key=len), sorted(words, key=lambda w: w[-1])
sorted([3, 1.5, True]), sorted([(2, 'a'), (1, 'b')]), sorted([[2], [1, 5]]), sorted({'b': 1, 'a': 2})
sorted([1, 'a'])
sorted([(1, 'b'), (0, 'x'), (1, 'a')], key=lambda p: p[0]), sorted([(1, 'b'), (0, 'x'), (1, 'a')], key=lambda p: p[0], reverse=True)
sorted(xs, reverse=1), sorted([], key=len)
sorted(xs, 1)
sorted(xs, foo=1)
min(xs), max(xs), min(3, 1.5), max('a', 'b'), min([], default=0), max([1, 2], key=lambda v: -v), max(1, True), max(True, 1)
min([])
max(1)
max()
min(1, 2, default=3)
min(1, 'a')
sum(xs), sum(floats), sum([]), sum([[1], [2]], []), sum(xs, 10), sum([0.1] * 10), sum([1, 2.5, True]), sum(xs, start=1)
sum(['a'], '')
sum(['a'])
sum([(1,), (2,)], ())
len(xs), len(s), len(d), len(()), len(range(3)), len('😀'), len({1, 2}), len(d.items())
len(5)
len()
len([], [])
abs(-5), abs(-2.5), abs(True), abs(-0.0), abs(-big)
abs('a')
round(2.5), round(3.5), round(-2.5), round(0.5), round(1.5), round(2.675, 2), round(1250, -2), round(1350, -2), round(-1250, -2)
round(1.005, 2), round(5.015, 2), round(2.5, 0), round(1234.5678, -2), round(25, -1), round(35, -1), round(5, -1), round(15, -1)
round(1e16), round(-0.4), round(-0.5, 0), round(1.5e300, 2), round(True), round(2.5, None), round(number=2.345, ndigits=1)
round('a')
round(1.5, 'a')
round(1.5, 1.0)
round(123456789012345678901, -5), round(0.1, 400), round(1e-10, 5), round(1e22, -21)
int(3.9), int(-3.9), int('42'), int(' 42 '), int('-0'), int('1_000'), int(True), int(1e20), int('ff', 16), int('0xff', 16)
int('0b11', 0), int('z', 36), int('0o17', 0), int('11', 2), int(), int('١٢'), int('+7'), int('0x1f', 0)
int('a')
int('')
int('1.5')
int('1__0')
int([])
int(None)
int('2', 2)
int(1.5, 10)
int('1', 99)
int(float('nan'))
int(float('inf'))
int('0_7', 0)
int('12345678901234567890'), int('-12345678901234567890'), int('0' * 20 + '7')
float('1.5'), float(' 2 '), float('1e5'), float('inf'), float('-Infinity'), float(3), float('1_0.5'), float('.5'), float('5.'), float(), float(True)
float('a')
float('')
float('1.5.2')
float('e5')
float('.')
float('1_')
float([])
float(10**400)
str(1), str(1.0), str(True), str(None), str([1, 'a', 2.0]), str('x'), str({'a': 'b'}), str(()), str((1,)), str(1e16), str(1e-5), str()
str(1, 2)
str(object=5)
repr('a'), repr("it's"), repr(1.5), repr([None]), repr({'k': (1,)}), repr('é\n'), ascii('é😀'), ascii([1, 'ü'])
bool([]), bool('a'), bool(0.0), bool(), bool(None), bool(range(0)), bool({})
list('abc'), list({'a': 1}), list(), list((1, 2)), list(range(3)), list(d.items()), list(d.values())
list(5)
tuple('ab'), tuple(), tuple([1]), tuple({'x': 1})
sorted(set('hello')), set(), sorted(set([3, 1, 3])), frozenset(), frozenset([1]), sorted(frozenset('ab')), {1} == frozenset([1])
{frozenset([1, 2]): 'x'}[frozenset([2, 1])]
set([[]])
{[1]}
isinstance(1, int), isinstance(True, int), isinstance(1.0, float), isinstance(1, (str, int)), isinstance('a', str), isinstance([], list), isinstance(None, int)
isinstance(1, 5)
isinstance({}, dict), isinstance((), tuple), isinstance({1}, set), isinstance(range(1), range), isinstance(2.5, int)
any([]), all([]), any([0, 1]), all([1, 0]), any(v > 2 for v in xs), all(v > 0 for v in xs), any('')
any(5)
divmod(7, 3), divmod(-7, 3), divmod(7.5, 2), divmod(-7, 2.0), divmod(2**70, 3)
divmod(1, 0)
divmod('a', 1)
pow(2, 10), pow(2, -1), pow(3, 4, 5), pow(2, -1, 7), pow(2, 3, -5), pow(2.0, 3), pow(0, 0), pow(2, 0, 1)
pow(2, 3, 0)
pow(2, -1, 4)
pow(2.0, 1, 3)
chr(65), chr(128512), ord('A'), ord('😀'), chr(0), hex(255), hex(-255), oct(8), bin(5), bin(-5), hex(2**70), bin(True)
chr(-1)
chr(1114112)
ord('')
ord('ab')
hex(1.5)
format(3.14159, '.2f'), format(42, '05d'), format('a', '>5'), format(1234567, ','), format(0.5, '%'), format(5), format([1]), format(True)
format([1], '>5')
format(1, 2)
callable(len), callable(5), callable(lambda: 1), callable(int)
next(iter([1, 2])), next(iter([]), 'none'), next((v for v in xs if v < 3), None), list(iter('ab'))
next(iter([]))
next([1])
iter(5)
(lambda g: [next(g), list(g)])(v for v in xs)
(lambda g: (any(v == 3 for v in g), list(g)))(v for v in xs)
(lambda z: (next(z), list(z)))(zip(xs, words))
(lambda m: (list(m), list(m)))(map(str, xs))
[list(g) for g in [(a * b for b in range(a)) for a in range(3)]]
list((a, b) for a in range(3) if a for b in 'xy')
3 in (v for v in xs), sum(v for v in range(101)), ''.join(c for c in s if c != 'l'), set(v % 2 for v in xs) == {0, 1}
dict((k, len(k)) for k in words), tuple(v + 1 for v in xs), max(len(w) for w in words), sorted((w for w in words), key=len)
(1, 2) + (3,), [1] + [2], [1] * 3, 3 * [1], 'ab' * 2, 2 * 'ab', 'a' * 0, 'a' * -1, [1] * 0, (1,) * 2, True * 'a'
[1] + (2,)
'a' + 1
1 + 'a'
(1,) + [2]
'a' * 1.5
[1] * 'a'
[1] - [1]
'a' - 'b'
{'a': 1} | {'b': 2}, {'a': 1} | {'a': 2}, sorted({1, 2} | {3}), sorted({1, 2, 3} & {2, 3, 4}), sorted({1, 2} - {2}), sorted({1, 2} ^ {2, 3})
{'a': 1} | [1]
{1} | [1]
{1} + {2}
d.keys() & {'a'} == {'a'}, d.keys() == {'a', 'b', 'c'}, ('a', 1) in d.items(), 'a' in d.keys(), 2 in d.values(), sorted(d.keys() | {'z'})
'a' in d, 'z' in d, 'a' not in d, 1 in xs, 9 in xs, 'ell' in s, '' in s, None in [None], 1.0 in [1], True in [1]
1 in 'abc'
1 in 5
[] in {}
d.get('a'), d.get('zz'), d.get('zz', 0), d.get('c', 5), list(d), list(d.keys()), list(d.items()), d.copy() == d
d.keys(), d.values(), d.items()
{'a': 1}.keys(), {}.items(), {'k': 'v'}.values()
[t2 := {'a': 1}, t2.pop('a'), t2]
[t3 := {'a': 1}, t3.pop('q', 9), t3.setdefault('z', 5), t3.setdefault('a', 7), t3]
{}.pop('a')
{}.popitem()
[t4 := {'a': 1, 'b': 2}, t4.popitem(), t4.update({'c': 3}), t4.update(d=4), t4.update([('e', 5)]), t4, t4.clear(), len(t4)]
{'a': None}.get('a', 1), {'a': None}.pop('a', 1), {'a': None}.setdefault('a', 3)
dict.fromkeys('ab'), dict.fromkeys([1, 2], 0), {}.fromkeys('a', [])
d.get()
d.nope
d.nope()
d.get([])
[p := [1, 2], p.append(3), p]
[p := [1, 2], p.extend('ab'), p.insert(0, 'z'), p.insert(-1, 'y'), p.insert(99, 'w'), p]
[p := [3, 1, 2], p.sort(), p, p.sort(reverse=True), p.reverse(), p.sort(key=lambda v: -v), p]
[p := [1, 2, 3, 2], p.pop(), p.pop(0), p.remove(2), p, p.index(3), p.count(3), p.copy(), p.clear(), p]
[].pop()
[1].pop(5)
[1].remove(2)
[1].index(2)
[1].append()
[1].append(1, 2)
[1].nope()
[1, 2, 1, 2].index(2), [1, 2, 1, 2].index(1, 1), [1, 2, 1, 2].index(2, -1), [1, 2, 1].count(1), [True, 1, 1.0].count(1)
(1, 2, 1).index(2), (1, 2, 1).count(1)
(1,).index(5)
(1, 2).append(3)
[a := [1], b := a, b.append(2), a]
[a := [1], b := a + [2], c := a + [3], b, c, a]
[a := [1], b := a + [2], a.append(9), a, b]
[a := [], a.append(a), a]
[a := {}, a.update(k=a), a]
range(3), range(1, 5), range(0, 10, 2), range(5, 0, -1), list(range(5, 0, -2)), len(range(0, 10, 3)), range(3).count(1), range(0, 10, 2).index(4), range(2).start
range(1.5)
range(0, 1, 0)
range(0, 10, 2).index(5)
range()
sorted({1, 2}.union([3], (4,))), sorted({1, 2, 3}.intersection([2, 3])), sorted({1, 2}.difference([2])), sorted({1}.symmetric_difference([2])), {1}.issubset([1, 2]), {1, 2}.issuperset([1]), {1}.isdisjoint([2])
[q := {1}, q.add(2), q.discard(1), q.discard(9), q, q.remove(2), q, q.update([5], (5,)), q, q.pop(), q]
{1}.remove(2)
set().pop()
{1}.add([])
frozenset([1]).add(2)
(5).bit_length(), (255).bit_length(), (0).bit_length(), (-1).bit_length(), (2**70).bit_length(), True.bit_length(), (7).bit_count()
(2.0).is_integer(), (2.5).is_integer(), (0.75).as_integer_ratio(), (5).real, (5).imag, (2.5).real, (2.5).imag, (3).numerator if False else 3
(2.0).nope
(5).is_integer()
'%d items' % 5, '%s' % 'a', '%s and %s' % (1, 'b'), '%5d|%-5d|%05d' % (42, 42, 42), '%.2f' % 3.14159, '%+d' % 5, '% d' % 5, '%x %X %o' % (255, 255, 8)
'%e %E %g %G' % (1234.5, 0.00012, 1e10, 1e-10), '%r %a' % ('é', 'é'), '%%' % (), '%5s|%-5s|%.2s' % ('ab', 'ab', 'abc'), '%c%c' % ('a', 98), '%(a)s %(b)d' % {'a': 1, 'b': 2}
'%*d' % (5, 42), '%-*d|' % (5, 42), '%.*f' % (1, 2.55), '%i' % 3.9, '%#x %#o' % (255, 8), '%#.0f' % 3.0, '%s' % None, '%s' % [1], '%s' % {'a': 1}, '%08.3f' % -3.14159, '%+.1e' % 0.0
'%d' % 'a'
'%d %d' % (1,)
'%d' % (1, 2)
'%q' % 1
'%' % 1
'%(a)s' % 1
'%(z)s' % {'a': 1}
'a' % 1
'%d' % 1.5, '%x' % 10, '%d' % 2**70, '%d' % True, '%f' % 1, '%s' % (1,), 'x' % {}, 'x' % []
'%x' % 1.5
'%c' % 'ab'
'{} {}'.format(1, 'a'), '{0} {1} {0}'.format('a', 'b'), '{a} {b}'.format(a=1, b=2), '{:>5}|{:<5}|{:^5}'.format(1, 2, 3), '{{}}'.format(), '{!r} {!s}'.format('a', 'b'), '{0[0]} {1[k]}'.format([5], {'k': 6}), '{:{}}'.format(3, 5), '{:.{p}f}'.format(3.14159, p=2), '{x[0][1]}'.format(x=[[1, 2]])
'{}'.format()
'{a}'.format()
'{0} {}'.format(1, 2)
'{} {0}'.format(1, 2)
'{'.format()
'}'.format()
'{a'.format(a=1)
'{!z}'.format(1)
'{[5]}'.format([1])
'{0[a]}'.format({})
f'{n}', f'{n}{x}', f'a{n}b', f'{n + 1}', f'{s!r}', f'{n:>5}', f'{x:.3f}', f'{n:{3 + 2}d}', f'{{{n}}}', f'{n=}', f'{n + 1 = }', f'{x=:.1f}', f'{s=!s}', f'{d["a"]}', f'{words[0]:>{n}}', f''
f'{2.5:.0f} {3.5:.0f} {0.5:.0f} {2.675:.2f}', f'{1234567:,} {1234567.891:,.2f} {12345:_}', f'{0.256:.1%} {1:%}', f'{s!r:>15}', f'{True} {None} {[1, 2.0]}', f'{True:d} {True:>6}', f"{'a' if n else 'b'}", f'{n!s:^9}', f'{(lambda v: v + 1)(2)}', f"{'nested ' + f'{n}'}", rf'\d{n}', f'{n:#x} {n:08b} {n:+}', f'{-n: } {n: }', f'{1e10:g} {1e-5:g} {123456789:g}'
f'{n:z}'
f'{s:d}'
f'{x:d}'
f'{nothing:>5}'
f'{n:.2}'
f'{missing}'
f'{1/0}'
f'{xs[0]}{xs[1]}' + 'c' f'{n}' 'd'
floor(2.5), ceil(2.5), floor(-2.5), ceil(-2.5), trunc(-2.5), sqrt(16), sqrt(2), floor(3), ceil(True), floor(1e20), fabs(-3), math.floor(2.7)
sqrt(-1)
floor('a')
floor(float('nan'))
sqrt('4')
factorial(5), factorial(20), factorial(0), math.comb(5, 2), math.perm(5, 2), math.gcd(12, 18), math.lcm(4, 6), math.isqrt(17), math.prod([1, 2, 3, 4]), math.gcd(), math.perm(4)
factorial(-1)
factorial(1.5)
math.comb(-1, 2)
isnan(float('nan')), isinf(float('inf')), math.isfinite(1.0), math.isclose(0.1 + 0.2, 0.3), fmod(-7, 3), fmod(7.5, 2), copysign(1, -0.0), hypot(3, 4), math.dist([0, 0], [3, 4]), modf(2.5), modf(-2.5), modf(4.0), frexp(8.0), frexp(0.3), ldexp(0.5, 3), ldexp(1, -1074), fsum([0.1] * 10), degrees(pi), radians(180), pi, e, math.tau, math.inf
math.nope
math.nan != math.nan, float('nan') == float('nan'), float('nan') < 1, float('inf') > 10**400, -float('inf') < 0
float('inf') - float('inf') != 0, float('inf') * 0 != 0, 1e308 + 1e308, -1e308 * 10
log(0)
log(-1)
log(1), log10(1000), log10(1), math.log2(8), log(8, 2), exp(0), sin(0), cos(0), atan2(0, 1), log1p(0), tanh(0), asin(0), exp(1) == e
log(10, 1)
exp(1000)
acos(2)
fmod(1, 0)
1 if
"""

STRING_CALLS = r"""
s.upper() s.lower() s.title() s.capitalize() s.swapcase() 'HeLLo'.casefold() 'straße'.upper() 'STRASSE'.lower() 'ß'.casefold() 'ǆ'.title()
"it's a dog's".title() 'aB1c d'.title() 'ÀÉ'.lower() ''.capitalize() '1a'.capitalize() 'ﬁn'.capitalize() 'İ'.lower() 'ΑΣ'.lower()
'\x20\x20a\x20'.strip() 'xxaxx'.strip('x') 'xyaxy'.lstrip('xy') 'abc'.rstrip('cb') '\t\na\r'.strip() '\u3000a\xa0'.strip() 'a'.strip('') 'aXbX'.rstrip('X')
'a,b,c'.split(',') 'a,b,c'.split(',',1) 'a,b,c'.rsplit(',',1) '\x20a\x20\x20b\x20'.split() '\x20a\x20b\x20c'.split(None,1) '\x20a\x20b\x20c\x20'.rsplit(None,1) '\x20a\x20b\x20c\x20'.split(None,1) ''.split() ''.split(',') 'a,,b'.split(',') 'abc'.split('') 'a'.split(1)
'aXbXc'.split(sep='X',maxsplit=1) 'a\x1fb'.split() 'a\nb\r\nc\rd'.splitlines() 'a\nb\n'.splitlines(True) ''.splitlines() '\n'.splitlines() 'a\x0bb\x85c\u2028d'.splitlines() 'a\n'.splitlines(keepends=True)
','.join(words) ''.join([]) '-'.join('abc') ','.join([1]) ','.join(5) ','.join(['a',None]) '\x20'.join({'a':1,'b':2})
'abc'.replace('b','X') 'aaa'.replace('a','b',2) 'abc'.replace('','-') 'abc'.replace('','-',2) ''.replace('','x') 'abc'.replace('z','y') 'aaa'.replace('aa','b') 'a'.replace('a','b',0) '😀a'.replace('','-') 'ab'.replace(1,2)
'hello'.find('l') 'hello'.find('z') 'hello'.find('l',3) 'hello'.find('l',-2) 'hello'.find('') 'hello'.find('',9) 'hello'.rfind('l') 'hello'.index('e') 'hello'.index('z') 'hello'.rindex('l') 'hello'.find('l',0,2) 'héllo😀x'.find('x') ''.find('')
'banana'.count('a') 'banana'.count('an') 'banana'.count('') 'banana'.count('a',2) 'banana'.count('a',2,4) 'aaa'.count('aa') 'banana'.count('z') ''.count('')
'abc'.startswith('a') 'abc'.startswith(('x','a')) 'abc'.startswith('b',1) 'abc'.endswith('bc') 'abc'.endswith(('x','c')) 'abc'.endswith('b',0,2) 'abc'.startswith('') 'abc'.startswith('',9) 'abc'.startswith(1) 'abc'.startswith(['a'])
'123'.isdigit() '١٢'.isdigit() '²'.isdigit() '½'.isnumeric() '²'.isdecimal() ''.isdigit() '1a'.isdigit() 'abc'.isalpha() 'é'.isalpha() 'a1'.isalpha() 'a1'.isalnum() 'a_'.isalnum() '\x20\t'.isspace() ''.isspace() 'ABC'.isupper() 'A1'.isupper() '1'.isupper() 'aB'.islower() 'a1'.islower() 'Hello\x20World'.istitle() 'Hello\x20world'.istitle() 'abc'.isascii() 'é'.isascii() 'a_1'.isidentifier() '1a'.isidentifier() 'abc\n'.isprintable() 'a\x20b'.isprintable() ''.isprintable()
'5'.zfill(3) '-5'.zfill(4) '+5'.zfill(1) 'abc'.zfill(5) 'a'.ljust(4) 'a'.rjust(4,'*') 'a'.center(4) 'a'.center(5,'-') 'ab'.center(5) 'ab'.center(4) 'abc'.center(2) 'a'.ljust(4,'xy') 'a'.rjust('4') '😀'.rjust(3,'.')
'a-b-c'.partition('-') 'abc'.partition('-') 'a-b-c'.rpartition('-') 'abc'.rpartition('-') 'a'.partition('') 'TestCase'.removeprefix('Test') 'TestCase'.removesuffix('Case') 'a'.removeprefix('b') 'a'.removesuffix('')
'a\tb'.expandtabs() 'a\tb'.expandtabs(4) '\t'.expandtabs(0) 'ab\tc\n\td'.expandtabs(3) 'abc'.translate({97:'x',98:None,99:100}) 'abc'.translate(str.maketrans('ab','xy')) str.maketrans({'a':1}) 'a'.nope() 'a'.nope s.upper(1) 'abc'.encode
'{a}'.format_map({'a':1}) str.upper('abc') list(map(str.strip,['\x20a','b\x20'])) sorted(words,key=str.lower) list(map(len,words)) list(map(int,'123')) 'a'.join(['1'])+'b'
"""

SPEC_VALUES = ["0", "7", "-42", "1234567", "2**70", "0.0", "-0.0", "2.5", "-1234.5678", "1e10", "1e-7", "0.1", "123456789.0",
               "float('inf')", "float('nan')", "True", "'ab'", "'é😀'"]
SPECS = ["", "5", "<5", ">8", "^9", "*^9", "=8", "0=8", "08", "+", "-", " ", "+08", ",", "_", "015,", "012_", "+,.2f", ".0f", ".2f",
         ".3e", "E", ".4g", "G", "#.3g", "g", "n", "%", ".1%", "d", "b", "#b", "o", "#x", "X", "#X", "c", "s", ".1", ".3", "10.2",
         "z.1f", "#", "é>6", "x^5d", ",d", "_x", "#010x", "08.2f", "<08", ".10", "q", "5 ", "1.2.3", ",,", "<>", ">>5", "020,.3f"]

SLICE_BOUNDS = ["", "0", "1", "-1", "2", "-2", "9", "-9"]

MATH_CALLS = ["sqrt", "exp", "log", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
              "acosh", "atanh"]
MATH_VALUES = ["0.5", "1", "2", "-0.25", "0.1", "3.7", "10", "1e-3", "25.0", "-1.0", "100"]


def rows():
    seen = set()

    def emit(expression):
        if expression in seen:
            return None
        seen.add(expression)
        return expression

    choose = random.Random(2026)
    for line in PLAIN.strip().split("\n"):
        yield emit(line)
    for word in LITERALS.split():
        yield emit(word)
    for word in STRING_CALLS.split():
        yield emit(word)
    pairs = [f"{a} {op} {b}" for op in OPERATORS for a, b in itertools.product(OPERANDS, OPERANDS)]
    for expression in choose.sample(pairs, 1500):
        yield emit(expression)
    for a, b in itertools.product(SMALL, SMALL):
        yield emit(f"({a}) ** {b}")
    for value, spec in itertools.product(SPEC_VALUES, SPECS):
        if choose.random() < 0.8:
            yield emit(f"format({value}, {spec!r})")
    for a, b, c in itertools.product(SLICE_BOUNDS, SLICE_BOUNDS, ["", "2", "-1", "-2"]):
        if choose.random() < 0.5:
            yield emit(f"[1, 2, 3, 4][{a}:{b}:{c}]")
            yield emit(f"'pqrst'[{a}:{b}:{c}]")
    for name, value in itertools.product(MATH_CALLS, MATH_VALUES):
        yield emit(f"{name}({value})")
    for _ in range(150):
        x = choose.uniform(-1000, 1000) * 10 ** choose.randint(-6, 6)
        yield emit(repr(x))
        yield emit(f"round({x!r}, {choose.randint(-3, 8)})")
        yield emit(f"'{{:.{choose.randint(0, 12)}{choose.choice('feg')}}}'.format({x!r})")
    for _ in range(120):
        a, b = choose.getrandbits(choose.choice([8, 40, 60, 90])), choose.getrandbits(choose.choice([5, 30, 64])) + 1
        op = choose.choice(["+", "-", "*", "//", "%", "/", "&", "|", "^"])
        yield emit(f"{choose.choice(['', '-'])}{a} {op} {choose.choice(['', '-'])}{b}")


def unusable(expression, value):
    """What has no stable answer in CPython, or is refused here on purpose."""
    text = repr(value)
    return " at 0x" in text or "complex" in str(type(value)) or isinstance(value, complex)


def row(expression):
    try:
        code = compile(expression.strip(), "<corpus>", "eval")
    except SyntaxError:
        return {"expr": expression, "error": "SyntaxError"}
    try:
        value = eval(code, {**scope()})
    except Exception as error:
        if "index-sized" in str(error):
            return None  # a limit of CPython's own; here the sandbox's limit answers
        return {"expr": expression, "error": type(error).__name__}
    if unusable(expression, value):
        return None
    try:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        text = None
    return {"expr": expression, "repr": repr(value), "str": str(value), "json": text}


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit("the corpus is CPython 3.11's")
    target = pathlib.Path(__file__).parent.parent / "golden" / "expression" / "corpus.jsonl"
    lines = [json.dumps({"context": CONTEXT}, ensure_ascii=True)]
    for expression in rows():
        if expression is not None and (found := row(expression)) is not None:
            lines.append(json.dumps(found, ensure_ascii=True))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} expressions")


if __name__ == "__main__":
    main()
