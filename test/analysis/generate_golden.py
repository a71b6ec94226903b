"""Writes test/golden/analysis/scipy.json: what scipy says, for special.ts and intervals.ts.

Run by hand, in a virtual environment with scipy: python test/analysis/generate_golden.py
"""
import json
import pathlib

import scipy
from scipy import special, stats

TAILS = [1e-6, 0.001, 0.005, 0.01, 0.025, 0.05, 0.2, 0.5, 0.8, 0.95, 0.975, 0.99, 0.995, 0.999, 1 - 1e-6]
SHAPES = [(0.5, 0.5), (0.5, 3), (1, 1), (1, 100), (2, 5), (7.3, 2.1), (30, 70), (500, 500), (1, 1e6), (12, 99988),
          (4.5e5, 5.5e5)]

golden = {
    "scipy": scipy.__version__,
    "logGamma": [[x, special.gammaln(x)] for x in [1e-6, 0.1, 0.5, 1, 1.5, 2, 3.3, 10, 100, 1234.5, 1e6]],
    "normalQuantile": [[p, special.ndtri(p)] for p in TAILS + [1e-12, 1e-100, 1e-300]],
    "studentQuantile": [[p, d, stats.t.ppf(p, d)] for d in [1, 2, 3, 5, 9, 30, 99, 999, 1e5, 1e6] for p in TAILS],
    "incompleteBeta": [],
    "inverseIncompleteBeta": [[a, b, p, special.betaincinv(a, b, p)] for a, b in SHAPES for p in TAILS],
    "binomialCdf": [[k, n, p, stats.binom.cdf(k, n, p)]
                    for n, p in [(5, 0.5), (40, 0.5), (100, 0.03), (1000, 0.5), (1000, 0.999)]
                    for k in [0, 1, n // 3, n // 2, n - 1, n]],
    "wilson": [],
    "clopperPearson": [],
    "tInterval": [],
}
for a, b in SHAPES:
    mean = a / (a + b)
    for x in [mean * f for f in (0.1, 0.5, 0.9, 1)] + [1 - (1 - mean) * f for f in (0.9, 0.5, 0.01)]:
        golden["incompleteBeta"].append([a, b, x, special.betainc(a, b, x)])
for n in [1, 2, 10, 100, 1000, 100000]:
    for x in sorted({0, 1, n // 10, n // 2, n - 1, n}):
        for confidence in [0.9, 0.95, 0.99]:
            result = stats.binomtest(x, n)
            for name, method in [("wilson", "wilson"), ("clopperPearson", "exact")]:
                interval = result.proportion_ci(confidence, method=method)
                golden[name].append([x, n, confidence, interval.low, interval.high])
for sample in [[1, 2], [3, 3, 4], [5, 1, 4, 4, 9, 12.5, 3], [1e9 + 1, 1e9 + 2, 1e9 + 4], [-0.25, 0.5, 0, 0, 1]]:
    for confidence in [0.9, 0.95, 0.99]:
        described = stats.describe(sample)
        low, high = stats.t.interval(confidence, len(sample) - 1, described.mean, stats.sem(sample))
        golden["tInterval"].append([sample, confidence, described.mean, stats.sem(sample), low, high])

target = pathlib.Path(__file__).parents[1] / "golden" / "analysis" / "scipy.json"
target.parent.mkdir(parents=True, exist_ok=True)
lines = ",\n".join(
    f' {json.dumps(key)}: ' + (json.dumps(rows) if isinstance(rows, str) else
                               "[\n  " + ",\n  ".join(json.dumps(row) for row in
                                                     [[float(v) if not isinstance(v, list) else v for v in row]
                                                      for row in rows]) + "\n ]")
    for key, rows in golden.items())
target.write_text("{\n" + lines + "\n}\n")
