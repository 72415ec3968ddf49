"""TikTok: the Studio's overview without years, the Business Suite's days, lists of videos."""

from __future__ import annotations

from experiments.imports.kinds import (
    DAY,
    LINK,
    PERCENT,
    PUBLISHED,
    SECONDS,
    TITLE,
    Column,
    Kind,
    count,
    moment,
    text,
)

_VIEWS = count(
    "views", "Video Views", "Total views", "Visualizaciones de vídeos", also=("impressions",)
)
_DAY = moment(DAY, "Date", "Fecha", "Datum", "Data")

OVERVIEW = Kind(
    "tiktok", "overview", "day",
    (
        _DAY, _VIEWS,
        count("profile_visits", "Profile Views", "Visualizaciones de perfil",
              also=("profile_clicks",)),
        count("likes", "Likes", "Me gusta"), count("comments", "Comments", "Comentarios"),
        count("shares", "Shares", "Veces compartido"),
        count("reach", "Reached audience"),
        count("leads", "Leads submission"),
        count("net_follows", "Net growth"),
        count("follows", "New followers"),
        count("unfollows", "Lost followers"),
        count("phone_clicks", "Phone number clicks"),
        count("link_clicks", "Website clicks", "Link clicks"),
    ),
    needs=frozenset({DAY, "views", "profile_visits"}), account_wide=True,
    expected=frozenset({"views", "profile_visits", "likes", "comments", "shares"}),
)  # fmt: skip
VIDEOS = Kind(
    "tiktok", "videos", "lifetime",
    (
        text(TITLE, "Video title"), text(LINK, "Video link"), moment(PUBLISHED, "Post time"),
        _VIEWS, count("likes", "Likes", "Total likes"),
        count("comments", "Comments", "Total comments"), count("shares", "Shares", "Total shares"),
        count("saves", "Add to Favorites"),
        Column("watch_seconds", SECONDS, ("Total play time",)),
        Column("avg_view_seconds", SECONDS, ("Average watch time",)),
        Column("completion_pct", PERCENT, ("Watched full video",)),
    ),
    needs=frozenset({LINK, "views"}),
    expected=frozenset({"views", "likes", "comments", "shares", "saves", "avg_view_seconds"}),
)  # fmt: skip

KINDS = (OVERVIEW, VIDEOS)
