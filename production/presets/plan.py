"""Goals, channels and example pillars (R2, R10, R11, R14 to R16, R18, R19). KPIs by their code."""

from __future__ import annotations

from dataclasses import dataclass

from production.models import Channel
from production.presets.both import Both


@dataclass(frozen=True, slots=True)
class GoalPreset:
    name: Both
    primary: str
    secondary: str | None = None


GOALS = (
    GoalPreset(Both("Leads", "Liidit"), "leads-per-1000", "link-ctr"),
    GoalPreset(Both("Brand", "Brändi"), "positive-comment-share", "average-view-percent"),
    GoalPreset(Both("Community", "Yhteisö"), "engagement-per-1000"),
)


@dataclass(frozen=True, slots=True)
class ChannelPreset:
    name: str
    platform: Channel.Platform
    role: Channel.Role
    winning: str
    signals: tuple[Both, Both, Both]
    zone: str = "America/Los_Angeles"


CHANNELS = (
    ChannelPreset(
        "TikTok",
        Channel.Platform.TIKTOK,
        Channel.Role.PRIMARY,
        "three-second-hold",
        (
            Both("Watched to the end", "Katsottu loppuun"),
            Both("3-second hold", "3 sekunnin pito"),
            Both("Shares", "Jaot"),
        ),
        zone="UTC",
    ),
    ChannelPreset(
        "Instagram",
        Channel.Platform.INSTAGRAM,
        Channel.Role.PRIMARY,
        "saves-per-1000",
        (
            Both("Saves", "Tallennukset"),
            Both("Shares in messages", "Jaot viesteissä"),
            Both("Watch time of reels", "Reelsien katseluaika"),
        ),
    ),
    ChannelPreset(
        "YouTube",
        Channel.Platform.YOUTUBE,
        Channel.Role.SUPPORT,
        "average-view-percent",
        (
            Both("Watch time", "Katseluaika"),
            Both("Click rate of thumbnail and title", "Pikkukuvan ja otsikon klikkausprosentti"),
            Both("Retention", "Katsojapysyvyys"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class PillarPreset:
    name: Both
    description: Both
    kpi: str


PILLARS = (
    PillarPreset(
        Both("Know-how", "Osaaminen"),
        Both(
            "One useful thing the viewer can do today.",
            "Yksi hyödyllinen asia, jonka katsoja voi tehdä tänään.",
        ),
        "saves-per-1000",
    ),
    PillarPreset(
        Both("Proof", "Näytöt"),
        Both(
            "Cases with numbers: where it began, what was done, what came of it.",
            "Tapaukset lukuina: mistä lähdettiin, mitä tehtiin, mitä siitä tuli.",
        ),
        "leads-per-1000",
    ),
    PillarPreset(
        Both("People", "Ihmiset"),
        Both(
            "Who makes this, how a day goes, what went wrong.",
            "Kuka tätä tekee, miten päivä kulkee, mikä meni pieleen.",
        ),
        "positive-comment-share",
    ),
    PillarPreset(
        Both("Conversation", "Keskustelu"),
        Both(
            "Questions and opinions that people want to answer.",
            "Kysymyksiä ja näkemyksiä, joihin tekee mieli vastata.",
        ),
        "engagement-per-1000",
    ),
)
