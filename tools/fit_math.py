"""Computes every constant of core/math from its definition and prints it, ready to paste.

Polynomials are Chebyshev fits (within a bit of minimax), computed with 80 digits and rounded to doubles; beside each
stands the largest error of the rounded polynomial over its interval, as a power of two.

    python3 -m venv /tmp/mp && /tmp/mp/bin/pip install mpmath==1.3.0 && /tmp/mp/bin/python tools/fit_math.py
"""

from mpmath import atan, atanh, chebyfit, cos, exp, floor, log, mp, mpf, pi, sin, sqrt, tan

mp.dps = 80
SMALL = mpf(10) ** -18


def fit(name, function, limit_at_0, low, high, terms):
    """Fits `function` with `terms` coefficients, constant first; `limit_at_0` replaces 0/0."""

    def safe(x):
        return limit_at_0 if abs(x) < SMALL else function(x)

    low, high = mpf(low), mpf(high)
    coefficients = [float(c) for c in reversed(chebyfit(safe, [low, high], terms))]
    worst = SMALL
    for i in range(4001):
        x = low + (high - low) * i / 4000
        value = sum(mpf(c) * x**k for k, c in enumerate(coefficients))
        worst = max(worst, abs(value - safe(x)))
    print(f"{name}: error 2^{float(log(worst, 2)):.1f}")
    for c in coefficients:
        print("   ", repr(c))


def pieces(name, value, *widths):
    """Splits `value` into doubles of the given widths in bits, the last one rounded to 53."""
    print(name)
    rest = value
    for width in widths:
        unit = mpf(2) ** (floor(log(abs(rest), 2)) + 1 - width)
        piece = floor(rest / unit + mpf(1) / 2) * unit
        assert mpf(float(piece)) == piece
        print("   ", repr(float(piece)))
        rest -= piece
    print("   ", repr(float(rest)))


R = log(2) / 2 * (1 + mpf(2) ** -20)  # |r| after taking out multiples of ln 2
S = (sqrt(2) - 1) / (sqrt(2) + 1) * (1 + mpf(2) ** -20)  # |s| after taking out powers of 2
Q = pi / 4 * (1 + mpf(2) ** -20)  # |r| after taking out multiples of pi/2

fit("expTail: (e^r - 1 - r) / r^2", lambda r: (exp(r) - 1 - r) / r**2, mpf(1) / 2, -R, R, 11)
fit("expTail3: (e^r - 1 - r - r^2/2) / r^3", lambda r: (exp(r) - 1 - r - r * r / 2) / r**3, mpf(1) / 6, -R, R, 10)


def atanh_tail(z):
    return 2 * (atanh(sqrt(z)) / sqrt(z) - 1) / z


fit("atanhTail, s^2 = z <= 1/9: (2 atanh(s) - 2 s) / s^3", atanh_tail, mpf(2) / 3, 0, mpf(1) / 9, 10)
fit("atanhTail, s^2 = z <= 0.0295", atanh_tail, mpf(2) / 3, 0, S**2, 7)
fit(
    "atanhTail7, z <= 0.0295: (atanh(s)/s - 1 - z/3 - z^2/5) / z^3",
    lambda z: (atanh(sqrt(z)) / sqrt(z) - 1 - z / 3 - z * z / 5) / z**3,
    mpf(1) / 7,
    0,
    S**2,
    8,
)
fit("sinTail, z = r^2: (sin r - r) / r^3", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 6, 0, Q**2, 7)
fit("cosTail: (cos r - 1 + z/2) / z^2", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24, 0, Q**2, 6)
fit(
    "tanTail, r <= pi/8: (tan r - r) / r^3",
    lambda z: (tan(sqrt(z)) / sqrt(z) - 1) / z,
    mpf(1) / 3,
    0,
    (Q / 2) ** 2,
    9,
)
fit(
    "atanTail, u <= 5/32: (atan u - u) / u^3",
    lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z,
    -mpf(1) / 3,
    0,
    (mpf(5) / 32 * (1 + mpf(2) ** -20)) ** 2,
    7,
)

fit("sinTail in floats", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 6, 0, Q**2, 3)
fit("cosTail in floats", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24, 0, Q**2, 3)

pieces("ln 2", log(2), 40)
pieces("pi / 2, for floats", pi / 2, 11, 11)
pieces("pi / 2", pi / 2, 32, 32)
pieces("pi / 2, double + rest", pi / 2, 53)
pieces("1 / 3", mpf(1) / 3, 53)
pieces("1 / 5", mpf(1) / 5, 53)
print("atan(j / 16), double and rest")
for j in range(17):
    angle = atan(mpf(j) / 16)
    high = float(angle)
    print("   ", f"{high!r}, {float(angle - mpf(high))!r},")

mp.dps = 500
print("2 / pi, 1280 bits after the point")
digits = f"{int(floor(2 / pi * mpf(2) ** 1280)):0320x}"
print("\n".join("    " + digits[i : i + 80] for i in range(0, 320, 80)))
print("pi / 2, 192 bits after the point")
print("   ", f"{int(floor(pi / 2 * mpf(2) ** 192)):x}")
