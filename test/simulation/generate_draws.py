"""Writes the golden draws: what CPython 3.11's random.Random(seed) gives for each function.

Run by hand:  python3 test/simulation/generate_draws.py
"""

import json
import pathlib
import random

CALLS = """
random.random()
random.randint(1, 6)
random.randint(-5, 10**12)
random.randint(0, 10**20)
random.randrange(10)
random.randrange(3, 50, 7)
random.randrange(10, 0, -3)
random.choice([1, 2, 3])
random.choice('abcdef')
random.choice((1, 2))
random.choice(range(100))
random.uniform(2, 5)
random.sample(range(100), 5)
random.sample(list(range(30)), 12)
random.sample(range(10**6), 8)
random.sample(['r', 'b'], counts=[3, 4], k=4)
random.sample('abc', 3)
[x := list(range(12)), random.shuffle(x), x][-1]
random.choices('abc', k=6)
random.choices('abc', weights=[5, 1, 1], k=6)
random.choices([1, 2, 3], cum_weights=[1, 3, 9], k=4)
random.getrandbits(7)
random.getrandbits(70)
random.gauss(0, 1)
[random.gauss(10, 2), random.gauss(10, 2), random.gauss(10, 2)]
random.normalvariate(0, 1)
random.expovariate(1.5)
random.gammavariate(2.5, 1.0)
random.gammavariate(0.5, 2.0)
random.gammavariate(1.0, 2.0)
random.betavariate(2, 3)
random.triangular(0, 10, 3)
random.triangular()
random.lognormvariate(0, 0.5)
random.paretovariate(3)
random.weibullvariate(1, 1.5)
random.vonmisesvariate(1, 4)
[random.choice([-1, 1]) for _ in range(20)]
[random.random() for _ in range(700)][-1]
""".strip().split("\n")


# Ints of one word, of several, below 0; and text. As text, as a command line gives them.
SEEDS = [0, 1, 2, 7, 42, 99, 12345, 2**31 - 1, 2**31, 2**32 - 1, 2026]
SEEDS += [2**32, 2**53 + 1, 10**30, 2**3000 + 1, -1, -42, "octobatch", "", "Zürich 🎲", "3.5"]


def plain(value):
    return list(value) if isinstance(value, tuple) else value


def main():
    lines = []
    for seed in SEEDS:
        for call in CALLS:
            value = eval(call, {"random": random.Random(seed)})
            lines.append(json.dumps({"seed": str(seed), "expr": call, "json": json.dumps(plain(value), separators=(",", ":"))}))
    target = pathlib.Path(__file__).parent.parent / "golden" / "simulation" / "python-draws.jsonl"
    target.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} draws")


if __name__ == "__main__":
    main()
