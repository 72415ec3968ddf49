"""The playbook: what hooks, lengths and calls to action are worth, and how sure that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from experiments.models import Experiment
from experiments.verdictwords import chance, lift
from playbook import picture, vocabulary
from playbook.models import Attribute, Evidence, Label, PooledLevel
from playbook.reckoning import pooling
from production.charts.svg import Drawn
from production.doors import seated
from production.models import Workspace
from production.permissions import Seat

LINKS = 4  # experiments named in a row; the rest are counted
TONES = {
    Label.PROVEN: "good", Label.PROMISING: "calm", Label.LOSING: "bad", Label.UNPROVEN: "unsure",
    Label.STALE: "unsure",
}  # fmt: skip
NOTES = {
    Attribute.HOOK: gettext_lazy("What the first sentence says"),
    Attribute.LENGTH: gettext_lazy("Seconds, as published"),
    Attribute.CTA: gettext_lazy("The one thing asked for"),
    Attribute.THUMBNAIL: gettext_lazy("What the picture shows"),
}
EXCLUDED = {
    "srm": gettext_lazy("the split was not as planned"),
    "invalid": gettext_lazy("a person let it not count"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One level as the table shows it."""

    row: PooledLevel
    name: str
    tone: str
    more: str
    picture: Drawn
    lift: str
    range95: str
    range80: str
    better: str
    next_of_100: int
    experiments: Sequence[Experiment]
    others: int


@dataclass(frozen=True, slots=True)
class Group:
    """The levels of one attribute, the best first."""

    name: str
    note: Any
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two levels worth comparing next."""

    one: str
    other: str
    say: str


@dataclass(frozen=True, slots=True)
class _Doubt:
    name: str
    p_best: float


@require_safe
@seated("playbook.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the experiments of a channel and a KPI say together; the most tried by default."""
    workspace = seat.workspace
    pools = _pools(workspace)
    chosen = next(
        (each for each in pools if each["value"] == request.GET.get("of")), next(iter(pools), None)
    )
    context: dict[str, Any] = {
        "pools": pools,
        "chosen": chosen,
        "left_out": _left_out(workspace),
        "may_plan": seat.may("experiment.change"),
    }
    if chosen is not None:
        of = {"channel": chosen["channel"], "kpi": chosen["kpi"]}
        rows = list(
            PooledLevel.objects.filter(workspace=workspace, randomised=True, **of).order_by("-lift")
        )
        axis = picture.axis_of(rows)
        lines = Evidence.objects.filter(
            workspace=workspace, randomised=True, excluded="", **of
        ).select_related("experiment")
        behind = _behind(list(lines))
        groups = [
            Group(
                str(name),
                NOTES.get(Attribute(value), ""),
                [_line(row, axis, behind) for row in rows if row.attribute == value],
            )
            for value, name in Attribute.choices
        ]
        counted = Counter(row.label for row in rows)
        context |= {
            "groups": [group for group in groups if group.lines],
            "axis": axis.draw(),
            "labels": [
                (name, counted[value], TONES.get(Label(value), ""))
                for value, name in Label.choices
                if counted[value]
            ],
            "tests": len({line.experiment_id for line in lines}),
            "variants": len({line.variant_id for line in lines}),
            "contrasts": _contrasts(rows),
            "proven": counted[Label.PROVEN],
            "expected_false": sum(1 - row.better for row in rows if row.label == Label.PROVEN),
            "at": rows[0].at,
        }
    return render(request, "playbook/plays.html", context)


def _pools(workspace: Workspace) -> list[dict[str, Any]]:
    """Channel and KPI of every pool, the most tried first."""
    rows = PooledLevel.objects.filter(workspace=workspace, randomised=True)
    found = rows.values("channel", "kpi", "channel__name", "kpi__name").annotate(
        most=Max("tests"), tried=Sum("variants")
    )
    return [
        {
            "value": f"{each['channel'] or 0}-{each['kpi']}",
            "channel": each["channel"],
            "kpi": each["kpi"],
            "kpi_name": each["kpi__name"],
            "name": f"{each['channel__name'] or _('All channels')} · {each['kpi__name']}",
        }
        for each in found.order_by("-tried", "-most", "kpi__name", "channel__name")
    ]


def _behind(lines: Sequence[Evidence]) -> dict[tuple[str, str], list[Experiment]]:
    """The experiments behind each level, the newest first."""
    found: dict[tuple[str, str], dict[int, Experiment]] = defaultdict(dict)
    for line in lines:
        found[line.attribute, line.level][line.experiment_id] = line.experiment
    return {
        key: sorted(those.values(), key=lambda each: -each.number) for key, those in found.items()
    }


def _line(
    row: PooledLevel, axis: picture.Axis, behind: dict[tuple[str, str], list[Experiment]]
) -> Line:
    name = vocabulary.name_of(row.attribute, row.level)
    experiments = behind.get((row.attribute, row.level), [])
    return Line(
        row=row,
        name=name,
        tone=TONES.get(Label(row.label), ""),
        more=_more(row),
        picture=picture.draw(row, name, axis),
        lift=lift(row.lift),
        range95=f"{lift(row.low95)} … {lift(row.high95)}",
        range80=f"{lift(row.low80)} … {lift(row.high80)}",
        better=chance(row.better),
        next_of_100=min(max(round(row.next_better * 100), 1), 99),
        experiments=experiments[:LINKS],
        others=max(len(experiments) - LINKS, 0),
    )


def _more(row: PooledLevel) -> str:
    """How far it is from an answer; nothing for what has one."""
    if row.label in (Label.PROVEN, Label.LOSING):
        return ""
    missing = row.tests_missing
    if missing is None or missing > 40:
        return _("over 40 more tests")
    least = max(missing, 5 - row.tests, 1)
    return ngettext("about %(n)s more test", "about %(n)s more tests", least) % {"n": least}


def _contrasts(rows: Sequence[PooledLevel]) -> list[Contrast]:
    """The contrasts whose answer is most open among what is tried most."""
    found = []
    for attribute in Attribute.values:
        those = {row.level: row for row in rows if row.attribute == attribute}
        tried = sum(row.variants for row in those.values())
        for each in pooling().next_contrasts(
            [_Doubt(row.level, row.best) for row in those.values()],
            {row.level: row.variants / tried for row in those.values()},
        ):
            one, other = those[each.one], those[each.other]
            told = {
                "one": chance(one.best),
                "other": chance(other.best),
                "tests": one.tests + other.tests,
            }
            say = _("Chance to be the best: %(one)s and %(other)s.") % told
            names = [vocabulary.name_of(attribute, row.level) for row in (one, other)]
            found.append((each.score, Contrast(names[0], names[1], say)))
    return [each for _score, each in sorted(found, key=lambda pair: -pair[0])[:3]]


def _left_out(workspace: Workspace) -> list[tuple[Experiment, Any]]:
    """Experiments that are over and count nowhere, each with the reason."""
    rows = Evidence.objects.filter(workspace=workspace, excluded__in=EXCLUDED)
    found: dict[int, tuple[Experiment, Any]] = {
        row.experiment_id: (row.experiment, EXCLUDED[row.excluded])
        for row in rows.select_related("experiment").order_by("-experiment__number")
    }
    observed = Evidence.objects.filter(workspace=workspace, randomised=False)
    for row in observed.select_related("experiment").order_by("-experiment__number"):
        found[row.experiment_id] = (row.experiment, _("who saw what was not drawn by lot"))
    return list(found.values())
