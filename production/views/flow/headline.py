"""The first thing one sees: the share within the target, its doubt, what it is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import flow, flowview
from production.models import Workspace
from production.views.flow.words import DAY, HOUR, IN_DAYS, Words, counting, in_mode


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its figure, with a second, smaller text and the card behind it."""

    name: str
    text: str
    small: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """`share` is large; without it `title` says why there is none."""

    share: str
    title: str
    sub: str
    facts: list[Fact] = field(default_factory=list)
    against: list[Fact] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    last: Fact | None = None


def headline(found: flowview.Flow, words: Words) -> Headline:
    """The headline of the period in words."""
    now, target = found.headline.now, found.ask.target
    unknown = _unknown(found, words)
    if now.too_few or now.within is None:
        sub = ngettext(
            "%(count)s item with a known beginning came out in these days. "
            "From %(fewest)s on there are figures.",
            "%(count)s items with a known beginning came out in these days. "
            "From %(fewest)s on there are figures.",
            now.n,
        ) % {"count": words.number(now.n), "fewest": flow.FEWEST}
        against, last = _against(found, words), _last(found, words)
        return Headline("", _("Too few to say"), sub, [], against, unknown, last)
    sub = _("%(hits)s of %(n)s items, likely %(interval)s") % {
        "hits": words.number(now.hits),
        "n": words.number(now.n),
        "interval": words.percents(now.within.low, now.within.high),
    }
    return Headline(
        words.percent(now.within.value),
        _("within %(target)s") % {"target": words.time(target)},
        sub,
        _facts(found, words),
        _against(found, words),
        unknown,
    )


def _last(found: flowview.Flow, words: Words) -> Fact | None:
    """Where nothing came out: when the last item did, and the way to those days."""
    if found.deliveries:
        return None
    moments = found.ask.all_items().filter(published_at__lt=found.ask.period.begins)
    latest = moments.aggregate(latest=Max("published_at"))["latest"]
    if latest is None:
        return None
    day, length = found.ask.period.day_of(latest), len(found.ask.period)
    return Fact(
        _("Nothing came out in these days; the last time was on %(day)s.")
        % {"day": words.day(day)},
        _("Show the %(days)s days up to then") % {"days": words.number(length)},
        href=words.on_days(day - (length - 1) * DAY, day),
    )


def _facts(found: flowview.Flow, words: Words) -> list[Fact]:
    now = found.headline.now
    facts = [
        Fact(name, words.time(each.lead), in_mode(each, found.ask, words), words.item(each.key))
        for name, each in (("p50", now.p50), ("p85", now.p85))
        if each and each.lead is not None
    ]
    facts.append(Fact("n", words.number(now.n)))
    efficient = None if found.lag else found.efficiency
    if efficient is not None:
        facts.append(Fact(_("flow efficiency"), words.percent(efficient)))
    elif not found.columns.waiting:
        facts.append(Fact(_("flow efficiency"), "–", _("no stage is marked as waiting")))
    return facts


def _against(found: flowview.Flow, words: Words) -> list[Fact]:
    """The time before, the baseline, the target, the promise and the gap."""
    workspace, before = found.ask.workspace, found.headline.before
    facts = [Fact(_("Before"), _before(before, words), words.period(found.ask.period.before()))]
    facts.append(Fact(_("Baseline"), _with_days(found.baseline, words)))
    facts.append(
        Fact(
            _("Target"),
            _("%(share)s within %(target)s")
            % {
                "share": words.percent(workspace.sle_share / 100),
                "target": _with_days(found.ask.target, words),
            },
        )
    )
    if (promise := _promise(found.sle, words)) is not None:
        facts.append(promise)
    if (gap := _gap(found, workspace, words)) is not None:
        facts.append(Fact(_("Gap"), gap))
    return facts


def _before(before: flow.Figures, words: Words) -> str:
    if before.within is None or before.p85 is None or before.p85.lead is None:
        return _("too few: n %(n)s") % {"n": words.number(before.n)}
    return _("%(share)s within %(target)s · p85 %(p85)s · n %(n)s") % {
        "share": words.percent(before.within.value),
        "target": words.time(before.target),
        "p85": words.time(before.p85.lead),
        "n": words.number(before.n),
    }


def _promise(sle: flow.Sle, words: Words) -> Fact | None:
    """The team's own promise and how often it was kept."""
    if not sle.own or sle.within is None:
        return None
    promise = _("%(share)s within %(target)s") % {
        "share": words.percent(sle.share),
        "target": words.time(sle.within),
    }
    if sle.hit is None:
        return Fact(_("Promise"), promise, _("too few to say whether it holds"))
    kept = _("kept by %(hits)s of %(n)s: %(share)s") % {
        "hits": words.number(sle.hit.hits),
        "n": words.number(sle.hit.n),
        "share": words.percent(sle.hit.value),
    }
    return Fact(_("Promise"), promise, kept)


def _gap(found: flowview.Flow, workspace: Workspace, words: Words) -> str | None:
    """What still has to go, at the middle and at the slow end."""
    ordered = flow.timed(found.deliveries)
    if len(ordered) < flow.FEWEST:
        return None
    target = found.ask.target
    middle = flow.at_rank(ordered, 0.5).lead or timedelta(0)
    slow = flow.at_rank(ordered, workspace.sle_share / 100).lead or timedelta(0)
    values = {"slow": words.time(slow - target), "middle": words.time(middle - target)}
    if slow <= target:
        return _("none: the target is met")
    if middle <= target:
        return _("the slow end must lose %(slow)s; the middle is there") % values
    return _("the slow end must lose %(slow)s, the middle %(middle)s") % values


def _with_days(duration: timedelta, words: Words) -> str:
    """`72 h (3 d)`."""
    text = words.time(duration)
    if not DAY <= duration < IN_DAYS or duration % HOUR:
        return text
    return f"{text} ({words.days(duration)})"


def _unknown(found: flowview.Flow, words: Words) -> list[str]:
    """What the rows cannot tell, said aloud."""
    said = []
    no_beginning = len(found.unknown.no_beginning)
    if no_beginning:
        said.append(
            ngettext(
                "%(count)s item came out without a known beginning: "
                "it counts as published, and has no lead time.",
                "%(count)s items came out without a known beginning: "
                "they count as published, and have no lead time.",
                no_beginning,
            )
            % {"count": words.number(no_beginning)}
        )
    if found.unknown.undated:
        said.append(
            ngettext(
                "%(count)s card stands as published, but nobody said when: "
                "it is in none of these figures.",
                "%(count)s cards stand as published, but nobody said when: "
                "they are in none of these figures.",
                found.unknown.undated,
            )
            % {"count": words.number(found.unknown.undated)}
        )
    if found.lag:
        said.append(counting(found))
    return said
