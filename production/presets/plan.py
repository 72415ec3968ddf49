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


# The label of a card that says something the team has not said before (R44).
NEW_MESSAGE = Both("New message", "Uusi viesti")


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """ISO weekdays, from one full hour to another, in the workspace's zone."""

    weekdays: tuple[int, ...]
    begins: int
    ends: int


_EVENINGS = (WindowPreset((1, 2, 4, 5), 19, 21), WindowPreset((6, 7), 10, 12))
_OFFICE = (WindowPreset((2, 3, 4), 8, 10), WindowPreset((2, 4), 12, 13))
# Two each, to begin with; the team's own numbers choose better ones later (R46).
WINDOWS: dict[str, tuple[WindowPreset, ...]] = {
    Channel.Platform.YOUTUBE: (WindowPreset((1, 3, 5), 17, 19), WindowPreset((7,), 10, 12)),
    Channel.Platform.YOUTUBE_SHORTS: _EVENINGS,
    Channel.Platform.TIKTOK: _EVENINGS,
    Channel.Platform.INSTAGRAM: (WindowPreset((1, 3), 12, 14), WindowPreset((2, 4, 7), 18, 20)),
    Channel.Platform.LINKEDIN: _OFFICE,
    Channel.Platform.FACEBOOK: (WindowPreset((1, 3, 5), 18, 20), WindowPreset((7,), 10, 12)),
    Channel.Platform.X: _OFFICE,
    Channel.Platform.THREADS: (WindowPreset((1, 3, 5), 18, 20), WindowPreset((6,), 10, 12)),
    Channel.Platform.PINTEREST: (WindowPreset((6, 7), 19, 21), WindowPreset((3,), 19, 21)),
    Channel.Platform.WEB: (WindowPreset((2, 4), 9, 11),),
    Channel.Platform.NEWSLETTER: (WindowPreset((2, 4), 8, 10),),
    Channel.Platform.OTHER: (WindowPreset((1, 2, 3, 4, 5), 9, 17),),
}


@dataclass(frozen=True, slots=True)
class MixPreset:
    """What a week promises. Phases 3 and 4 of the cycle keep to what is proven."""

    counts: str
    at_least: int | None = None
    at_most: int | None = None
    role: str = ""
    phase: int | None = None


MIX = (
    MixPreset("posts", 4, 6, role=Channel.Role.PRIMARY),
    MixPreset("experiments", 2),
    MixPreset("new_message", 1),
    MixPreset("questions", 2),
    MixPreset("proven", 70, phase=3),
    MixPreset("proven", 70, phase=4),
    MixPreset("tests", 20),
    MixPreset("conversion", 2, 3, phase=4),
)
