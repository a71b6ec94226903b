"""Writes the golden walks: what Octobatch's seeds and CPython 3.11's random give for test/fixtures/harbour-walk.

Run by hand:  python3 test/simulation/generate_walks.py
"""

import hashlib
import json
import pathlib
import random

ITEM = "start_at_5"
START = 5


def number(text):
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) & 0x7FFFFFFF


def walk(rng):
    position, directions = START, ""
    while True:
        step = rng.choice([-1, 1])
        position += step
        directions += "+" if step > 0 else "-"
        if position <= 0 or position >= 10:
            return directions


def unit(unit_id, seed_of):
    weather = random.Random(seed_of("weather"))
    return {
        "unit": unit_id,
        "walk": walk(random.Random(seed_of("random_walk"))),
        "wind": weather.uniform(0, 30),
        "tide": weather.sample(range(100), 3),
        "luck": random.Random(seed_of("tell")).randint(1, 1000000),
    }


def main():
    # Without repetitions each step has a seed of its own; with them all steps of a unit share one.
    rows = [unit(ITEM, lambda step: number(ITEM + step))]
    for repetition in range(1000):
        seed = number(ITEM) + repetition
        rows.append(unit(f"{ITEM}__rep{repetition:04d}", lambda step: seed))
    target = pathlib.Path(__file__).parent.parent / "golden" / "simulation" / "python-walks.jsonl"
    target.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))
    print(f"{len(rows)} units")


if __name__ == "__main__":
    main()
