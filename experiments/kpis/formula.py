"""What a KPI adds up, in metric codes: `comments+saves`, `avg_view_pct*views`. Pure."""

from __future__ import annotations

from experiments.metrics import BY_CODE, PRODUCTS


def terms(formula: str) -> list[str]:
    """The sums that the formula adds; none for an empty one."""
    return [term.strip() for term in formula.split("+") if term.strip()]


def faults(formula: str) -> list[str]:
    """The terms that cannot be summed: unknown, or a mean without what it is a mean over."""
    return [term for term in terms(formula) if not _can_be_summed(term)]


def sums(numerator: str, denominator: str) -> tuple[list[str], list[str]]:
    """The names of the sums above and below.

    A weighted mean is divided by the weights of only those whose mean is known.
    """
    above, below = terms(numerator), terms(denominator)
    if len(above) == 1 and (metric := PRODUCTS.get(above[0])) and below == [metric.weight]:
        below = [metric.weights]
    return above, below


def _can_be_summed(term: str) -> bool:
    metric = BY_CODE.get(term)
    return term in PRODUCTS or (metric is not None and not metric.weight)
