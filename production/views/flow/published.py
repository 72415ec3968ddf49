"""What came out: the trend by ISO week, and every item as a point."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import charts, flow, flowview
from production.views.flow.words import HOUR, Axis, Words, in_mode, sentences

TURNED = 0.10  # so much higher or lower is a change worth a title
BIN_COLUMNS = 60


def trend(found: flowview.Flow, words: Words) -> charts.Figure:
    """p50 and p85 of each ISO week against the target, with share and n under them."""
    weeks = _from_the_first(found.trend)
    leads = [each.lead for week in weeks for each in (week.figures.p85,) if each and each.lead]
    axis = Axis(leads, words, also=[found.ask.target])
    heads = [words.week(week.monday) for week in weeks]
    target = words.time(found.ask.target)
    p50, p85 = ([_hours(lead) for lead in _leads(weeks, name)] for name in ("p50", "p85"))
    chart = charts.Lines(
        _("Lead time by ISO week"),
        _("Median and 85th percentile of lead time by ISO week of publication, with the share "
          "within the target and the number of items."),
        heads,
        [_week_says(week, head, target, words) for week, head in zip(weeks, heads, strict=True)],
        [
            charts.Series(p85, "p85", _last(weeks, "p85", words), strong=True),
            charts.Series(p50, "p50", _last(weeks, "p50", words)),
        ],
        axis.ticks,
        axis,
        rows=[
            charts.Row(f"% ≤ {target}", [_share(week, words) for week in weeks], strong=True),
            charts.Row(_("items"), [words.number(week.figures.n) for week in weeks]),
        ],
        target=charts.Level(found.ask.target / HOUR, _("target %(time)s") % {"time": target}),
    )  # fmt: skip
    few = [head for week, head in zip(weeks, heads, strict=True) if week.figures.too_few]
    note = [_("Lead time by ISO week of publication.")]
    if few and len(few) < len(weeks):
        note.append(
            ngettext(
                "%(weeks)s has under %(fewest)s items: no figure.",
                "%(weeks)s have under %(fewest)s items: no figure.",
                len(few),
            )
            % {"weeks": _and(few), "fewest": flow.FEWEST}
        )
    known = any(week.figures.p85 for week in weeks)
    return charts.Figure(
        "trend",
        _trend_title(weeks, words),
        sentences(*note),
        chart if known else None,
        _trend_table(weeks, heads, target, words),
        empty=""
        if known
        else _("Publish %(fewest)s items in one week: from then on the weeks draw a line here.")
        % {"fewest": flow.FEWEST},
    )


def scatter(found: flowview.Flow, words: Words) -> charts.Figure:
    """Every published item by the moment it came out and its lead time."""
    now, ask = found.headline.now, found.ask
    timed = [each for each in found.deliveries if each.lead is not None]
    if not timed:
        return charts.Figure(
            "scatter",
            _("Nothing with a known lead time came out in these days"),
            empty=_(
                "Publish a card, or choose a longer period: each published item is a point here."
            ),
        )
    leads = [each.lead for each in timed if each.lead is not None]
    target = ask.target
    levels = [("p50", now.p50), ("p85", now.p85)]
    axis = Axis(leads, words, also=[target])
    lines = [
        charts.Level(
            target / HOUR,
            _("target %(time)s") % {"time": words.time(target)},
            "target",
            _("target"),
        )
    ]
    lines += [
        charts.Level(_hours(each.lead) or 0, f"{name} {words.time(each.lead)}", "level", name)
        for name, each in levels
        if each and each.lead
    ]
    begins, ends = _ends(ask.period)
    drawn = found.scatter
    chart = charts.Scatter(
        _("Published items by lead time"),
        _("Each published item by the moment of its publication and its lead time in hours."),
        [_point(each, target, words) for each in drawn.points],
        begins,
        ends,
        words.zone,
        axis.ticks,
        axis,
        words.monday,
        lines,
        bins(drawn.fields, ask.period, words) if drawn.fields else (),
    )
    late = now.n - now.hits
    note = _("Lead time by moment of publication. Every point opens its card.")
    if drawn.fields:
        note = _("Lead time by day of publication. The darker, the more items.")
    return charts.Figure(
        "scatter",
        _scatter_title(late, now.n, target, words),
        sentences(note, axis.strays_in_words),
        chart,
        _scatter_table(timed, target, words) if drawn.points else None,
        size=charts.FULL,
    )


def _from_the_first(weeks: list[flow.Week]) -> list[flow.Week]:
    """Without the empty weeks before anything came out, at least two."""
    first = next((n for n, week in enumerate(weeks) if week.items), len(weeks))
    return weeks[min(first, max(len(weeks) - 2, 0)) :]


def _leads(weeks: list[flow.Week], name: str) -> list[timedelta | None]:
    found = [getattr(week.figures, name) for week in weeks]
    return [each.lead if each else None for each in found]


def _last(weeks: list[flow.Week], name: str, words: Words) -> str:
    known = [lead for lead in _leads(weeks, name) if lead is not None]
    if not known:
        return ""
    return f"{_('median') if name == 'p50' else '85 %'} {words.time(known[-1])}"


def _share(week: flow.Week, words: Words) -> str:
    if week.figures.within is None:
        return _("few") if week.figures.n else "–"
    return words.number(week.figures.within.value * 100, 0)


def _week_says(week: flow.Week, head: str, target: str, words: Words) -> str:
    found = week.figures
    if found.p50 is None or found.p85 is None or found.within is None:
        return f"{head}: {words.items(found.n)}, {_('too few for a figure')}"
    return _(
        "%(week)s: median %(p50)s, 85 %% within %(p85)s, %(share)s within %(target)s, %(items)s"
    ) % {
        "week": head,
        "p50": words.time(found.p50.lead or timedelta(0)),
        "p85": words.time(found.p85.lead or timedelta(0)),
        "share": words.percent(found.within.value),
        "target": target,
        "items": words.items(found.n),
    }


def _trend_title(weeks: list[flow.Week], words: Words) -> str:
    known = [
        (week.monday, lead)
        for week, lead in zip(weeks, _leads(weeks, "p85"), strict=True)
        if lead is not None
    ]
    if not known:
        return _("Too few items a week to see a trend")
    (first, was), (last, now) = known[0], known[-1]
    values = {
        "was": words.time(was),
        "first": words.week(first),
        "now": words.time(now),
        "last": words.week(last),
    }
    if len(known) == 1:
        return _("One week with enough items: 85 %% within %(now)s in %(last)s") % values
    if now < was * (1 - TURNED):
        return (
            _("The slow end is falling: p85 from %(was)s in %(first)s to %(now)s in %(last)s")
            % values
        )
    if now > was * (1 + TURNED):
        return (
            _("The slow end is rising: p85 from %(was)s in %(first)s to %(now)s in %(last)s")
            % values
        )
    return _("The slow end stands still: p85 %(was)s in %(first)s, %(now)s in %(last)s") % values


def _trend_table(
    weeks: list[flow.Week], heads: list[str], target: str, words: Words
) -> charts.Table:
    def row(week: flow.Week, head: str) -> list[charts.Cell | str]:
        found, end = week.figures, week.monday + timedelta(days=6)
        last = min(end, words.ask.period.end)
        link = charts.Cell(head, words.on_days(week.monday, last) if week.items else "")
        hits = _("%(hits)s of %(n)s") % {
            "hits": words.number(found.hits),
            "n": words.number(found.n),
        }
        if found.within is None or found.p50 is None or found.p85 is None:
            few = _("too few") if found.n else "–"
            return [link, words.number(found.n), hits if found.n else "–", few, few, few]
        return [
            link,
            words.number(found.n),
            hits,
            words.percent(found.within.value),
            _card(found.p50, words),
            _card(found.p85, words),
        ]

    return charts.Table(
        _("Lead time by ISO week of publication"),
        [_("ISO week"), "n", _("within %(target)s") % {"target": target}, _("share"), "p50", "p85"],
        [row(week, head) for week, head in zip(weeks, heads, strict=True)],
    )


def _card(each: flow.Delivery, words: Words) -> charts.Cell:
    return charts.Cell(words.time(each.lead or timedelta(0)), words.item(each.key))


def _point(each: flow.Delivery, target: timedelta, words: Words) -> charts.Point:
    lead = each.lead or timedelta(0)
    values = {"key": each.key, "time": words.time(lead), "when": words.moment(each.published_at)}
    return charts.Point(
        each.published_at,
        lead / HOUR,
        _("%(key)s: %(time)s, published %(when)s") % values,
        words.item(each.key),
        f"{each.key} {words.time(lead)}",
        lead > target,
    )


def _scatter_title(late: int, n: int, target: timedelta, words: Words) -> str:
    values = {"late": words.number(late), "n": words.number(n), "target": words.time(target)}
    if not late:
        return (
            ngettext(
                "The one item came out within %(target)s",
                "All %(n)s items came out within %(target)s",
                n,
            )
            % values
        )
    return (
        ngettext(
            "%(late)s of %(n)s item came out past %(target)s",
            "%(late)s of %(n)s items came out past %(target)s",
            n,
        )
        % values
    )


def _scatter_table(timed: list[flow.Delivery], target: timedelta, words: Words) -> charts.Table:
    mode = bool(in_mode(timed[0], words.ask, words))

    def row(each: flow.Delivery) -> list[charts.Cell | str]:
        lead = each.lead or timedelta(0)
        over = _("%(time)s past") if lead > target else _("%(time)s to spare")
        cells: list[charts.Cell | str] = [
            charts.Cell(each.key, words.item(each.key)),
            words.moment(each.published_at),
            words.time(lead),
            over % {"time": words.time(abs(lead - target))},
        ]
        return [*cells, in_mode(each, words.ask, words)] if mode else cells

    heads = [
        _("Card"),
        _("Published"),
        _("Lead time"),
        _("Against %(target)s") % {"target": words.time(target)},
    ]
    slowest = sorted(timed, key=lambda each: each.lead or timedelta(0), reverse=True)
    return charts.Table(
        _("Published items, slowest first"),
        [*heads, _("Shown as")] if mode else heads,
        [row(each) for each in slowest],
    )


def bins(fields: tuple[flowview.Field, ...], period: flow.Period, words: Words) -> list[charts.Bin]:
    """The fields of some days joined to one column, so that columns can be seen."""
    days = -(-len(period) // BIN_COLUMNS)
    counts: Counter[tuple[int, timedelta, timedelta]] = Counter()
    for each in fields:
        counts[(each.day - period.start).days // days, each.low, each.high] += each.n
    found = []
    for (column, low, high), count in sorted(counts.items()):
        first = period.start + timedelta(days=column * days)
        last = min(first + timedelta(days=days - 1), period.end)
        say = _("%(items)s in %(low)s to %(high)s, %(days)s") % {
            "items": words.items(count),
            "low": words.time(low),
            "high": words.time(high),
            "days": words.day(first)
            if days == 1
            else words.period(flow.Period(first, last, period.zone)),
        }
        start, end = _midnight(first, words), _midnight(last + timedelta(days=1), words)
        found.append(charts.Bin(start, end, low / HOUR, high / HOUR, count, say))
    return found


def _midnight(day: date, words: Words) -> datetime:
    return datetime.combine(day, time.min, words.zone)


def _ends(period: flow.Period) -> tuple[datetime, datetime]:
    return period.begins, period.ends


def _hours(lead: timedelta | None) -> float | None:
    return None if lead is None else lead / HOUR


def _and(names: list[str]) -> str:
    """`W39, W40 and W48`."""
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
