"""The same work by CPython's own `eval` of compiled expressions, and by Jinja2. Answers one line per line on stdin.

A request is {"work": name, "count": units}; the answer {"seconds": CPU seconds, "last": what the last unit gave}.
The first line on stdin holds the workloads; the first answer says which of them this machine can do.
"""

import json
import random
import sys
import time

try:
    import jinja2
except ImportError:
    jinja2 = None


def compiled(parts):
    return [(name, compile(source, name, "eval")) for name, source in parts.items()]


def program(work):
    """One unit of a step: init, the expressions in order, the loop."""
    step, fields = work["step"], work["fields"]
    init, body = compiled(step["init"]), compiled(step["expressions"])
    until = compile(step["loop_until"], "loop_until", "eval") if step["loop_until"] else None
    names = [name for name, _ in init + body]

    def run(index):
        scope = dict(fields, random=random.Random(index))
        for name, code in init:
            scope[name] = eval(code, scope)
        while True:
            for name, code in body:
                scope[name] = eval(code, scope)
            if until is None or eval(until, scope):
                break
        return {name: scope[name] for name in names}

    return run


def through_json(work):
    """The same from JSON text to JSON text, as a step reads and keeps its fields."""
    step, text = work["step"], json.dumps(work["fields"])
    body = compiled(step["expressions"])

    def run(_index):
        scope = json.loads(text)
        given = set(scope) | {"__builtins__"}
        for name, code in body:
            scope[name] = eval(code, scope)
        return json.dumps({name: value for name, value in scope.items() if name not in given})

    return run


def rendering(work):
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    template, context = environment.from_string(work["template"]), work["context"]
    return lambda _index: template.render(**context)


workloads = json.loads(sys.stdin.readline())
runs = {"walk": program(workloads["walk"]), "deal": program(workloads["deal"]), "hands": program(workloads["hands"]), "verify": through_json(workloads["verify"])}
versions = {"CPython": sys.version.split()[0]}
if jinja2 is not None:
    runs["render"] = rendering(workloads["render"])
    versions["Jinja2"] = jinja2.__version__
print(json.dumps({"works": list(runs), "versions": versions}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    run, last = runs[request["work"]], None
    start = time.process_time()
    for index in range(request["count"]):
        last = run(index)
    print(json.dumps({"seconds": time.process_time() - start, "last": last}), flush=True)
