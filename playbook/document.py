"""The playbook as one document: how this team works, by what numbers, and what it has learnt (R49).

Read from the rows as they stand. The page and the Markdown show the same parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from experiments.models import ThresholdRule
from experiments.verdictwords import chance, lift
from playbook import strategies, vocabulary
from playbook.models import Label, Learning, Play, PooledLevel, Responsibility
from production.models import Format, Gate, KpiDefinition, Window, Workspace

LEARNINGS = 20  # the newest; older ones stand on their cards
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_CERTAIN = (Label.PROVEN, Label.PROMISING, Label.LOSING)


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: a sentence or several with a name, or a table; `empty` where nothing is known."""

    code: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str


def parts_of(workspace: Workspace) -> list[Part]:
    """The chapters in the order in which one reads them."""
    none = _("Nothing yet.")
    return [
        Part("strategy", _("Strategy"), (), list(_strategy(workspace)), none),
        Part(
            "responsible", _("Who is responsible"), (_("Area"), _("Person"), _("Deputy")),
            list(_responsible(workspace)), none,
        ),
        Part(
            "gates", _("Gates"), (_("Board and stage"), _("What must hold"), _("Check")),
            list(_gates(workspace)), none,
        ),
        Part(
            "kpis", _("KPIs"), (_("KPI"), _("What is counted"), _("Source")),
            list(_kpis(workspace)), none,
        ),
        Part(
            "thresholds", _("Threshold rules"), (_("KPI"), _("When it"), _("What we do then")),
            list(_thresholds(workspace)), none,
        ),
        Part(
            "formats", _("Formats"),
            (_("Format"), _("State"), _("Title formula"), _("Call to action")),
            list(_formats(workspace)), none,
        ),
        Part(
            "windows", _("Publishing windows"), (_("Channel"), _("Days"), _("Time")),
            list(_windows(workspace)), none,
        ),
        Part("rules", _("Rules"), (), list(_rules(workspace)), none),
        Part(
            "evidence", _("What works"),
            (
                _("Level"), _("Channel and KPI"), _("State"), _("Lift, 95 %"),
                _("Next one beats average"), _("Tests"),
            ),
            list(_evidence(workspace)), _("No kind is more than unproven yet."),
        ),
        Part(
            "learnings", _("Learnings"), (_("Card"), _("Learning")),
            list(_learnings(workspace)), none,
        ),
    ]  # fmt: skip


def markdown(workspace: Workspace, *, day: str) -> str:
    """The document as Markdown; what people wrote cannot become marks."""
    found = [f"# {_('Playbook')}: {_plain(workspace.name)}", day]
    for part in parts_of(workspace):
        found.append(f"## {part.title}")
        if not part.rows:
            found.append(part.empty)
        elif part.head:
            lines = [part.head, ["---"] * len(part.head), *part.rows]
            cells = [[each if each == "---" else _plain(each) for each in row] for row in lines]
            found.append("\n".join(f"| {' | '.join(row)} |" for row in cells))
        else:
            found += [f"**{_plain(name)}**  \n{_plain(text)}" for name, text in part.rows]
    return "\n\n".join(found) + "\n"


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _strategy(workspace: Workspace) -> Iterator[Sequence[str]]:
    content = strategies.content_of(strategies.strategy_of(workspace))
    return ((strategies.label(name), text) for name, text in content.items() if text.strip())


def _responsible(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Responsibility.objects.filter(workspace=workspace, person__isnull=False)
    for row in rows.select_related("person", "deputy").order_by("area"):
        deputy = row.deputy.name if row.deputy else "–"
        yield str(row.get_area_display()), row.person.name if row.person else "–", deputy


def _gates(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Gate.objects.filter(workspace=workspace, retired_at=None)
    rows = rows.filter(stage__board__archived_at=None)
    rows = rows.select_related("stage__board", "channel")
    for row in rows.order_by("stage__board_id", "stage__position", "position", "pk"):
        holds = f"{row.label} ({row.channel.name})" if row.channel else row.label
        yield f"{row.stage.board.name}: {row.stage.name}", holds, str(row.get_check_kind_display())


def _kpis(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = KpiDefinition.objects.filter(workspace=workspace, retired_at=None)
    for row in rows.order_by("position", "pk"):
        counted = f"{row.numerator} / {row.denominator}" if row.denominator else row.numerator
        if row.per > 1:
            counted = f"{counted} × {number_format(row.per, use_l10n=True, force_grouping=True)}"
        yield row.name, counted, row.source or "–"


def _thresholds(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = ThresholdRule.objects.filter(workspace=workspace, retired_at=None)
    for row in rows.select_related("kpi").order_by("kpi__position", "pk"):
        when = str(row.get_condition_display())
        if row.line is not None:
            when = f"{when}: {number_format(row.line, use_l10n=True)}"
        yield row.kpi.name, when, row.step_text or str(row.get_step_display())


def _formats(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Format.objects.filter(workspace=workspace, retired_at=None)
    for row in rows.exclude(state=Format.State.RETIRED).order_by("position", "pk"):
        yield row.name, str(row.get_state_display()), row.title_formula or "–", row.cta or "–"


def _windows(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Window.objects.filter(workspace=workspace, retired_at=None).select_related("channel")
    for row in rows.order_by("channel__position", "begins", "pk"):
        days = ", ".join(str(WEEKDAYS_ABBR[int(day) - 1]) for day in sorted(row.weekdays))
        yield row.channel.name, days, f"{row.begins:%H:%M}–{row.ends:%H:%M}"


def _rules(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Play.objects.filter(workspace=workspace, state=Play.State.ADOPTED)
    for row in rows.order_by("attribute", "pk"):
        yield row.statement, row.reason


def _evidence(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = PooledLevel.objects.filter(workspace=workspace, randomised=True, label__in=_CERTAIN)
    rows = rows.select_related("channel", "kpi")
    for row in rows.order_by("attribute", F("lift").desc()):
        name = capfirst(vocabulary.name_of(row.attribute, row.level))
        channel = row.channel.name if row.channel else _("All channels")
        effect = f"{lift(row.lift)} ({lift(row.low95)} … {lift(row.high95)})"
        yield (
            f"{row.get_attribute_display()}: {name}", f"{channel} · {row.kpi.name}",
            str(row.get_label_display()), effect, chance(row.next_better), str(row.tests),
        )  # fmt: skip


def _learnings(workspace: Workspace) -> Iterator[Sequence[str]]:
    rows = Learning.objects.filter(workspace=workspace).select_related("item__workspace")
    for row in rows.order_by("-at", "-pk")[:LEARNINGS]:
        yield row.item.key, row.text
