"""A share of a few items, and how far the true share may lie from it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # the 97.5 % quantile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`; raises ValueError unless 0 ≤ hits ≤ n and n > 0."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} is not a share")

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.hits / self.n

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval, 0 to 1."""
        return wilson(self.hits, self.n)[0]

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval, 0 to 1."""
        return wilson(self.hits, self.n)[1]


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share: between 0 and 1 even for no hits and for nothing but hits.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927) 209-212; recommended for small n by Brown, Cai and DasGupta, Statistical Science 16
    (2001) 101-133. `z` is the normal quantile, 1.96 for 95 %. Raises ValueError for n < 1.
    """
    if n < 1:
        raise ValueError("there is no share of nothing")
    share, z2 = hits / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == n else middle + half
    return low, high
