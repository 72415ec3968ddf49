"""Where the time went, by stage: the median item, all, the slow fifth; the slowest stage."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import charts, flow, flowview
from production.views.flow.words import HOUR, Words, counting, sentences

KINDS = ("active", "waiting", "blocked")
# From this part of the extra time on, one kind of it is named in the title.
MAINLY = 0.4


def where(found: flowview.Flow, words: Words) -> charts.Figure:
    """Three bars on one scale, and what makes the slow items slow."""
    if found.lag:
        return charts.Figure("where", _("Where the time went, by stage"), empty=counting(found))
    spent = found.where
    if spent is None:
        return charts.Figure(
            "where",
            _("Too few published items to say where the time went"),
            empty=_("From %(fewest)s published items on, their hours are split by stage here.")
            % {"fewest": flow.FEWEST},
        )
    columns = found.time_columns
    fifth = ngettext(
        "Slow fifth, mean of %(n)s item", "Slow fifth, mean of %(n)s items", len(spent.slow)
    )
    every = ngettext("Mean of %(n)s item", "Mean of all %(n)s items", spent.all.n)
    stacks = [
        _stack(
            _("Median item, %(key)s") % {"key": spent.median.key}, spent.of_median, columns, words
        ),
        _stack(every % {"n": words.number(spent.all.n)}, spent.all, columns, words),
        _stack(fifth % {"n": words.number(len(spent.slow))}, spent.of_slow, columns, words),
    ]
    names = {
        "active": _("active time"),
        "waiting": _("waiting time"),
        "blocked": _("blocked time"),
    }
    if not spent.all.total.waiting and not spent.of_slow.total.waiting:
        del names["waiting"]
    if not spent.all.total.blocked:
        names["blocked"] = _("blocked time: none")
    target = found.ask.target
    chart = charts.Shares(
        _("Where the time went, by stage"),
        _("Bars of time by stage for the median item, for all and for the slow fifth, split "
          "into active, waiting and blocked time."),
        stacks,
        list(names.items()),
        charts.Level(target / HOUR, _("target %(time)s") % {"time": words.time(target)}),
    )  # fmt: skip
    return charts.Figure(
        "where",
        _title(spent, columns, words),
        sentences(
            _("Time by stage from commitment to publication.")
            if found.ask.from_commitment
            else _("Time by stage from idea to publication."),
            _slowest(found, columns, words),
        ),
        chart,
        _table(spent, columns, words),
        foot=""
        if found.columns.waiting
        else _("No stage is marked as waiting, so waiting shows as active."),
        over_time=False,
    )


def traffic(found: flowview.Flow, words: Words) -> charts.Table | None:
    """What came into the slowest stage and what left it, week by week."""
    if found.lag or found.bottleneck is None:
        return None
    name = _name_of(str(found.bottleneck.stage), found.time_columns)
    weeks = found.bottleneck_traffic[-8:]
    rows = [
        [
            words.week(each.monday),
            words.number(each.arrivals),
            words.number(each.departures),
            _signed(each.net, words),
        ]
        for each in weeks
    ]
    return charts.Table(
        _("Arrivals in %(stage)s and departures from it") % {"stage": name},
        [_("ISO week"), _("came"), _("left"), _("change")],
        rows,
    )


def traffic_title(found: flowview.Flow, words: Words) -> str:
    """What the weeks of the slowest stage say."""
    if found.bottleneck is None:
        return ""
    grew = sum(each.net for each in found.bottleneck_traffic)
    values = {
        "stage": _name_of(str(found.bottleneck.stage), found.time_columns),
        "count": words.number(abs(grew)),
    }
    if grew > 0:
        return (
            ngettext(
                "%(stage)s is the slowest stage, and its pile grew by %(count)s card",
                "%(stage)s is the slowest stage, and its pile grew by %(count)s cards",
                grew,
            )
            % values
        )
    if grew < 0:
        return (
            ngettext(
                "%(stage)s is the slowest stage; its pile shrank by %(count)s card",
                "%(stage)s is the slowest stage; its pile shrank by %(count)s cards",
                -grew,
            )
            % values
        )
    return _("%(stage)s is the slowest stage; as many cards left it as came") % values


def _stack(
    name: str, spent: flow.Spent, columns: list[flowview.Column], words: Words
) -> charts.Stack:
    pieces = []
    for column in columns:
        part = spent.mean(column.id)
        length = part.active + part.waiting + part.blocked
        if not length:
            continue
        text = words.time(length)
        parts = [
            charts.Part(
                time / HOUR, kind, words.number(round(time / HOUR)) if kind == "blocked" else ""
            )
            for kind, time in zip(KINDS, (part.active, part.waiting, part.blocked), strict=True)
            if time
        ]
        pieces.append(charts.Piece(column.name, text, _says(column.name, part, words), parts))
    return charts.Stack(name, words.time(_length(spent.total) / spent.n), pieces)


def _says(name: str, part: flow.Split, words: Words) -> str:
    said = [f"{name}: {words.time(_length(part))}"]
    said += [
        text % {"time": words.time(time)}
        for text, time in (
            (_("%(time)s active"), part.active),
            (_("%(time)s waiting"), part.waiting),
            (_("%(time)s blocked"), part.blocked),
        )
        if time and time != _length(part)
    ]
    if part.blocked and part.blocked == _length(part):
        said.append(_("all of it blocked"))
    elif part.waiting and part.waiting == _length(part):
        said.append(_("all of it waiting"))
    return " · ".join(said)


def _title(spent: flow.Where, columns: list[flowview.Column], words: Words) -> str:
    """What the slow items have more of; else the stage that takes most."""
    usual, slow = spent.all, spent.of_slow
    more = {
        kind: getattr(slow.total, kind) / slow.n - getattr(usual.total, kind) / usual.n
        for kind in KINDS
    }
    whole = sum(more.values(), timedelta(0))
    if whole > timedelta(0):
        values = {"whole": words.time(whole)}
        if more["blocked"] > MAINLY * whole:
            values["more"] = words.time(more["blocked"])
            return (
                _(
                    "Blocking makes items slow: %(more)s of the %(whole)s more that the "
                    "slow fifth takes"
                )
                % values
            )
        if more["waiting"] > MAINLY * whole:
            values["more"] = words.time(more["waiting"])
            return (
                _(
                    "Waiting makes items slow: %(more)s of the %(whole)s more that the "
                    "slow fifth takes"
                )
                % values
            )
        longer = {
            each.name: _length(slow.mean(each.id)) - _length(usual.mean(each.id))
            for each in columns
        }
        stage = max(longer, key=lambda name: longer[name])
        if longer[stage] > MAINLY * whole:
            values |= {"stage": stage, "more": words.time(longer[stage])}
            return (
                _(
                    "Slow items lose it in %(stage)s: %(more)s of the %(whole)s more that the "
                    "slow fifth takes"
                )
                % values
            )
    slowest = spent.bottleneck
    if slowest is None:
        return _("Where the time went, by stage")
    return _("%(stage)s takes the most time: %(share)s of it") % {
        "stage": _name_of(str(slowest.stage), columns),
        "share": words.percent(slowest.share),
    }


def _slowest(found: flowview.Flow, columns: list[flowview.Column], words: Words) -> str:
    slowest = found.bottleneck
    if slowest is None:
        return ""
    return _("Slowest stage: %(stage)s, %(share)s of all the time of %(items)s.") % {
        "stage": _name_of(str(slowest.stage), columns),
        "share": words.percent(slowest.share),
        "items": words.items(slowest.n),
    }


def _table(spent: flow.Where, columns: list[flowview.Column], words: Words) -> charts.Table:
    sets = ((_("median"), spent.of_median), (_("all"), spent.all), (_("slow fifth"), spent.of_slow))
    kinds = (_("active time"), _("waiting time"), _("blocked time"))
    rows = [
        [
            column.name,
            *(
                words.time(time) if time else "0"
                for _name, each in sets
                for time in (
                    each.mean(column.id).active,
                    each.mean(column.id).waiting,
                    each.mean(column.id).blocked,
                )
            ),
        ]
        for column in columns
    ]
    heads = [
        f"{name}: {kind}" if n == 0 else kind
        for name, _each in sets
        for n, kind in enumerate(kinds)
    ]
    return charts.Table(
        _("Mean time by stage; blocked time is not in active time"), [_("Stage"), *heads], rows
    )


def _name_of(column: str, columns: list[flowview.Column]) -> str:
    return next((each.name for each in columns if each.id == column), column)


def _length(part: flow.Split) -> timedelta:
    return part.active + part.waiting + part.blocked


def _signed(value: int, words: Words) -> str:
    return f"+{words.number(value)}" if value > 0 else words.number(value)
