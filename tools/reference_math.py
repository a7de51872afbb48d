"""Writes tests/core/math_reference.json: what core/math should return, from mpmath at 400 bits.

    python3 -m venv /tmp/mp && /tmp/mp/bin/pip install mpmath==1.3.0 && /tmp/mp/bin/python tools/reference_math.py

The file maps a function to rows of text: the bits of each argument and of the double nearest to the exact value, 16
hexadecimal digits each, then how far the exact value lies from that double, in thousandths of its ulp. The same
version of Python and mpmath gives the same file.
"""

import json
import math
import random
import struct
from pathlib import Path

import mpmath
from mpmath import mp, mpf

assert mpmath.__version__ == "1.3.0"
mp.prec = 400
rng = random.Random(20240601)
uniform = rng.uniform
LN2, PI = math.log(2), math.pi
LEAST, MOST, MIN_NORMAL = 5e-324, math.nextafter(math.inf, 0), 2.0**-1022


def signed(x):
    return x if rng.random() < 0.5 else -x


def size(low, high):
    """A positive number, uniform in its decimal exponent."""
    return 10 ** uniform(low, high)


def beside(*points):
    """Each point and the doubles around it."""
    return [y for x in points for y in (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))]


def draws(count, *makers):
    return [maker() for maker in makers for _ in range(count)]


# Where k changes in x = k ln 2 + r.
steps = [(k + 0.5) * LN2 for k in (-1075, -1022, -100, -54, -53, -2, -1, 0, 1, 2, 52, 53, 63, 100, 1022)]
quarters = [k * PI / 4 for k in (1, 2, 3, 4, 5, 8, 100, 355, 1000001, 636619)]
# The double nearest to a multiple of pi/2, beside it, in all the range (Kahan's search), and other hard ones.
hard_angles = [6381956970095103 * 2.0**797, 1e22, 1e300, MOST, 2.0**53, 2.0**60, 1647099.0, 1647100.0]

negative = [-x for x in draws(40, lambda: uniform(0, 708), lambda: uniform(0, 2), lambda: size(-18, 0))]
exponents = draws(40, lambda: uniform(-745, 709), lambda: uniform(-2, 2), lambda: signed(size(-18, 0)))
angles = draws(40, lambda: uniform(-1e6, 1e6), lambda: uniform(-7, 7), lambda: signed(size(-12, 6)))
huge = draws(30, lambda: signed(size(6, 308)))
edges = [LEAST, 3 * LEAST, MIN_NORMAL, 1e-300, 1e-20, 2.0**-54, 2.0**-53, 2.0**-29, 2.0**-27]
around = beside(*[x for x in quarters]) + beside(*[-x for x in quarters[:4]])

unary = {
    "exp": (mp.exp, exponents + draws(20, lambda: uniform(-745.1, -708), lambda: uniform(709, 709.78))
            + beside(*steps, -708, 709, 709.7827128933839, -745.133219101941) + edges),
    "expm1": (mp.expm1, exponents + draws(30, lambda: uniform(-0.4, 0.4), lambda: uniform(30, 46))
              + beside(*steps[1:], -37.5, 44) + edges + [-x for x in edges]),
    "expNeg": (mp.exp, [x for x in negative + beside(*steps) if -708 < x <= 0] + [-x for x in edges]),
    "log": (mp.log, draws(40, lambda: size(-307, 308), lambda: uniform(0, 3), lambda: 1 + signed(size(-15, -1)))
            + [LEAST * rng.randrange(1, 2**52) for _ in range(20)] + beside(0.5**0.5, 2**0.5, 0.5, 1, 2, 4)
            + edges + [MOST]),
    "log1p": (mp.log1p, draws(40, lambda: size(-20, 308), lambda: uniform(-1, 3), lambda: -1 + size(-15, -1),
                              lambda: signed(size(-20, -0.5)))
              + beside(-0.29, 0.41, 1, 2.0**53) + edges + [-x for x in edges] + [MOST, math.nextafter(-1, 0)]),
    "log1p01": (mp.log1p, draws(60, lambda: uniform(0, 1), lambda: size(-20, 0), lambda: 2 ** uniform(-3, 0))
                + edges + [0.5, 1, math.nextafter(1, 0), 2**0.5 - 1]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), draws(50, lambda: uniform(-708, 50), lambda: uniform(-3, 3),
                                                      lambda: signed(size(-18, 0)), lambda: uniform(-38, 38))
                 + beside(-37.5, 37.5, *steps[7:9]) + [-708.0, 0.0, 1e10, 1e300]),
    "sin": (mp.sin, angles + huge + around + hard_angles + edges + [-x for x in edges]),
    "cos": (mp.cos, angles + huge + around + hard_angles + edges),
    "tan": (mp.tan, angles + huge + around + hard_angles + edges + [-x for x in edges]),
    "tanh": (mp.tanh, draws(60, lambda: uniform(-20, 20), lambda: uniform(-1, 1), lambda: signed(size(-12, 1)))
             + beside(19.1, -19.1, 0.5493061443340549, 0.17328679513998632) + edges + [-x for x in edges]),
}


