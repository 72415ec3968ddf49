"""What a detector saw, in one sentence with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "impressions": gettext_lazy("impressions"),
    "viewed": gettext_lazy("share viewed"),
    "saves": gettext_lazy("saves per 1 000"),
    "clicks": gettext_lazy("link clicks"),
    "leads": gettext_lazy("qualified leads"),
    "negative": gettext_lazy("share of negative comments"),
    "reports": gettext_lazy("reports per 1 000"),
    "unfollows": gettext_lazy("unfollows per 1 000"),
    "published": gettext_lazy("published pieces"),
}
NOTHING = gettext_lazy("Too few numbers of the last four weeks to tell.")
# What each detector asks, for people to read before it fires.
ASKS = {
    "flood": gettext_lazy("Two weeks with 10 % more impressions and 10 % less viewed or saved."),
    "algorithm": gettext_lazy("Two formats at once lose 20 % of their reach per post."),
    "trust": gettext_lazy("Negative comments, reports or unfollows rise by half."),
    "measurement": gettext_lazy("10 % more impressions, and neither clicks nor leads follow."),
    "overload": gettext_lazy(
        "Two of three: 25 % fewer pieces, lead time over target and longer, 30 % of cards "
        "without result and decision after a week."
    ),
}


def say(detector: str, numbers: Mapping[str, Any]) -> str:
    """`Two weeks against the two before: impressions +12 %, share viewed −11 %.`"""
    if not numbers:
        return str(NOTHING)
    if detector == "algorithm":
        return _algorithm(numbers)
    parts = [f"{NAMES[name]} {_signed(numbers[name])}" for name in NAMES if name in numbers]
    if "hours" in numbers:
        told = {"now": _plain(numbers["hours"]), "was": _plain(numbers["was_hours"])}
        parts.append(_("median lead time %(now)s h, was %(was)s h") % told)
    if "due" in numbers:
        told = {"n": numbers["unlearnt"], "of": numbers["due"]}
        parts.append(_("%(n)s of %(of)s cards without a decision after a week") % told)
    return _("Two weeks against the two before: %(parts)s.") % {"parts": ", ".join(parts)}


def _algorithm(numbers: Mapping[str, Any]) -> str:
    told = [f"{name} {_signed(share)}" for name, share in numbers["formats"].items()]
    words = {
        "n": numbers["falling"], "of": numbers["of"],
        "formats": get_text_list(told, _("and")) if told else "",
    }  # fmt: skip
    if not told:
        return _("No format of %(of)s loses a fifth of its reach per post.") % words
    return _("%(n)s of %(of)s formats lose reach per post: %(formats)s.") % words


def _signed(share: float) -> str:
    percent = round(100 * share)
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{abs(percent)} %"


def _plain(value: float) -> str:
    return number_format(round(value), 0)
