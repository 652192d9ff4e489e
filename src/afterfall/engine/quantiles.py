"""Quantiles: the count that belongs to a uniform, so that scenarios with common random numbers stay close.

A count is the *exact* quantile of its uniform, the smallest k with ``F(k) >= u``. It never falls when u rises, when one
more person is exposed or when the hazard rises. (Searching outwards from the mode is also unbiased, but not monotone:
common random numbers would then have no effect.) Up to a variance of `EXACT_VARIANCE` the distribution function is
summed from far in the lower tail. Above it, the quantile is a Cornish-Fisher expansion with Sheppard's correction for
rounding: monotone, of constant cost, and off by one person in fewer than one draw in a thousand.

References: Loader (2000), "Fast and accurate computation of binomial probabilities"; Wichura (1988), AS 241,
doi:10.2307/2347330; Cornish and Fisher (1938), doi:10.2307/1400905.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import inlined, lean

#: Variance above which the quantile is an expansion and not a sum.
EXACT_VARIANCE = 400.0
#: Standard deviations below the mean at which the sum starts; the mass below that is less than 1e-17.
TAIL = 8.5
#: Below this mean the sum starts at zero, since ``TAIL ** 2 / 2`` is larger.
SHORT = 36.0
#: The largest number below one.
BELOW_ONE = 1.0 - 2.0**-53

#: ``log(k!)`` minus Stirling's formula for k up to 15.
STIRLING_ERROR = np.array(
    [0.0] + [math.lgamma(k + 1.0) - (k + 0.5) * math.log(k) + k - 0.5 * math.log(2.0 * math.pi) for k in range(1, 16)]
)


@lean
def binomial_quantile(u: float, n: int, p: float) -> int:
    """The smallest k with ``P(Binomial(n, p) <= k) >= u``, for 0 < u < 1; 0 when n or p is not positive."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if n == 1:
        return 1 if u > 1.0 - p else 0
    if p > 0.5:  # counting those who stay keeps every sum short, and is also monotone
        return n - _binomial_lower(min(1.0 - u, BELOW_ONE), n, 1.0 - p)
    return _binomial_lower(u, n, p)


@lean
def poisson_quantile(u: float, mean: float) -> int:
    """The smallest k with ``P(Poisson(mean) <= k) >= u``, for 0 < u < 1; 0 when the mean is not positive."""
    if mean <= 0.0:
        return 0
    if mean > EXACT_VARIANCE:
        x = _cornish_fisher(u, mean, mean, mean, mean, mean)
        return max(0, math.ceil(x - 0.5))
    k = max(0, math.floor(mean - TAIL * math.sqrt(mean)))
    mass = math.exp(-mean) if k == 0 else _poisson_mass(k, mean)
    below = mass
    while below < u:
        k += 1
        mass *= mean / k
        if below + mass == below and k > mean:  # rounding: the sum will never reach u
            return k
        below += mass
    return k


@lean
def _binomial_lower(u: float, n: int, p: float) -> int:
    """`binomial_quantile` for 0 < p <= 1/2 and n > 0."""
    q = 1.0 - p
    mean = n * p
    variance = mean * q
    if variance > EXACT_VARIANCE:
        skew, spread = q - p, p * q
        x = _cornish_fisher(
            u, mean, variance, variance * skew, variance * (1.0 - 6.0 * spread), variance * skew * (1.0 - 12.0 * spread)
        )
        return min(n, max(0, math.ceil(x - 0.5)))
    k = 0 if mean < SHORT else max(0, math.floor(mean - TAIL * math.sqrt(variance)))
    mass = math.exp(n * math.log1p(-p)) if k == 0 else _binomial_mass(k, n, p)
    below = mass
    odds = p / q
    while below < u and k < n:
        mass *= odds * (n - k) / (k + 1)
        k += 1
        if below + mass == below and k > mean:  # rounding: the sum will never reach u
            return k
        below += mass
    return k


@lean
def _cornish_fisher(u: float, mean: float, k2: float, k3: float, k4: float, k5: float) -> float:
    """Quantile of the continuous variable that rounds to a count with cumulants `mean`, `k2`, ... (third order).

    Rounding adds 1/12 to the second cumulant and subtracts 1/120 from the fourth (Sheppard).
    """
    z = normal_quantile(u)
    k2 -= 1.0 / 12.0
    k4 += 1.0 / 120.0
    sd = math.sqrt(k2)
    g1, g2, g3 = k3 / (k2 * sd), k4 / (k2 * k2), k5 / (k2 * k2 * sd)
    z2 = z * z
    w = z + g1 * (z2 - 1.0) / 6.0
    w += g2 * z * (z2 - 3.0) / 24.0 - g1 * g1 * z * (2.0 * z2 - 5.0) / 36.0
    w += g3 * ((z2 - 6.0) * z2 + 3.0) / 120.0
    w += g1 * (g1 * g1 * ((12.0 * z2 - 53.0) * z2 + 17.0) / 324.0 - g2 * ((z2 - 5.0) * z2 + 2.0) / 24.0)
    return mean + sd * w


