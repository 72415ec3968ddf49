"""Day by day: the cumulative flow, and how many items came out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import charts, flow, flowview
from production.views.flow.words import DAY, Words, counting, sentences

MOST_DAY_BARS = 100
MARKS = 6


def cumulative(found: flowview.Flow, words: Words) -> charts.Figure:
    """Items in a stage or a later one at each day's end, the ideas left out."""
    if found.lag:
        return charts.Figure("cfd", _("Cumulative flow"), empty=counting(found))
    flowed, wip = found.cfd, found.wip
    first = next((n for n, each in enumerate(flowed.rungs) if each.kind != "idea"), 0)
    rungs = flowed.rungs[first:]
    begin = flowed.days[0].reached[-1]
    ends = [[max(n - begin, 0) for n in day.reached[first:]] for day in flowed.days]
    now = flowed.days[-1].reached[first:]
    if not any(any(day) for day in ends):
        return charts.Figure(
            "cfd",
            _("Nothing has flowed in these days"),
            empty=_("Move a card on, or choose a longer period: what each stage holds shows here."),
        )
    names = [each.name for each in rungs]
    here = [a - b for a, b in pairwise(now)]
    layers = [
        charts.Area([day[n] for day in ends], name, f"{name} {words.number(here[n])}")
        for n, name in enumerate(names)
    ]
    out = now[-1] - begin
    layers.append(
        charts.Area([day[-1] for day in ends], _("Out"), f"{_('Out')} {words.number(out)}")
    )
    days = [each.day for each in flowed.days]
    chart = charts.Areas(
        _("Cumulative flow"),
        _("Items that have entered each stage or a later one, per local day end. The vertical "
          "distance is work in progress, the horizontal one is time."),
        layers,
        _day_marks(days, words),
        [_day_says(day, names, each.reached[first:], each.reached[-1] - begin, words)
         for day, each in zip(days, flowed.days, strict=True)],
        charts.whole_ticks(max(max(day) for day in ends)),
        words.number,
        _("out since the end of %(day)s") % {"day": words.short_day(days[0])},
    )  # fmt: skip
    ideas = flowed.days[-1].reached[0] - now[0] if first else 0
    note = _("Cumulative flow: items in a stage or a later one, per local day end.")
    if ideas:
        note = sentences(
            note,
            ngettext(
                "Ideas, %(count)s waiting, are left out.",
                "Ideas, %(count)s waiting, are left out.",
                ideas,
            )
            % {"count": words.number(ideas)},
        )
    return charts.Figure(
        "cfd",
        _flow_title(wip, words),
        note,
        chart,
        charts.Table(
            _("Items in a stage or a later one, per local day end"),
            [_("Day"), *(f"≥ {name}" for name in names), _("Out"), _("In progress")],
            [
                [
                    words.day(each.day),
                    *map(words.number, each.reached[first:]),
                    words.number(progress.n),
                ]
                for each, progress in zip(flowed.days, wip, strict=True)
            ],
        ),
        foot=_little(found, words),
    )


def throughput(found: flowview.Flow, words: Words) -> charts.Figure:
    """Items out per local day, per week where there are very many days."""
    done = found.throughput
    weekly = len(done.days) > MOST_DAY_BARS
    days = flow.per_week(done.days) if weekly else done.days
    today = flow.local_day(found.ask.now, found.ask.period.zone)
    bars = []
    for each in days:
        last = min(each.day + 6 * DAY, found.ask.period.end) if weekly else each.day
        name = words.week(each.day) if weekly else words.day(each.day)
        say = f"{name}: {words.items(each.n)}"
        is_open = last >= today
        bars.append(
            charts.Bar(
                each.n,
                _("%(what)s so far") % {"what": say} if is_open else say,
                words.on_days(max(each.day, found.ask.period.start), last) if each.n else None,
                is_open,
            )
        )
    values = {
        "rate": words.number(round(done.n / len(days), 1)),
        "zero": words.number(sum(each.n == 0 for each in days)),
        "all": words.number(len(days)),
    }
    if not done.n:
        title = _("Nothing came out in these days")
    elif weekly:
        title = _("%(rate)s items a week, %(zero)s of %(all)s weeks with none") % values
    else:
        title = _("%(rate)s items a day, %(zero)s of %(all)s days with none") % values
    marks = _day_marks([each.day for each in days], words)
    return charts.Figure(
        "throughput",
        title,
        _("Items published per ISO week; the hatched one is not over.")
        if weekly
        else _("Items published per local day; today, hatched, is not over."),
        charts.Bars(
            _("Throughput"),
            _("One bar for each day, or week, with the number of items published; none is 0."),
            bars,
            marks,
            charts.whole_ticks(max((each.n for each in days), default=1), 5),
            words.number,
        )
        if done.n
        else None,
        charts.Table(
            _("Items published"),
            [_("ISO week") if weekly else _("Day"), _("Published")],
            [
                [
                    charts.Cell(
                        words.week(each.day) if weekly else words.day(each.day), bar.href or ""
                    ),
                    words.number(each.n),
                ]
                for each, bar in zip(days, bars, strict=True)
            ],
        )
        if done.n
        else None,
        empty=_("Publish a card, or choose a longer period: each day has a bar here."),
    )