def finite_powers(pairs):
    return [(x, y) for x, y in pairs if x > 0 and x != 1 and -744 < y * math.log(x) < 709.7]


def power_of_size():
    x = size(-300, 300)
    return x, uniform(-745, 709.7) / math.log(x)


def near_one():
    return 1 + signed(size(-15, -1)), signed(size(0, 16))


def ray(low, high):
    x = signed(size(-5, 5))
    return signed(x * uniform(low, high)), x


def sixteenth():
    x = signed(size(-5, 5))
    return signed(x * (rng.randrange(1, 17) - 0.5 + 1e-3 * uniform(-1, 1)) / 16), x


binary = {
    "pow": (lambda x, y: x**y, finite_powers(
        draws(60, power_of_size, near_one, lambda: (uniform(0, 10), uniform(-20, 20)))
        + [(x, float(y)) for x in (3.0, 7.0, 10.0, 0.1, 1.5) for y in (-3, -1, 2, 3, 10, 22)]
        + [(x, y) for x in (LEAST, MIN_NORMAL, MOST, 2.0) for y in (0.5, -0.5, 1.0, 1 / 3)])),
    "atan2": (mp.atan2, draws(40, lambda: ray(0, 1.2), lambda: ray(0.9, 1.1), lambda: ray(1, 100), sixteenth,
                              lambda: (signed(size(-300, 300)), signed(size(-300, 300))))
              + [(y, x) for y in (LEAST, 1.0, MOST) for x in (LEAST, MIN_NORMAL, 1.0, -1.0, -LEAST, MOST)]),
    "hypot": (mp.hypot, draws(60, lambda: (uniform(-1, 1), uniform(-1, 1)), lambda: (size(-3, 3), size(-3, 3)))
              + [(x, x * uniform(0, 1.5)) for x in draws(60, lambda: size(-322, 307))]
              + [(3.0, 4.0), (5e-324, 5e-324), (1e-310, 2e-310), (1e308, 1e308), (1e300, 1.0), (0.0, 7.0)]),
}


def bits(x):
    return struct.pack(">d", x).hex()


def row(function, arguments):
    exact = function(*(mpf(x) for x in arguments))
    nearest = float(exact)
    if not math.isfinite(nearest):
        return None
    away = int(mp.nint((exact - mpf(nearest)) / mpf(math.ulp(nearest)) * 1000))
    return " ".join([*(bits(x) for x in arguments), bits(nearest), str(away)])


table = {}
for name, (function, points) in unary.items():
    table[name] = [row(function, (float(x),)) for x in points]
for name, (function, points) in binary.items():
    table[name] = [row(function, pair) for pair in points]
table = {name: [r for r in rows if r is not None] for name, rows in sorted(table.items())}

path = Path(__file__).parent.parent / "tests/core/math_reference.json"
path.write_text(json.dumps(table, indent=2) + "\n")
