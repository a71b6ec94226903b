"""Writes ../golden/pipeline/pyyaml.json: what PyYAML's safe loader makes of scalars and small documents.

Run with any Python that has PyYAML 6; the output is committed and the tests need only it.
"""
import json
import os

import yaml

SCALARS = """~ null Null NULL nULL yes Yes YES yES no No NO on On ON off Off OFF y n Y N true True TRUE tRUE false False FALSE
0 1 -1 +1 007 010 -010 +010 08 09 0o10 0x1F -0x1f 0xg 0b101 -0b11 0b2 1_000 -1_000_000 0_7 _1 1_ 9007199254740993
12345678901234567890 1:30 -1:30 1:30:15 01:30 1:60 1:5 190:20:30 1:30.5 1.5 -1.5 +1.5 1. .5 -.5 +.5 ._5 .5e3 .5e+3 1.5e3 1.5e+3
1.5E-3 1e5 1e+5 1E5 1.0 5.00 -0.0 0.0 1_000.5 1.2.3 2024-01-01x . - + .e5 1:2: 0x 0b 00 0.1e+2 685_230.15 5.e+1
10/2 a:b 1-2 3,5 10% = =x <""".split()

DOCUMENTS = [
    "a: &d {x: 1, y: 2}\nb: {<<: *d, y: 3, z: 4}\n",
    "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {z: 0, <<: [*a, *b]}\n",
    "c: {<<: {p: 1, q: 2}, q: 5}\n",
    "5: a\n",
    "on: x\nno: y\n1.5: z\n~: w\n",
    "a: >\n  folded\n  text\n\n  more\nb: |\n  kept\n   as is\nc: |-\n  cut\nd: |+\n  all\n\ne: end\n",
    "a: 'it''s'\nb: \"tab\\there \\u00e9 \\x41\"\nc: plain # comment\nd: a\n  b\n",
    "- !!str 5\n- !!int \"7\"\n- !!float 1.5\n- !!bool yes\n- !!null ''\n",
    "? x\n: y\n? z\n",
    "a: [1, two, 3.0, [yes], {b: no}]\n",
]


def shown(value):
    """A value as JSON that keeps int and float apart."""
    if isinstance(value, dict):
        return {"dict": [[json.dumps(key) if not isinstance(key, str) else key, shown(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return {"list": [shown(item) for item in value]}
    return {type(value).__name__: repr(value) if isinstance(value, (int, float)) else value}


scalars = []
for text in SCALARS:
    try:
        value = yaml.safe_load(f"a: {text}\n")["a"]
    except (yaml.YAMLError, ValueError):
        continue
    scalars.append([text, shown(value)])
golden = {"scalars": scalars, "documents": [[text, shown(yaml.safe_load(text))] for text in DOCUMENTS]}
path = os.path.join(os.path.dirname(__file__), "..", "golden", "pipeline", "pyyaml.json")
with open(path, "w") as file:
    json.dump(golden, file, indent=1, ensure_ascii=False)
    file.write("\n")
