"""Writes the mutation corpus: expressions with a few tokens changed, each labelled by what CPython 3.11 says of it.

Run by hand:  python3 test/expression/generate_mutations.py
Every line is `+` or `-` and the expression as a JSON string; `+` means that `compile(expression, '', 'eval')` accepts it,
spaces at its beginning aside.
The expressions that are changed come from the golden corpus; the same seed gives the same file.
"""

import io
import json
import pathlib
import random
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")

COUNT = 20_000
LONGEST = 90
GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "expression"

MORE = """
lambda a, b=2: a + b
(lambda: 0)()
[x for x in xs if x if x > 1]
{k: v for k, v in d.items()}
{x for x in xs}
(a := 3) + a
[y := 1, y ** 2]
f(*xs, **d)
f(x for x in xs)
xs[1:2][::-1]
a if b else c if d else e
not a in b or c not in d and e is not None
-x ** -y
f'{x!r:>{n}} {{}}'
f"{d['a']:.2f}" 'b' f'{n:,}'
'%s' % (s,)
{**d, 'a': 1, **{}}
[*xs, 1, *words]
a < b <= c == d != e
(1, 2,)
x.y.z(1)(2)[3]
0x1f + 0b11 + 0o7 + 1_0 + 1e-5 + .5
[(i, j) for i in xs for j in nested[i] if i != j]
sorted(xs, key=lambda v: -v, reverse=True)
a @ b
...
1j
b'bytes'
~a | b & c ^ d << 1 >> 2
"""

INSERTED = """
+ - * / // % ** @ << >> & | ^ ~ < > <= >= == != := = , ; : . ... ( ) [ ] { } -> ! ? $ && || ++ -- <> ! += #
and or not in is if else for lambda None True False await async yield return def class import from as with del pass
global nonlocal assert raise try print exec match case _ __x__ x xs n f 0 1 01 1.5 1e 0x 1_ 1__0 1j 'a' "b" ' " f'{n}' f'{'
f'}' f'{}' f'{n!x}' f'{n' b'a' r'\\' u'é' rb'x' fu'x' '\\x4' '\\N{DASH}' \\ \t é ² ∞
""".split()


def tokens_of(source):
    """The tokens as text, spaces included, so that joining them gives the source again."""
    parts, at = [], 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.NL) or token.start[0] != 1:
                continue
            start, end = token.start[1], token.end[1]
            if start > at:
                parts.append(source[at:start])
            parts.append(source[start:end])
            at = end
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return None
    return parts if "".join(parts) == source else None


def mutate(rng, parts, pool):
    parts = list(parts)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        at = rng.randrange(len(parts))
        kind = rng.randrange(8)
        if kind == 0 and len(parts) > 1:
            del parts[at]
        elif kind == 1:
            parts.insert(at, parts[at])
        elif kind == 2:
            other = rng.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif kind == 3:
            parts[at] = rng.choice(pool)
        elif kind == 4:
            parts.insert(at, rng.choice(INSERTED))
        elif kind == 5:
            parts[at] = rng.choice(INSERTED)
        elif len(parts[at]) > 1:
            # Inside a token: a number, a string, an f-string with expressions of its own.
            cut = rng.randrange(len(parts[at]))
            instead = "" if kind == 6 else rng.choice("{}!:=\\'\"_.0er(,")
            parts[at] = parts[at][:cut] + instead + parts[at][cut + rng.randrange(2) :]
    return rng.choice(("", "", " ")).join(parts)


def accepted(source):
    try:
        # As `eval` does, which is the function people know.
        compile(source.lstrip(" \t"), "", "eval")
        return True
    except (SyntaxError, ValueError, MemoryError, OverflowError, RecursionError):
        return False


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit("CPython 3.11 is the reference; this is " + sys.version.split()[0])
    rows = (GOLDEN / "corpus.jsonl").read_text(encoding="utf8").splitlines()[1:]
    sources = [json.loads(row)["expr"] for row in rows]
    # The corpus holds thousands of products of operands: a tenth of the short ones is enough of them.
    sources = [s for i, s in enumerate(sources) if len(s) > 20 or i % 10 == 0] + MORE.strip().splitlines()
    trees = [parts for parts in map(tokens_of, sources) if parts and len("".join(parts)) <= LONGEST]
    pool = [part for parts in trees for part in parts]
    rng = random.Random(20)
    seen, lines = set(sources), []
    while len(lines) < COUNT:
        source = mutate(rng, rng.choice(trees), pool)
        if source in seen or len(source) > LONGEST + 20:
            continue
        seen.add(source)
        lines.append(("+" if accepted(source) else "-") + json.dumps(source, ensure_ascii=False))
    # Line separators inside a string would cut the line for readers that know more line ends than \\n.
    text = "\n".join(lines).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
    (GOLDEN / "mutations.txt").write_text(text + "\n", encoding="utf8")


main()
