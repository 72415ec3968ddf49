"""Meta Business Suite: contents of Instagram and Facebook, videos of Facebook, daily cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from experiments.imports import retention
from experiments.imports.headers import normal
from experiments.imports.kinds import (
    CAPTION,
    COUNT,
    DAY,
    DURATION,
    ID,
    LABEL,
    LINK,
    NUMBER,
    PUBLISHED,
    SECONDS,
    TITLE,
    US_PACIFIC,
    Column,
    Kind,
    count,
    moment,
    text,
)
from experiments.imports.values import Number, Row

INTERVAL = "interval"
_DURATION = Column(DURATION, SECONDS, ("Duration (sec)",))
_PUBLISHED = moment(PUBLISHED, "Publish time")
_VIEWS = count("views", "Views", "Plays", also=("impressions",))


def _watched(row: Row, metrics: dict[str, Number | None], other: dict[str, Number | None]) -> Row:
    """Add what follows from seconds, duration and the intervals of a clip."""
    duration, seconds = other.get(DURATION), metrics.get("avg_view_seconds")
    if duration and seconds is not None:
        metrics["avg_view_pct"] = round(100 * seconds / duration, 4)
    three, reach = metrics.get("views_3s"), metrics.get("reach")
    if three is not None and reach:
        metrics["hold_3s_pct"] = round(100 * three / reach, 4)
    points = retention.points_of(other)
    if not points:
        return row
    if duration and (share := retention.at(points, 0.25 * duration)) is not None:
        metrics["retention_25_pct"] = round(100 * share, 4)
    return replace(row, curve=retention.curve(points))


INSTAGRAM = Kind(
    "instagram", "content", "lifetime",
    (
        text(ID, "Post ID"), text("account", "Account username"), text(TITLE, "Description"),
        _DURATION, _PUBLISHED, text(LINK, "Permalink"), _VIEWS,
        count("reach", "Reach"), count("likes", "Likes"), count("shares", "Shares"),
        count("comments", "Comments"), count("saves", "Saves"), count("follows", "Follows"),
        count("profile_visits", "Profile visits", also=("profile_clicks",)),
        count("link_clicks", "Link clicks"),
        count("impressions", "Impressions"),
    ),
    needs=frozenset({ID, LINK, "account"}), date_order="mdy", zone_default=US_PACIFIC,
    expected=frozenset({"views", "reach", "likes", "shares", "comments", "saves", "follows"}),
)  # fmt: skip
_FACEBOOK = (
    text("account", "Page name"), _DURATION, _PUBLISHED,
    count("reach", "Reach"), count("reactions", "Reactions", also=("likes",)),
    count("comments", "Comments"),
    count("shares", "Shares"),
    count("engagements", "Reactions, Comments and Shares"),
    count("views_3s", "3-second video views"), count("views_1m", "1-minute video views"),
    Column("watch_seconds", SECONDS, ("Seconds viewed",)),
    Column("avg_view_seconds", SECONDS, ("Average Seconds viewed",)),
    count("reports", "Negative feedback from users", "Negative feedback from users: Hide all"),
)  # fmt: skip
FACEBOOK = Kind(
    "facebook", "content", "lifetime",
    (
        text(ID, "Post ID"), text(TITLE, "Title"), text(CAPTION, "Description"),
        text(LINK, "Permalink"), *_FACEBOOK,
        _VIEWS, count("clicks", "Total clicks"), count("link_clicks", "Link Clicks"),
    ),
    needs=frozenset({ID, LINK, "account"}), date_order="mdy", zone_default=US_PACIFIC,
    finish=_watched,
    expected=frozenset({"views", "reach", "reactions", "comments", "shares", "link_clicks",
                        "avg_view_seconds", "views_3s", "reports"}),
)  # fmt: skip
VIDEO = Kind(
    "facebook", "video", "lifetime",
    (
        text(ID, "Video asset ID"), text(TITLE, "Title"), *_FACEBOOK,
        Column(INTERVAL, NUMBER, prefix="percentage of total views at interval "),
    ),
    needs=frozenset({ID, "views_3s"}), date_order="mdy", zone_default=US_PACIFIC,
    finish=_watched,
    expected=frozenset({"reach", "views_3s", "avg_view_seconds", INTERVAL}),
)  # fmt: skip
AUDIENCE = Kind(
    "meta", "audience", "lifetime", (text(LABEL, "Age & gender"),), frozenset({LABEL}),
    refused="audience",
)  # fmt: skip
KINDS = (INSTAGRAM, FACEBOOK, VIDEO, AUDIENCE)

# What a card is about, without the name of the platform in front.
_CARDS = {
    "views": "views", "reach": "reach", "viewers": "reach", "impressions": "impressions",
    "visits": "profile_visits", "profile visits": "profile_visits", "page visits": "profile_visits",
    "page and profile visits": "profile_visits", "link clicks": "link_clicks",
    "follows": "follows", "new followers": "follows", "unfollows": "unfollows",
    "interactions": "engagements", "content interactions": "engagements",
    "3-second views": "views_3s", "watch time": "",
}  # fmt: skip

_ALSO = {"views": ("impressions",), "profile_visits": ("profile_clicks",)}


def card(cells: Sequence[str], preamble: Sequence[Sequence[str]]) -> Kind | None:
    """The daily card that a header `Date, Primary` below a title begins, or None."""
    if [normal(cell) for cell in cells if cell.strip()] != ["date", "primary"]:
        return None
    titles = [row[0] for row in preamble if row and row[0].strip()]
    title = normal(titles[-1]) if titles else ""
    source = next((name for name in ("instagram", "facebook") if title.startswith(name)), "meta")
    metric = _CARDS.get(title.removeprefix(source).strip(), "")
    columns = (
        moment(DAY, "Date"),
        Column(metric or LABEL, COUNT, ("Primary",), _ALSO.get(metric, ())),
    )
    return Kind(
        source, f"daily_{metric or 'unknown'}", "day", columns, frozenset({DAY}),
        date_order="mdy", zone_default=US_PACIFIC, account_wide=True,
        refused="" if metric else "card_unknown",
    )  # fmt: skip
