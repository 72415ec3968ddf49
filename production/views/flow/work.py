"""What is in progress now: its age against the bands of its stage, and the limits."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import charts, flow, flowview
from production.views.flow.words import HOUR, Axis, Words, sentences

MOST_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Load:
    """A stage or a person, what it has, and the limit; `share` of the longest bar, 0 to 1."""

    name: str
    text: str
    share: float
    limit_share: float | None
    is_over: bool
    place: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Loads:
    title: str
    stages: list[Load]
    people: list[Load]
    has_limits: bool


def ageing(found: flowview.Flow, words: Words) -> charts.Figure:
    """Each item in progress as a point in its stage, by its age since commitment."""
    now = found.ageing
    if not now.n:
        return charts.Figure(
            "ageing",
            _("Nothing is in progress"),
            empty=_("Move an idea on to the next stage: from then on its age shows here."),
        )
    columns = _columns(found)
    bands = [band for each in columns for band in (each.p85,) if band is not None]
    axis = Axis([each.age for each in now.items], words, also=bands)
    strips = [_strip(column, found, words) for column in columns]
    n = sum(stage.n for stage in found.stage_loads if stage.kind == "idea")
    note = _("Time since commitment, against the age at which published items left that stage.")
    if not bands:
        note = _("Time since commitment.")
    return charts.Figure(
        "ageing",
        _ageing_title(now, found, words),
        sentences(note, axis.strays_in_words),
        charts.Strips(
            _("Age of the work in progress, by stage"),
            _("For each stage the 50th, 70th and 85th percentile of the age on leaving it, and "
              "one point for each item that is in it now."),
            strips,
            axis.ticks,
            axis,
        ),
        _ageing_table(now, columns, words),
        foot=_unmeasured(columns, words) if bands else (_ideas(n, words) if n else ""),
        over_time=False,
    )  # fmt: skip


def loads(found: flowview.Flow, words: Words) -> Loads:
    """Stages and people against their limits, and the one sentence about them."""
    stages = [each for each in found.stage_loads if not flow.reaches(each.kind, flow.DELIVERY)]
    stages = [each for each in stages if each.kind != "idea" or each.limit is not None]
    people = list(found.person_loads)
    longest = max([max(each.whole, each.limit or 0) for each in stages], default=0) or 1
    busiest = max([max(each.n, each.limit or 0) for each in people], default=0) or 1
    several = len({each.board for each in stages}) > 1
    return Loads(
        _loads_title(stages, people, words),
        [
            Load(
                each.name,
                _of(each.whole, each.limit, words),
                each.whole / longest,
                each.limit / longest if each.limit is not None else None,
                each.is_over,
                each.board if several else "",
            )
            for each in stages
        ],
        [
            Load(
                each.name,
                _of(each.n, each.limit, words),
                each.n / busiest,
                each.limit / busiest if each.limit is not None else None,
                each.is_over,
                href=words.address(assignee=each.person),
            )
            for each in people
        ],
        _are_limited(stages, people),
    )


def _columns(found: flowview.Flow) -> list[flowview.Column]:
    """The columns in which work is done; those of others only where something stands in them."""
    used = {each.column for each in found.ageing.items}
    columns = [
        each
        for each in found.columns.all(also=used)
        if each.id in used or (each.kind != "idea" and not flow.reaches(each.kind, flow.DELIVERY))
    ]
    if len(columns) > MOST_COLUMNS:
        columns = [each for each in columns if each.id in used]
    return columns[:MOST_COLUMNS]


def _strip(column: flowview.Column, found: flowview.Flow, words: Words) -> charts.Strip:
    items = [each for each in found.ageing.items if each.column == column.id]
    bands = (("p50", column.p50), ("p70", column.p70), ("p85", column.p85))
    return charts.Strip(
        column.name,
        words.items(len(items)),
        [(band / HOUR, f"{name} {words.time(band)}") for name, band in bands if band is not None],
        [_dot(each, words) for each in items],
    )


def _dot(each: flowview.InProgress, words: Words) -> charts.Dot:
    label = f"{each.key} {_('blocked')}" if each.blocked_reason else each.key
    return charts.Dot(
        each.age / HOUR, _says(each, words), words.item(each.key), label, _state(each)
    )


def _state(each: flowview.InProgress) -> str:
    if each.past == "p85":
        return "bad"
    return "warn" if each.past == "p70" or each.blocked_reason else ""


def _says(each: flowview.InProgress, words: Words) -> str:
    age = _("at least %(time)s") if each.at_least else "%(time)s"
    said = [
        f"{each.key} {each.title}",
        _("%(age)s since commitment") % {"age": age % {"time": words.time(each.age)}},
        _("%(time)s in %(stage)s") % {"time": words.time(each.in_stage), "stage": each.stage},
    ]
    if state := _state_words(each):
        said.append(state)
    return " · ".join(said)


def _state_words(each: flowview.InProgress) -> str:
    said = []
    if each.past == "p85":
        said.append(_("older than 85 %"))
    elif each.past == "p70":
        said.append(_("older than 70 %"))
    if each.blocked_reason:
        said.append(_("blocked: %(reason)s") % {"reason": each.blocked_reason})
    return ", ".join(said)


def _ageing_title(now: flowview.Ageing, found: flowview.Flow, words: Words) -> str:
    values = {"n": words.number(now.n), "late": words.number(len(now.late))}
    if not any(stage.p85_seconds for stage in found.columns.live):
        return (
            ngettext(
                "%(n)s item in progress; too few published to say what is old",
                "%(n)s items in progress; too few published to say what is old",
                now.n,
            )
            % values
        )
    if not now.late:
        return (
            ngettext(
                "The one item in progress is no older than usual",
                "None of the %(n)s items in progress is older than usual",
                now.n,
            )
            % values
        )
    return (
        ngettext(
            "%(late)s of %(n)s items is past the age by which 85 %% had left its stage",
            "%(late)s of %(n)s items are past the age by which 85 %% had left their stage",
            len(now.late),
        )
        % values
    )


def _ageing_table(
    now: flowview.Ageing, columns: list[flowview.Column], words: Words
) -> charts.Table:
    bands = {each.id: (each.p50, each.p70, each.p85) for each in columns}

    def row(each: flowview.InProgress) -> list[charts.Cell | str]:
        own = [words.time(band) for band in bands.get(each.column, ()) if band is not None]
        return [
            charts.Cell(each.key, words.item(each.key)),
            each.title,
            each.stage,
            _state_words(each) or "–",
            words.time(each.age),
            " / ".join(own) or "–",
        ]

    return charts.Table(
        _("Work in progress, oldest first"),
        [_("Card"), _("Title"), _("Stage"), _("State"), _("Age"), "p50 / p70 / p85"],
        [row(each) for each in now.items],
        words=4,
    )


def _unmeasured(columns: list[flowview.Column], words: Words) -> str:
    """Stages that too few items have left to have bands of their own."""
    bare = [each.name for each in columns if each.p85 is None]
    if not bare:
        return ""
    return _("No bands yet, under %(fewest)s published items left: %(stages)s.") % {
        "fewest": flow.FEWEST,
        "stages": ", ".join(bare),
    }


def _ideas(n: int, words: Words) -> str:
    return ngettext(
        "%(count)s idea waits and does not age.", "%(count)s ideas wait and do not age.", n
    ) % {"count": words.number(n)}


def _loads_title(
    stages: list[flowview.StageLoad], people: list[flowview.PersonLoad], words: Words
) -> str:
    over = [each.name for each in stages if each.is_over]
    over += [each.name for each in people if each.is_over]
    if over:
        return ngettext(
            "%(names)s has more than agreed", "%(names)s have more than agreed", len(over)
        ) % {"names": ", ".join(over)}
    if _are_limited(stages, people):
        return _("Everybody and every stage is within the limits")
    return _("Nothing limits the work in progress")


def _are_limited(stages: list[flowview.StageLoad], people: list[flowview.PersonLoad]) -> bool:
    limits = [each.limit for each in stages] + [each.limit for each in people]
    return any(limit is not None for limit in limits)


def _of(count: int, limit: int | None, words: Words) -> str:
    if limit is None:
        return words.number(count)
    return _("%(count)s of %(limit)s") % {
        "count": words.number(count),
        "limit": words.number(limit),
    }
