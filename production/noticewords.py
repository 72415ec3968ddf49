"""Notices in words: one sentence each, for the inbox and for the digest."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext

from production import durations
from production.models import Notice

_HOUR = 3600


def say(notice: Notice) -> str:
    """Who wants what, or what Putki has seen; needs `item` and `event`."""
    data = notice.event.data
    if notice.reason == Notice.Reason.WILL_MISS:
        return _will_miss(notice.item.title, data)
    if notice.reason == Notice.Reason.AGEING:
        return _ageing(notice.item.title, data)
    if notice.reason == Notice.Reason.OUTCOME:
        return gettext("“%(title)s” has been out for seven days and waits for a decision") % {
            "title": notice.item.title
        }
    return gettext("%(name)s %(does)s: %(title)s") % {
        "name": notice.event.actor_name or gettext("Somebody"),
        "does": notice.get_reason_display(),
        "title": notice.item.title,
    }


def _will_miss(title: str, data: dict[str, Any]) -> str:
    short = float(data.get("short_hours", 0))
    words = {
        "title": title,
        "target": durations.whole_hours(float(data.get("target_hours", 0)) * _HOUR, _language()),
        "short": _time(short),
    }
    if short < 1:
        return gettext("“%(title)s” does not fit into %(target)s any more") % words
    return gettext("“%(title)s” will miss %(target)s by %(short)s") % words


def _ageing(title: str, data: dict[str, Any]) -> str:
    words = {
        "title": title,
        "stage": data.get("stage", {}).get("name", "–"),
        "usual": _time(data.get("usual_hours", 0)),
    }
    return gettext(
        "“%(title)s” is older than usual in %(stage)s: 85 %% of cards had left it by %(usual)s"
    ) % words  # fmt: skip


def _time(hours: float) -> str:
    return durations.hours(float(hours) * _HOUR, _language())


def _language() -> str:
    return get_language() or "en"
