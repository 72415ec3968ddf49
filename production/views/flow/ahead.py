"""The forecast both ways, with what it assumes, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production import flowview
from production.views.flow.words import Words, sentences

LIKELY, EVEN = 0.85, 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """The strong part of a sentence, the rest, and the even odds."""

    strong: str
    rest: str
    even: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Both answers, or `why_not`; the values that the form begins with."""

    by: str
    items: int
    how_many: Answer | None
    when: Answer | None
    why_not: str
    foot: str


def forecast(found: flowview.Flow, words: Words) -> Forecast:
    """How many more by a day, and when so many more are out."""
    ahead = found.ahead
    by, items = ahead.by.isoformat(), ahead.items
    if ahead.how_many is None or ahead.when is None or ahead.history is None:
        why = _("Nothing came out in this period: that forecasts nothing. Choose a longer one.")
        return Forecast(by, items, None, None, why, "")
    chance = {"chance": words.percent(LIKELY), "day": words.day(ahead.by)}
    likely, even = (ahead.how_many.with_chance(each) for each in (LIKELY, EVEN))
    how_many = Answer(
        _("%(count)s or more") % {"count": words.number(likely)},
        _("items by %(day)s, with a chance of %(chance)s.") % chance,
        _("Even odds: %(count)s or more.") % {"count": words.number(even)},
    )
    day, even_day = (ahead.day(ahead.when.with_chance(each)) for each in (LIKELY, EVEN))
    later = _("later than in ten years")
    when = Answer(
        ngettext("%(count)s item", "%(count)s items", items) % {"count": words.number(items)},
        (
            _("by %(day)s, with a chance of %(chance)s.")
            % {**chance, "day": words.day(day) if day else later}
        ),
        _("Even odds: by %(day)s.") % {"day": words.day(even_day) if even_day else later},
    )
    return Forecast(by, items, how_many, when, "", _assumptions(ahead, words))


def _assumptions(ahead: flowview.Ahead, words: Words) -> str:
    drawn = ahead.how_many
    if drawn is None or ahead.history is None:
        return ""
    zero = ngettext("%(zero)s of them with none", "%(zero)s of them with none", drawn.zero_days)
    short = _("Fewer than ten days of history: take it as a guess.") if drawn.is_short else ""
    days = ngettext("%(days)s day", "%(days)s days", len(drawn.history))
    return sentences(
        _(
            "Daily throughput of %(period)s (%(days)s, %(zero)s), drawn %(runs)s times, "
            "seed %(seed)s."
        )
        % {
            "period": words.period(ahead.history),
            "days": days % {"days": words.number(len(drawn.history))},
            "zero": zero % {"zero": words.number(drawn.zero_days)},
            "runs": words.number(drawn.runs),
            "seed": drawn.seed,
        },
        _("It begins tomorrow and holds only while the team and the week stay as they were."),
        short,
    )
