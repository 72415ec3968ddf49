"""What a file of experiments would do here: which of them are new, and which lines can be kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from experiments.archives.outline import CALLED, Outlined, outline
from experiments.archives.reading import UPWORTHY, Rejected, Told, kind_of, lines
from experiments.imports.values import Issue
from experiments.models import Experiment, ExperimentImport
from experiments.results.line import Line, problem
from production.models import KpiDefinition, Workspace

CLICKS = "link-ctr"  # what the archive's totals are, where the workspace has such a KPI
_KEY = re.compile(r"EXP-(\d{1,9})", re.IGNORECASE | re.ASCII)
_AT_ONCE = 500
_BEGUN = (Experiment.State.RUNNING, Experiment.State.ENDED, Experiment.State.DECIDED)


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that can be kept: `variant` is a letter of the experiment."""

    experiment: Outlined
    variant: str
    kpi: KpiDefinition
    told: Told


@dataclass(slots=True)
class Known:
    """An experiment that is here already, with what lines may call its parts."""

    experiment: Experiment
    variants: dict[str, str]  # letter, public id or text → letter
    kpis: dict[str, KpiDefinition]


@dataclass(slots=True)
class Plan:
    """The file read once. `kpi` decides where the file names none."""

    path: Path
    workspace: Workspace
    kpi: KpiDefinition | None
    today: date
    kind: str = ""
    outlines: dict[str, Outlined] = field(default_factory=dict)
    known: dict[int, Known] = field(default_factory=dict)
    kpis: dict[str, KpiDefinition] = field(default_factory=dict)

    @property
    def new(self) -> list[Outlined]:
        """The experiments that would be made."""
        return [
            each for each in self.outlines.values()
            if each.existing is None and not each.problem(self.kind) and self.kpi_of(each)
        ]  # fmt: skip

    @property
    def asks_kpi(self) -> bool:
        """Whether a KPI has to be chosen: a new experiment is not said to count anything."""
        return any(each.existing is None and not each.kpi for each in self.outlines.values())

    def kpi_of(self, each: Outlined) -> KpiDefinition | None:
        """The KPI that decides a new experiment."""
        return self.kpis.get(each.kpi) if each.kpi else self.kpi

    def lines(self) -> Iterator[Kept | Rejected]:
        """Each line of the file, as it would be kept or why it cannot be."""
        for told in lines(self.path):
            if isinstance(told, Rejected):
                yield told
                continue
            found = self._judged(told)
            if isinstance(found, str):
                yield Rejected(Issue(f"result_{found}", told.line, told.experiment[:60]))
            else:
                yield found

    def _judged(self, told: Told) -> Kept | str:
        each = self.outlines[told.experiment]
        if each.existing is not None:
            known = self.known[each.existing]
            if known.experiment.state not in _BEGUN:
                return "not_begun"
            letter, kpi = known.variants.get(told.variant.casefold()), known.kpis.get(told.kpi)
        else:
            if why := each.problem(self.kind):
                return why
            kpi = self.kpi_of(each)
            kpi = kpi if kpi and told.kpi in ("", kpi.code) else None
            letter = each.variants[told.variant].letter
        if letter is None:
            return "unknown_variant"
        if kpi is None:
            return "unknown_kpi"
        line = Line(letter, told.day, told.exposures, told.total, kpi.code, told.sum_squares,
                    told.viewers)  # fmt: skip
        return problem(line, kpi.statistic, self.today) or Kept(each, letter, kpi, told)


def plan_of(run: ExperimentImport, today: date) -> Plan:
    """The run's file against what the workspace has. Raises Unreadable for another file."""
    path = Path(run.file.path)
    made = Plan(path, run.workspace, run.kpi, today)
    made.kind = kind_of(path)
    made.kpis = {each.code: each for each in KpiDefinition.objects.filter(workspace=run.workspace)}
    if made.kpi is None and made.kind == UPWORTHY:
        clicks = made.kpis.get(CLICKS)
        is_share = clicks and clicks.statistic == KpiDefinition.Statistic.PROPORTION
        made.kpi = clicks if is_share else None
    made.outlines = outline(lines(path), made.kind)
    _look_up(made)
    return made


def reference(name: str) -> str:
    """What an experiment made from a file is found by when the file comes again with more days."""
    return f"file:{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _look_up(made: Plan) -> None:
    rows = Experiment.objects.filter(workspace=made.workspace)
    rows = rows.select_related("kpi").prefetch_related("variants", "guardrails__kpi")
    by_reference = {reference(name): name for name in made.outlines}
    by_number = {int(found[1]): name for name in made.outlines if (found := _KEY.fullmatch(name))}
    by_id = {name: name for name in made.outlines if name.startswith("exp_")}
    for column, names in (
        ("source_ref", by_reference), ("number", by_number), ("public_id", by_id),
    ):  # fmt: skip
        keys = list(names)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            for row in rows.filter(**{f"{column}__in": some}):
                made.outlines[names[getattr(row, column)]].existing = row.pk  # type: ignore[index]
                made.known[row.pk] = _known(row)


def _known(row: Experiment) -> Known:
    variants: dict[str, str] = {}
    for each in row.variants.all():
        called = str(each.attributes.get(CALLED, ""))
        for name in (each.text, called, each.public_id, each.label):
            variants[name.casefold()] = each.label
    rails = {rail.kpi.code: rail.kpi for rail in row.guardrails.all()}
    return Known(row, variants, rails | {"": row.kpi, row.kpi.code: row.kpi})
