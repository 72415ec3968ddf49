"""The first pass over a file: which experiments it holds, with which variants. No numbers yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from experiments import rules
from experiments.archives.reading import UPWORTHY, Rejected, Told
from experiments.imports.values import Unreadable
from experiments.models import Experiment

MOST_EXPERIMENTS = 50_000
CALLED = "called"  # the attribute that keeps what the file calls a variant
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class Variant:
    letter: str
    text: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Outlined:
    """One experiment of the file. `existing` is its key here, once it is looked up."""

    name: str
    title: str
    variable: str
    allocation: str
    first: date
    last: date
    kpi: str = ""
    withdrawn: bool = False
    variants: dict[str, Variant] = field(default_factory=dict)
    existing: int | None = None
    made: int = 0  # its key, once the file has made it
    second: str = ""  # what else differs, in an archive that changed two things at once

    def problem(self, kind: str) -> str:
        """Why no experiment can be made of it; empty when one can."""
        if len(self.variants) < 2:
            return "one_variant"
        if self.variable not in Experiment.Variable.values:
            return "variable_missing"
        if self.allocation not in Experiment.Allocation.values:
            return "allocation_unknown"
        most = len(LETTERS) if kind == UPWORTHY else max(rules.VARIANTS)
        return "too_many_variants" if len(self.variants) > most else ""


def outline(lines: Iterable[Told | Rejected], kind: str) -> dict[str, Outlined]:
    """Every experiment of the file by its name, in the order in which they first stand there."""
    found: dict[str, Outlined] = {}
    for told in lines:
        if isinstance(told, Rejected):
            continue
        each = found.get(told.experiment)
        if each is None:
            if len(found) == MOST_EXPERIMENTS:
                raise Unreadable("too_many_experiments", told.line, limit=MOST_EXPERIMENTS)
            each = found[told.experiment] = _begun(told, kind)
        _see(each, told)
    if kind == UPWORTHY:
        for each in found.values():
            _what_differs(each)
    return found


def _begun(told: Told, kind: str) -> Outlined:
    allocation: str = told.allocation.lower() or Experiment.Allocation.NONE
    if kind == UPWORTHY:
        allocation = Experiment.Allocation.OWN_RANDOM
    title = told.text if kind == UPWORTHY else told.title
    return Outlined(
        told.experiment, title or told.experiment, told.variable.lower(), allocation,
        told.day, told.day, told.kpi,
    )  # fmt: skip


def _see(each: Outlined, told: Told) -> None:
    each.first, each.last = min(each.first, told.day), max(each.last, told.day)
    each.withdrawn |= told.withdrawn
    if told.variant not in each.variants and len(each.variants) <= len(LETTERS):
        place = min(len(each.variants), len(LETTERS) - 1)
        text = told.text or told.variant
        attributes = dict(told.attributes) or {CALLED: told.variant}
        each.variants[told.variant] = Variant(LETTERS[place], text, attributes)


def _what_differs(each: Outlined) -> None:
    """The archive does not say what was tried: the headline, the picture, or both."""
    differ = [
        name for name in ("title", "thumbnail")
        if len({variant.attributes[name] for variant in each.variants.values()}) > 1
    ]  # fmt: skip
    each.variable = differ[0] if differ else "title"
    each.second = differ[1] if len(differ) > 1 else ""