def rework(found: flowview.Flow, words: Words) -> list[str]:
    """What went backwards, in sentences."""
    back = found.rework
    if not back.n:
        return []
    keys = len(back.reworked)
    values = {
        "count": words.number(keys),
        "n": words.number(back.n),
        "moves": words.number(back.moves_back),
    }
    if not keys:
        said = [_("None of the %(n)s published items went back to an earlier stage.") % values]
    else:
        said = [
            ngettext(
                "%(count)s of %(n)s published items went back to an earlier stage, "
                "%(moves)s moves back in all.",
                "%(count)s of %(n)s published items went back to an earlier stage, "
                "%(moves)s moves back in all.",
                keys,
            )
            % values
        ]
    if back.share and keys:
        said.append(
            _("That is %(share)s, likely %(interval)s.")
            % {
                "share": words.percent(back.share.value),
                "interval": words.percents(back.share.low, back.share.high),
            }
        )
    if back.reopened:
        said.append(
            ngettext(
                "%(count)s was re-opened after it was out; its first publication counts.",
                "%(count)s were re-opened after they were out; their first publication counts.",
                len(back.reopened),
            )
            % {"count": words.number(len(back.reopened))}
        )
    return said


def reworked(found: flowview.Flow, words: Words, most: int = 12) -> list[tuple[str, str]]:
    """The keys and addresses of the items that went back, the latest first."""
    back = set(found.rework.reworked)
    keys = [each.key for each in reversed(found.deliveries) if each.id in back]
    return [(key, words.item(key)) for key in keys[:most]]


def _flow_title(wip: Sequence[flow.Day], words: Words) -> str:
    now, then = wip[-1].n, wip[0].n
    values = {
        "now": words.number(now),
        "more": words.number(abs(now - then)),
        "day": words.short_day(wip[0].day),
    }
    if now > then:
        return (
            _("More is started than finished: %(now)s in progress, %(more)s more than on %(day)s")
            % values
        )
    if now < then:
        return (
            _("More is finished than started: %(now)s in progress, %(more)s fewer than on %(day)s")
            % values
        )
    return _("As much is finished as started: %(now)s in progress, as on %(day)s") % values


def _little(found: flowview.Flow, words: Words) -> str:
    """What the rate of publication can carry (Little's law), against what is in progress."""
    rate, progress = found.throughput.per_day, found.wip[-1].n
    if found.throughput.n < flow.FEWEST or not progress:
        return ""
    values = {
        "rate": words.number(round(rate, 1)),
        "target": words.time(found.ask.target),
        "carries": words.number(round(rate * (found.ask.target / DAY))),
        "now": words.number(progress),
        "days": words.number(round(progress / rate)),
    }
    return (
        ngettext(
            "At %(rate)s published a day, a lead time of %(target)s carries about "
            "%(carries)s items. %(now)s in progress are %(days)s day of work.",
            "At %(rate)s published a day, a lead time of %(target)s carries about "
            "%(carries)s items. %(now)s in progress are %(days)s days of work.",
            round(progress / rate),
        )
        % values
    )


def _day_says(
    day: date, names: Sequence[str], reached: Sequence[int], out: int, words: Words
) -> str:
    here = [a - b for a, b in pairwise(reached)]
    said = [f"{name} {words.number(n)}" for name, n in zip(names, here, strict=True)]
    return f"{words.day(day)}: {', '.join(said)} · {_('out')} {words.number(out)}"


def _day_marks(days: Sequence[date], words: Words) -> list[tuple[int, str]]:
    """Mondays, every so many of them, and the first day where it has room before them."""
    mondays = [n for n, day in enumerate(days) if day.weekday() == 0]
    every = max(-(-len(mondays) // MARKS), 1)
    shown = mondays[::every]
    if not shown or shown[0] > len(days) / (MARKS + 1):
        shown = [0, *shown]
    return [(n, words.short_day(days[n])) for n in shown]
