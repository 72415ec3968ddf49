"""LinkedIn: a person's fifty top posts (two tables side by side), a company page's two sheets."""

from __future__ import annotations

from experiments.imports.kinds import (
    COUNT,
    DAY,
    LINK,
    PUBLISHED,
    RATIO,
    TITLE,
    Column,
    Kind,
    count,
    moment,
    text,
)

TOP_POSTS = Kind(
    "linkedin", "top_posts", "lifetime",
    (
        text(LINK, "Post URL"), moment(PUBLISHED, "Post publish date"),
        count("engagements", "Engagements"), count("impressions", "Impressions"),
    ),
    needs=frozenset({LINK, PUBLISHED}), date_order="mdy", most_rows=50, side_by_side=True,
)  # fmt: skip


_ALSO = {"reactions": ("likes",)}


def _organic(role: str, *names: str) -> Column:
    return Column(role, COUNT, names, _ALSO.get(role, ()), "organic")


def _paid(role: str, *names: str) -> Column:
    return Column(role, COUNT, names, _ALSO.get(role, ()), "paid")


PAGE_DAYS = Kind(
    "linkedin", "page_by_day", "day",
    (
        moment(DAY, "Date"),
        _organic("impressions", "Impressions (organic)"),
        _paid("impressions", "Impressions (sponsored)"),
        _organic("reach", "Unique impressions (organic)"),
        _organic("clicks", "Clicks (organic)"), _paid("clicks", "Clicks (sponsored)"),
        _organic("reactions", "Reactions (organic)"), _paid("reactions", "Reactions (sponsored)"),
        _organic("comments", "Comments (organic)"), _paid("comments", "Comments (sponsored)"),
        _organic("shares", "Shares (organic)", "Reposts (organic)"),
        _paid("shares", "Shares (sponsored)", "Reposts (sponsored)"),
    ),
    needs=frozenset({DAY, "impressions"}), date_order="mdy", account_wide=True,
)  # fmt: skip
PAGE_POSTS = Kind(
    "linkedin", "page_posts", "lifetime",
    (
        text(TITLE, "Post Title"), text(LINK, "Post Link"),
        moment(PUBLISHED, "Created date", "Date"),
        count("impressions", "Impressions"),
        count("views", "Views (excluding off-site video views)", "Views"),
        count("clicks", "Clicks"),
        count("likes", "Likes", "Reactions", also=("reactions",)),
        count("comments", "Comments"), count("shares", "Shares", "Reposts"),
        count("follows", "Follows", "Followers"),
        Column("ctr", RATIO, ("Click-Through Rate (CTR)", "Click through rate (CTR)")),
        Column("engagement_rate", RATIO, ("Engagement Rate",)),
    ),
    needs=frozenset({LINK, "impressions", "clicks"}), date_order="mdy",
)  # fmt: skip

KINDS = (TOP_POSTS, PAGE_DAYS, PAGE_POSTS)
