"""GA4 reports: `#` lines with the period, then tables. Only utm_content names a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from experiments.imports.kinds import (
    CONTENT,
    LABEL,
    NUMBER,
    RATIO,
    SECONDS,
    Column,
    Kind,
    count,
    text,
)
from experiments.imports.values import Number, Row

_PERIOD = re.compile(r"#\s*(start|end) date:\s*(\d{4})(\d{2})(\d{2})", re.IGNORECASE)
# Events by GA4's own names that are numbers of ours.
METRIC_OF_EVENT = {
    "page_view": "page_views",
    "generate_lead": "leads",
    "qualify_lead": "qualified_leads",
}


def add_bounces(metrics: dict[str, Number]) -> None:
    """The bounce rate is what engagement leaves over, from the sums of both."""
    sessions, engaged = metrics.get("sessions"), metrics.get("engaged_sessions")
    if sessions and engaged is not None:
        metrics["bounce_rate_pct"] = round(100 * (1 - engaged / sessions), 4)


def _bounces(row: Row, metrics: dict[str, Number | None], other: object) -> Row:
    known = {name: value for name, value in metrics.items() if value is not None}
    add_bounces(known)
    metrics.update(known)
    return row


_SESSIONS = (
    count("sessions", "Sessions"),
    count("engaged_sessions", "Engaged sessions"),
    count("key_events", "Key events", "Conversions"),
    Column("avg_engagement_seconds", SECONDS, ("Average engagement time per session",)),
    Column("engagement_rate", RATIO, ("Engagement rate",)),
    Column("bounce_rate", RATIO, ("Bounce rate",)),
    Column("revenue", NUMBER, ("Total revenue",)),
)  # fmt: skip
BY_CONTENT = Kind(
    "ga4", "sessions_by_content", "period",
    (
        text(CONTENT, "Session manual ad content", "Manual ad content", "utm_content",
             "First user manual ad content"),
        *_SESSIONS,
    ),
    needs=frozenset({CONTENT, "sessions"}), ends_at_blank=True, finish=_bounces,
    expected=frozenset({"sessions", "engaged_sessions", "key_events"}),
)  # fmt: skip
TRAFFIC = Kind(
    "ga4", "sessions", "period",
    (
        text(LABEL, "Session default channel group",
             "Session primary channel group (Default channel group)",
             "Session source / medium", "Session source", "Session medium", "Session campaign",
             "First user default channel group", "Landing page + query string", "Landing page"),
        *_SESSIONS,
    ),
    needs=frozenset({LABEL, "sessions"}), ends_at_blank=True, account_wide=True, summed=True,
    expected=frozenset({"sessions", "engaged_sessions", "key_events"}),
)  # fmt: skip
EVENTS = Kind(
    "ga4", "events", "period",
    (text(LABEL, "Event name"), count("events", "Event count"), count("users", "Total users")),
    needs=frozenset({LABEL, "events"}), ends_at_blank=True, account_wide=True, summed=True,
)  # fmt: skip
KINDS = (BY_CONTENT, TRAFFIC, EVENTS)

# Sums of parts that do not overlap; users do (one person has many events) and are left out.
SUMMED = {"sessions": ("sessions", "engaged_sessions", "key_events"), "events": ()}


def period_of(preamble: Sequence[Sequence[str]]) -> tuple[date | None, date | None]:
    """Start and end from the `#` lines above a table; None for what they do not say."""
    found: dict[str, date] = {}
    for cells in preamble:
        if cells and (said := _PERIOD.match(cells[0])):
            found[said[1].lower()] = date(int(said[2]), int(said[3]), int(said[4]))
    return found.get("start"), found.get("end")


def publication_of(content: str) -> tuple[str, str]:
    """(publication, variant) of a utm_content such as `pub_01J….B`; empty when it is not ours."""
    ident, _, variant = content.strip().partition(".")
    return (ident, variant) if ident.startswith("pub_") else ("", "")
