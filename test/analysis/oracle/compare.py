"""Writes test/golden/analysis/compare.json: what scipy, statsmodels and plain counting say about one run and two.

Run by hand, in a virtual environment with scipy==1.17.1, statsmodels==0.15.0, numpy==2.4.6,
mpmath==1.4.1: python test/analysis/oracle/compare.py

Where no library has a method, it is counted here in exact fractions or by the slowest obvious way.
"""
import itertools
import json
import math
import pathlib
import warnings
from fractions import Fraction

import mpmath
import numpy
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import special, stats
from statsmodels.stats import contingency_tables, multitest, proportion

warnings.simplefilter("ignore")
LEVELS = [0.9, 0.95, 0.99]


def lehmer(seed, n, modulus):
    """Whole numbers that any language can make: the Park-Miller generator, taken modulo `modulus`."""
    values, state = [], seed
    for _ in range(n):
        state = state * 16807 % 2147483647
        values.append(state % modulus)
    return values


def decimals(seed, n):
    return [value / 64 - 7 for value in lehmer(seed, n, 1024)]


golden = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": numpy.__version__,
          "mpmath": mpmath.__version__}

# Special functions and tails. The inverse by mpmath: scipy's is off in the tenth digit for large shapes.
mpmath.mp.dps = 30
SHAPES = [0.5, 1, 1.5, 2, 3.5, 10, 50.5, 1000, 1e5, 1e6]


def lower(a, x):
    term = total = mpmath.mpf(1)
    n = 0
    while term > total * mpmath.mpf(10) ** -28:
        n += 1
        term *= x / (a + n)
        total += term
    return total * mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a + 1))


golden["incompleteGamma"] = [[a, a * f, special.gammainc(a, a * f)] for a in SHAPES
                             for f in (1e-6, 0.01, 0.5, 0.9, 1, 1.1, 2) if special.gammainc(a, a * f) > 1e-290]
golden["incompleteGammaTail"] = [[a, a * f, special.gammaincc(a, a * f)] for a in SHAPES
                                 for f in (1e-6, 0.5, 0.99, 1, 1.01, 1.5, 3, 20) if special.gammaincc(a, a * f) > 1e-290]
golden["inverseIncompleteGamma"] = [
    [a, p, float(mpmath.findroot(lambda x: lower(a, x) / p - 1, special.gammaincinv(a, p), tol=1e-24))]
    for a in SHAPES for p in (1e-6, 0.005, 0.025, 0.5, 0.975, 0.995, 1 - 1e-6)]
golden["normalTail"] = [[z, stats.norm.sf(z)] for z in (-8, -3, -1, -1e-9, 0, 1e-9, 0.5, 1.96, 3, 6, 10, 37)]
# Near zero the survival function has lost its digits; there, one less the part between.
golden["studentTwoSided"] = [[t, d, 2 * stats.t.sf(t, d) if t * t > d else 1 - special.betainc(0.5, d / 2, t * t / (d + t * t))]
                             for d in (1, 1.5, 2, 5, 30.7, 1000, 1e6)
                             for t in (0, 1e-8, 1e-3, 0.5, 1, 2, 4, 10, 30)]
golden["chiSquareTail"] = [[x, d, stats.chi2.sf(x, d)] for d in (1, 2, 3, 10, 40)
                           for x in (0, 1e-9, 0.5, 1, 3.84, 10, 50, 200, 600)]