@lean
def _stirling_error(k: int) -> float:
    """``log(k!)`` minus Stirling's formula."""
    if k < STIRLING_ERROR.size:
        return float(STIRLING_ERROR[k])
    x = float(k)
    x2 = x * x
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / x2) / x2) / x2) / x2) / x


@lean
def _deviance(x: float, mean: float) -> float:
    """``x log(x / mean) + mean - x`` without cancellation."""
    if abs(x - mean) >= 0.1 * (x + mean):
        return x * math.log(x / mean) + mean - x
    v = (x - mean) / (x + mean)
    total = (x - mean) * v
    term = 2.0 * x * v
    for j in range(1, 1000):
        term *= v * v
        more = total + term / (2 * j + 1)
        if more == total:
            break
        total = more
    return total


@lean
def _binomial_mass(k: int, n: int, p: float) -> float:
    """``P(Binomial(n, p) = k)`` for 0 < k < n, to about 14 digits."""
    x, m = float(k), float(n)
    log_part = _stirling_error(n) - _stirling_error(k) - _stirling_error(n - k)
    log_part -= _deviance(x, m * p) + _deviance(m - x, m * (1.0 - p))
    return math.exp(log_part) / math.sqrt(2.0 * math.pi * x * (1.0 - x / m))


@lean
def _poisson_mass(k: int, mean: float) -> float:
    """``P(Poisson(mean) = k)`` for k > 0, to about 14 digits."""
    x = float(k)
    return math.exp(-_stirling_error(k) - _deviance(x, mean)) / math.sqrt(2.0 * math.pi * x)


@lean
def normal_quantile(u: float) -> float:
    """The standard normal quantile of 0 < u < 1, to about 16 digits (AS 241, PPND16)."""
    centred = u - 0.5
    if abs(centred) <= 0.425:
        return _central_quantile(centred)
    r = math.sqrt(-math.log(u if centred < 0.0 else 1.0 - u))
    size = _middle_quantile(r - 1.6) if r <= 5.0 else _far_quantile(r - 5.0)
    return -size if centred < 0.0 else size


@inlined
def _central_quantile(centred: float) -> float:
    r = 0.180625 - centred * centred
    top = 2.5090809287301226727e3
    top = top * r + 3.3430575583588128105e4
    top = top * r + 6.7265770927008700853e4
    top = top * r + 4.5921953931549871457e4
    top = top * r + 1.3731693765509461125e4
    top = top * r + 1.9715909503065514427e3
    top = top * r + 1.3314166789178437745e2
    top = top * r + 3.3871328727963666080e0
    bottom = 5.2264952788528545610e3
    bottom = bottom * r + 2.8729085735721942674e4
    bottom = bottom * r + 3.9307895800092710610e4
    bottom = bottom * r + 2.1213794301586595867e4
    bottom = bottom * r + 5.3941960214247511077e3
    bottom = bottom * r + 6.8718700749205790830e2
    bottom = bottom * r + 4.2313330701600911252e1
    return centred * top / (bottom * r + 1.0)


@inlined
def _middle_quantile(r: float) -> float:
    top = 7.74545014278341407640e-4
    top = top * r + 2.27238449892691845833e-2
    top = top * r + 2.41780725177450611770e-1
    top = top * r + 1.27045825245236838258e0
    top = top * r + 3.64784832476320460504e0
    top = top * r + 5.76949722146069140550e0
    top = top * r + 4.63033784615654529590e0
    top = top * r + 1.42343711074968357734e0
    bottom = 1.05075007164441684324e-9
    bottom = bottom * r + 5.47593808499534494600e-4
    bottom = bottom * r + 1.51986665636164571966e-2
    bottom = bottom * r + 1.48103976427480074590e-1
    bottom = bottom * r + 6.89767334985100004550e-1
    bottom = bottom * r + 1.67638483018380384940e0
    bottom = bottom * r + 2.05319162663775882187e0
    return top / (bottom * r + 1.0)


@inlined
def _far_quantile(r: float) -> float:
    top = 2.01033439929228813265e-7
    top = top * r + 2.71155556874348757815e-5
    top = top * r + 1.24266094738807843860e-3
    top = top * r + 2.65321895265761230930e-2
    top = top * r + 2.96560571828504891230e-1
    top = top * r + 1.78482653991729133580e0
    top = top * r + 5.46378491116411436990e0
    top = top * r + 6.65790464350110377720e0
    bottom = 2.04426310338993978564e-15
    bottom = bottom * r + 1.42151175831644588870e-7
    bottom = bottom * r + 1.84631831751005468180e-5
    bottom = bottom * r + 7.86869131145613259100e-4
    bottom = bottom * r + 1.48753612908506148525e-2
    bottom = bottom * r + 1.36929880922735805310e-1
    bottom = bottom * r + 5.99832206555887937690e-1
    return top / (bottom * r + 1.0)