golden["binomialProbability"] = [[k, n, p, stats.binom.pmf(k, n, p)]
                                 for n, p in ((1, 0.5), (7, 0.5), (40, 0.5), (1000, 0.5), (100000, 0.5), (50, 0.03))
                                 for k in sorted({0, 1, n // 3, n // 2, n})
                                 if stats.binom.pmf(k, n, p) > 1e-300]

# Shares.
PAIRS = [(1, 1, 0, 1), (0, 1, 1, 1), (0, 10, 0, 10), (10, 10, 0, 10), (56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7),
         (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 20), (800, 1000, 750, 1000), (3, 100000, 19, 100000),
         (50000, 100000, 50400, 100000), (99990, 100000, 99995, 100000), (1, 3, 2, 100000), (40, 90, 40, 90)]
golden["newcombe"] = [[x1, n1, x2, n2, c, *proportion.confint_proportions_2indep(
    x2, n2, x1, n1, method="newcomb", compare="diff", alpha=1 - c)] for x1, n1, x2, n2 in PAIRS for c in LEVELS]
golden["fisherExact"] = [[x1, n1, x2, n2, stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue]
                         for x1, n1, x2, n2 in PAIRS + [(8, 10, 1, 12), (0, 5, 5, 5), (100, 1000, 200, 1000),
                                                        (10, 10000, 90, 10000), (2, 4, 5, 9), (3, 17, 12, 22)]]


def wilson(x, n, confidence):
    return proportion.proportion_confint(x, n, alpha=1 - confidence, method="wilson")


def paired_newcombe(e, f, g, h, confidence):
    """Newcombe 1998 (paired), method 10, in the letters of the paper: e both, f first only, g second only, h neither.
    The difference is the first's share minus the second's."""
    n = e + f + g + h
    p1, p2 = (e + f) / n, (e + g) / n
    (l1, u1), (l2, u2) = wilson(e + f, n, confidence), wilson(e + g, n, confidence)
    product = (e + f) * (g + h) * (e + g) * (f + h)
    a = e * h - f * g
    if product == 0:
        phi = 0
    elif a > n / 2:
        phi = (a - n / 2) / math.sqrt(product)
    elif a >= 0:
        phi = 0
    else:
        phi = a / math.sqrt(product)
    delta = math.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    epsilon = math.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)
    return max(-1, p1 - p2 - delta), min(1, p1 - p2 + epsilon)


CELLS = [(36, 2, 12, 0), (1, 1, 7, 12), (20, 12, 2, 16), (14, 5, 2, 9), (0, 0, 0, 10), (10, 0, 0, 0), (5, 0, 0, 5),
         (0, 0, 10, 0), (0, 5, 5, 0), (1, 0, 0, 0), (54, 0, 0, 0), (30, 1, 0, 69), (40000, 300, 350, 59350),
         (0, 12, 30, 100000)]
# The head is the paper's first.
golden["pairedNewcombe"] = [[both, base, head, neither, c, *paired_newcombe(both, head, base, neither, c)]
                            for both, base, head, neither in CELLS for c in LEVELS]
MOVED = [(0, 0), (0, 1), (0, 5), (1, 1), (3, 12), (12, 3), (7, 7), (7, 8), (20, 41), (300, 350), (5000, 5200), (0, 60)]
golden["mcnemar"] = [[b, c, contingency_tables.mcnemar([[0, b], [c, 0]], exact=True).pvalue if b + c else 1,
                      1 if b == c else 2 * stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(min(b, c), b + c, 0.5)]
                     for b, c in MOVED]
golden["anytimeMcNemar"] = [[b, c, math.exp(special.betaln(b + 0.5, c + 0.5) - special.betaln(0.5, 0.5)
                                            + (b + c) * math.log(2))] for b, c in MOVED + [(2, 30), (400, 900)]]
NETS = [(0, 0, 10), (10, 0, 10), (0, 10, 10), (3, 1, 9), (420, 380, 1000), (1, 0, 1), (70000, 2, 100000)]


def bonett_price(plus, minus, n, confidence):
    up, down = (plus + 1) / (n + 2), (minus + 1) / (n + 2)
    half = stats.norm.ppf((1 + confidence) / 2) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    net = (plus - minus) / n
    return max(-1, min(net, up - down - half)), min(1, max(net, up - down + half))


golden["netValue"] = [[*net, c, *bonett_price(*net, c)] for net in NETS for c in LEVELS]

# Means.
SAMPLES = [([1, 2], [3, 5]), (decimals(1, 12), decimals(2, 9)), (decimals(3, 200), [x + 0.5 for x in decimals(4, 150)]),
           ([1e9 + 1, 1e9 + 2, 1e9 + 4], [1e9 + 2, 1e9 + 3.5, 1e9 + 3]), ([5, 5, 5], [4, 6, 5.5]),
           ([0, 0, 0, 0, 1e6], [0, 0, 0, 1, 2, 3]), ([1e-9, 2e-9, 5e-9], [1e-9, 2.5e-9, 7e-9, 3e-9])]
golden["welch"] = []
golden["pairedT"] = []
for base, head in SAMPLES:
    for c in LEVELS:
        test = stats.ttest_ind(head, base, equal_var=False)
        low, high = test.confidence_interval(c)
        golden["welch"].append([base, head, c, numpy.mean(head) - numpy.mean(base), test.df, low, high, test.pvalue])
        test = stats.ttest_1samp(head, 0)
        low, high = test.confidence_interval(c)
        golden["pairedT"].append([head, c, low, high, test.pvalue])
golden["clusteredPairedT"] = []
for differences, items in [(decimals(5, 60), [i % 12 for i in range(60)]), (decimals(6, 31), lehmer(7, 31, 9)),
                           (decimals(8, 40), [i // 20 for i in range(40)]), (decimals(9, 10), list(range(10)))]:
    codes = numpy.unique(items, return_inverse=True)[1]
    for name, corrected in (("CR0", False), ("CR1", True)):
        fit = sm.OLS(differences, numpy.ones(len(differences))).fit(
            cov_type="cluster", cov_kwds={"groups": codes, "use_correction": corrected, "df_correction": True}, use_t=True)
        for c in LEVELS:
            low, high = fit.conf_int(1 - c)[0]
            golden["clusteredPairedT"].append([differences, items, name, c, fit.bse[0], low, high, fit.pvalues[0]])

# Ranks.


def cliff(base, head, confidence):
    m, n = len(base), len(head)
    signs = numpy.sign(numpy.subtract.outer(numpy.array(head, float), numpy.array(base, float)))
    delta = signs.mean()
    if min(m, n) < 2:
        return delta, -1, 1
    t = stats.t.ppf((1 + confidence) / 2, m + n - 2)
    if abs(delta) == 1:
        inner = (min(m, n) - t * t) / (min(m, n) + t * t)
        return (delta, inner, 1) if delta == 1 else (delta, -1, -inner)
    variance = (m * m * ((signs.mean(1) - delta) ** 2).sum() + n * n * ((signs.mean(0) - delta) ** 2).sum()
                - ((signs - delta) ** 2).sum()) / (m * n * (m - 1) * (n - 1))
    variance = max(variance, (1 - delta ** 2) / (m * n - 1))
    half = t * math.sqrt(variance) * math.sqrt((1 - delta ** 2) ** 2 + t * t * variance)
    scale = 1 - delta ** 2 + t * t * variance
    return delta, max(-1, (delta - delta ** 3 - half) / scale), min(1, (delta - delta ** 3 + half) / scale)


RANKED = [([1], [2]), ([1, 2], [3]), ([1, 2, 3], [4, 5, 6, 7]), ([4, 5, 6], [1, 2, 3]), ([3, 3, 3], [3, 3]),
          ([1, 5, 9, 13], [2, 3, 4, 12, 14]), ([1, 1, 2, 2, 3], [2, 2, 3, 3, 4, 4]), ([0.5, 0.25, 8], [1, 1, 1]),
          (decimals(11, 30), [x + 0.003 for x in decimals(12, 45)]), (decimals(13, 80), decimals(14, 60)),
          (lehmer(15, 70, 5), lehmer(16, 90, 6)), ([7], lehmer(17, 20, 9))]
golden["compareRanks"] = []
for base, head in RANKED:
    tied = len(set(base) | set(head)) < len(base) + len(head)
    exact = not tied and len(base) < 50 and len(head) < 50
    equal = len(set(base) | set(head)) == 1
    p = 1 if equal else stats.mannwhitneyu(head, base, method="exact" if exact else "asymptotic").pvalue
    for c in LEVELS:
        golden["compareRanks"].append([base, head, c, "exact" if exact else "asymptotic", *cliff(base, head, c), p])


def exact_signed(differences):
    """The share of sign patterns whose rank sum is as far out, in whole numbers, so that ties are exact too."""
    kept = [d for d in differences if d != 0]
    if not kept:
        return 0, 0, 1
    doubled = [int(r) for r in 2 * stats.rankdata(numpy.abs(kept))]
    ways = {0: 1}
    for rank in doubled:
        more = {}
        for total, count in ways.items():
            more[total] = more.get(total, 0) + count
            more[total + rank] = more.get(total + rank, 0) + count
        ways = more
    plus = sum(rank for rank, d in zip(doubled, kept) if d > 0)
    total = sum(doubled)
    far = max(plus, total - plus)
    tail = sum(count for value, count in ways.items() if value >= far)
    return len(kept), plus / 2, float(min(1, Fraction(2 * tail, 2 ** len(kept))))


SIGNED = [[], [0, 0], [1], [-3, 0, 2], [1, 2, 3, 4, 5, 6], [1, 1, -1, 2, 2, 2, -3], decimals(21, 14), decimals(22, 50),
          [0.5, -0.5, 0.5, -0.5], [x - 4 for x in lehmer(23, 40, 10)]]
golden["signedRanks"] = [[d, "exact", *exact_signed(d)] for d in SIGNED]
for d in [decimals(24, 51), [x - 4 for x in lehmer(25, 120, 10)], [x - 480 for x in lehmer(26, 400, 1000)]]:
    test = stats.wilcoxon(d, correction=True, method="asymptotic")
    kept = numpy.array([x for x in d if x != 0])
    plus = stats.rankdata(numpy.abs(kept))[kept > 0].sum()
    golden["signedRanks"].append([d, "asymptotic", len(kept), plus, test.pvalue])
for row in golden["signedRanks"]:
    if row[1] == "exact" and len(row[0]) == 14:
        assert abs(row[-1] - stats.wilcoxon(row[0], method="exact").pvalue) < 1e-14


def sign_flip(differences):
    """Counted over every pattern, in fractions of the decimals that were written."""
    exact = [Fraction(repr(d)) for d in differences if d != 0]
    seen = abs(sum(exact))
    hits = sum(abs(sum(s * d for s, d in zip(signs, exact))) >= seen
               for signs in itertools.product((1, -1), repeat=len(exact)))
    return hits / 2 ** len(exact)


golden["signFlip"] = [[d, sign_flip(d)] for d in
                      [[], [0, 0], [1], [1, 1], [0.1, 0.2, -0.3, 0.1], [1, 2, 3, 4, 5, 6, 7], decimals(31, 11),
                       [1, 1, 1, 1, -1, 1, 0, 1, 1, 1], [1e6, 1e-6, 1e-6, -1e-6], [0.1] * 6 + [-0.1] * 2]]

# Distributions and categories.
golden["kolmogorovSmirnov"] = []
for base, head in [([1], [1]), ([1], [2]), ([1, 2, 3, 4], [3, 4, 5, 6, 7]), ([1, 1, 1, 2], [1, 2, 2, 2, 2]),
                   (decimals(41, 40), decimals(42, 50)), (decimals(43, 60), [x * 1.6 for x in decimals(44, 40)]),
                   (lehmer(45, 30, 4), lehmer(46, 30, 5))]:
    tied = len(set(base) | set(head)) < len(base) + len(head)
    test = stats.ks_2samp(base, head, method="exact")
    golden["kolmogorovSmirnov"].append([base, head, test.statistic, None if tied else test.pvalue])


def freeman_halton(base, head):
    """Every table with these margins, in whole numbers."""
    totals = [b + h for b, h in zip(base, head)]
    ways = [[math.comb(t, k) for k in range(t + 1)] for t in totals]
    seen = math.prod(math.comb(t, b) for t, b in zip(totals, base))
    hits = sum(weight for ks in itertools.product(*(range(t + 1) for t in totals)) if sum(ks) == sum(base)
               for weight in [math.prod(w[k] for w, k in zip(ways, ks))] if weight <= seen)
    return hits / math.comb(sum(totals), sum(base))


golden["compareCategories"] = []
for base, head in [([10, 20, 30], [20, 20, 20]), ([500, 300, 200], [450, 330, 220]), ([40, 0, 60], [50, 0, 50]),
                   ([9000, 500, 500, 10], [8800, 600, 570, 30])]:
    kept = [(b, h) for b, h in zip(base, head) if b + h]
    test = stats.chi2_contingency(numpy.array(kept).T, correction=False)
    golden["compareCategories"].append([base, head, "asymptotic", test.statistic, test.dof, test.pvalue])
for base, head in [([3, 0, 1], [0, 2, 2]), ([5, 1, 0, 2], [1, 4, 3, 0]), ([1, 0], [0, 1]), ([2, 2, 2], [2, 2, 2]),
                   ([12, 1, 0], [6, 2, 4]), ([0, 0, 7], [3, 0, 4])]:
    kept = [(b, h) for b, h in zip(base, head) if b + h]
    test = stats.chi2_contingency(numpy.array(kept).T, correction=False)
    golden["compareCategories"].append([base, head, "exact", test.statistic, test.dof, freeman_halton(*zip(*kept))])


def stuart_maxwell(table):
    """With the generalised inverse, so that unused categories and separate parts need no care."""
    n = numpy.array(table, float)
    away = n.sum(1) - n.sum(0)
    covariance = numpy.diag(n.sum(1) + n.sum(0)) - n - n.T
    degrees = int(numpy.linalg.matrix_rank(covariance))
    statistic = float(away @ numpy.linalg.pinv(covariance, hermitian=True) @ away)
    return statistic, degrees, float(stats.chi2.sf(statistic, degrees)) if degrees else 1


TABLES = [[[20, 10, 5], [3, 30, 15], [0, 5, 40]], [[1520, 266, 124, 66], [234, 1512, 432, 78],
                                                  [117, 362, 1772, 205], [36, 82, 179, 492]],
          [[5, 0, 0], [0, 7, 0], [0, 0, 1]], [[8, 3, 0], [1, 4, 0], [0, 0, 0]], [[10, 4], [9, 7]],
          [[3, 5, 0, 0], [2, 9, 0, 0], [0, 0, 6, 1], [0, 0, 8, 2]], [[0, 0, 6], [0, 9, 0], [1, 0, 0]], [[4]], []]
golden["stuartMaxwell"] = [[t, *(stuart_maxwell(t) if t else (0, 0, 1))] for t in TABLES]
for t in TABLES[:2]:
    test = contingency_tables.SquareTable(numpy.array(t, float), shift_zeros=False).homogeneity(method="stuart_maxwell")
    assert abs(test.statistic - stuart_maxwell(t)[0]) < 1e-9

# Estimates.
golden["rateInterval"] = [[k, t, c, 0 if k == 0 else stats.chi2.ppf((1 - c) / 2, 2 * k) / 2 / t,
                           stats.chi2.ppf((1 + c) / 2, 2 * k + 2) / 2 / t]
                          for k, t in [(0, 1), (0, 1e5), (1, 3.5), (3, 10), (20, 0.01), (1000, 1e6), (1e6, 1e6)]
                          for c in LEVELS]
golden["quantile"] = []
for values in [[1], [3, 1], list(range(1, 7)), decimals(51, 19), decimals(52, 300), lehmer(53, 150, 7)]:
    for q in (0.05, 0.25, 0.5, 0.9, 0.99):
        for c in LEVELS:
            n, tail = len(values), (1 - c) / 2
            lows = [r for r in range(1, n + 1) if stats.binom.cdf(r - 1, n, q) <= tail]
            highs = [r for r in range(1, n + 1) if stats.binom.sf(r - 1, n, q) <= tail]
            ordered = sorted(values)
            interval = [ordered[lows[-1] - 1], ordered[highs[0] - 1]] if lows and highs else [None, None]
            fewest = next(n for n in itertools.count(1) if q ** n <= tail and (1 - q) ** n <= tail)
            golden["quantile"].append([values, q, c, float(numpy.quantile(values, q)), *interval, fewest])
golden["bcaBounds"] = []
for seed, values in [(1, decimals(61, 25)), (2, [x * x * x for x in lehmer(62, 40, 12)]), (3, lehmer(63, 12, 3))]:
    for c in LEVELS:
        found = stats.bootstrap((values,), numpy.mean, n_resamples=199, confidence_level=c, method="BCa",
                                rng=numpy.random.default_rng(seed))
        golden["bcaBounds"].append([values, sorted(found.bootstrap_distribution.tolist()), c,
                                    found.confidence_interval.low, found.confidence_interval.high])

# Several questions, and plans.
FAMILIES = [[], [0.03], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.001], [0, 1, 0.2, 0.2], [1e-12, 0.9, 0.02, 0.02, 0.049]]
golden["holm"] = [[p, multitest.multipletests(p, method="holm")[1].tolist() if p else []] for p in FAMILIES]
golden["benjaminiHochberg"] = [[p, multitest.multipletests(p, method="fdr_bh")[1].tolist() if p else []]
                               for p in FAMILIES]
# What power statsmodels gives the difference that we call detectable is asked in the test's own terms: n per arm.
golden["unitsUnpaired"] = []
for base, head, alpha, power in [(0.8, 0.75, 0.05, 0.8), (0.5, 0.6, 0.01, 0.9), (0.02, 0.01, 0.05, 0.8), (0, 0.1, 0.05, 0.8)]:
    reaches = lambda n: proportion.power_proportions_2indep(head - base, base, n, alpha=alpha, return_results=False)
    low, high = 2, 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) >= power else (middle, high)
    golden["unitsUnpaired"].append([base, head, alpha, power, high])

# Units that hang together: the sandwich error of statsmodels, never below that of independent draws; of a share the
# effective number of units by Korn and Graubard, at which scipy's beta quantiles are Clopper and Pearson's ends.


def clustered_error(values, items):
    fit = sm.OLS(values, numpy.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": numpy.unique(items, return_inverse=True)[1],
                                      "use_correction": False, "df_correction": True}, use_t=True)
    k = len(set(items))
    return fit.bse[0] * math.sqrt(k / (k - 1))


def exact_share(hits, size, confidence):
    tail = (1 - confidence) / 2
    low = 0 if hits == 0 else stats.beta.ppf(tail, hits, size - hits + 1)
    high = 1 if hits == size else stats.beta.ppf(1 - tail, hits + 1, size - hits)
    return low, high


golden["clusteredMean"], golden["clusteredShare"] = [], []
for values, items in [(decimals(71, 60), [i % 12 for i in range(60)]), (decimals(72, 95), [i // 8 for i in range(95)]),
                      ([i // 5 + x / 1e6 for i, x in enumerate(decimals(73, 100))], [i // 5 for i in range(100)]),
                      ([1e9 + x for x in decimals(74, 60)], [i % 20 for i in range(60)])]:
    n, k = len(values), len(set(items))
    error = max(clustered_error(values, items), stats.sem(values))
    for c in LEVELS:
        low, high = stats.t.interval(c, k - 1, numpy.mean(values), error)
        golden["clusteredMean"].append([values, items, c, error, low, high])
for hits, items in [([int(x < 5) for x in lehmer(75, 60, 10)], [i % 12 for i in range(60)]),
                    ([int(i // 8 < x) for i, x in enumerate(lehmer(76, 96, 12))], [i // 8 for i in range(96)]),
                    ([int(i < 3) for i in range(200)], [i // 10 for i in range(200)]),
                    ([int(i // 10 < 7) for i in range(200)], [i // 10 for i in range(200)])]:
    n, k, share = len(hits), len(set(items)), sum(hits) / len(hits)
    bare = share * (1 - share) / clustered_error(hits, items) ** 2
    for c in LEVELS:
        size = min(n, bare / (stats.t.isf((1 - c) / 2, k - 1) / stats.t.isf((1 - c) / 2, n - 1)) ** 2)
        golden["clusteredShare"].append([hits, items, c, size, *exact_share(share * size, size, c)])

# Several looks: the joint normal distribution of the values at all looks, integrated by scipy; good to six digits.
golden["crossingChances"] = []
for looks, drift, bounds in [(2, 0, [2.797, 1.977]), (2, 2.8, [1.96, 1.96]), (3, 0, [3.471, 2.454, 2.004]),
                             (3, 1, [1, 2, 3]), (4, 0, [2.576] * 4), (4, 3.4, [4.049, 2.863, 2.337, 2.024])]:
    times = numpy.arange(1, looks + 1) / looks
    covariance = numpy.sqrt(numpy.minimum.outer(times, times) / numpy.maximum.outer(times, times))
    means = drift * numpy.sqrt(times)
    inside = [1.0] + [stats.multivariate_normal(means[:k], covariance[:k, :k], abseps=1e-9, releps=1e-9, maxpts=5_000_000,
                                               seed=1).cdf(numpy.array(bounds[:k]), lower_limit=-numpy.array(bounds[:k]))
                      for k in range(1, looks + 1)]
    golden["crossingChances"].append([bounds, drift, [inside[k] - inside[k + 1] for k in range(looks)]])

# Plans of pairs: the smallest n at which the normal approximation of McNemar's test (Connor 1987) has its power.
golden["unitsPaired"] = []
for discordant, change, alpha, power in [(0.2, 0.1, 0.05, 0.8), (0.3, -0.02, 0.01, 0.9), (0.05, 0.05, 0.05, 0.8), (1, 0.5, 0.05, 0.5)]:
    def reaches(n):
        critical = stats.norm.ppf(1 - alpha / 2) * math.sqrt(discordant / n)
        real = math.sqrt(max(0, discordant - change ** 2) / n)
        return abs(change) >= critical if real == 0 else stats.norm.sf((critical - abs(change)) / real) >= power
    golden["unitsPaired"].append([discordant, change, alpha, power, next(n for n in itertools.count(1) if reaches(n))])

# Gains of coupled draws, by numpy's covariances.
golden["pairedGain"] = []
for first, second in [(decimals(81, 30), decimals(82, 30)), (decimals(83, 50), [-x / 2 for x in decimals(83, 50)]),
                      (decimals(84, 2), decimals(85, 2)), ([1, 2, 3], [2, 3, 4])]:
    (a, c), (_, b) = numpy.cov(first, second)
    n = len(first)
    golden["pairedGain"].append(["antithetic", first, second, math.sqrt(max(0, a + b + 2 * c) / 4 / n), math.sqrt((a + b) / 4 / n)])
    golden["pairedGain"].append(["common", first, second, math.sqrt(max(0, a + b - 2 * c) / n), math.sqrt((a + b) / n)])



def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, numpy.generic):
        return value.item()
    return value


target = pathlib.Path(__file__).parents[2] / "golden" / "analysis" / "compare.json"
lines = ",\n".join(
    f' {json.dumps(key)}: ' + (json.dumps(rows) if isinstance(rows, str) else
                               "[\n  " + ",\n  ".join(json.dumps(plain(row), allow_nan=False) for row in rows) + "\n ]")
    for key, rows in golden.items())
target.write_text("{\n" + lines + "\n}\n")
