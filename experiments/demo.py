"""The numbers of the invented studio: what its platforms, its CRM and its adverts told each day.

The same seed and the same hour give the same numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import exp
from zoneinfo import ZoneInfo

from django.db import transaction

from experiments import actions, observations, thresholds
from experiments.kpis import tracking
from experiments.models import Action, Grain, MetricSource, TrackedKpi
from experiments.observations import Row
from production import cycles, origin
from production.models import Channel, Membership, Publication, Role, Workspace
from production.permissions import Seat, seat_of

DAYS_TRACKED = 61
DAYS_TOLD = DAYS_TRACKED + 28
AGES = (1, 3, 7, 14, 28)  # days at which a post is told
# a day on a channel by its place in the plan: impressions, share of them that are views
SIZES = ((8_200, 0.82), (5_900, 0.55), (3_100, 0.4))
# What happens on the way: from the baseline to now.
THEN_AND_NOW: Mapping[str, tuple[float, float]] = {
    "size": (1.0, 1.78),
    "avg_view_pct": (38.0, 34.1),
    "hold_3s_pct": (58.0, 62.0),
    "saves": (0.0060, 0.0090),
    "profile_visits": (0.0125, 0.0141),
    "profile_clicks": (0.0120, 0.0134),
    "link_clicks": (0.0120, 0.0152),
    "comments": (0.0021, 0.0024),
    "follows": (0.0009, 0.0011),
    "leads": (15 / 7, 17 / 7),
    "cost": (35.0, 33.0),
}


NOTES = (
    "The audit is done and the numbers of all three channels flow in.",
    "Myth vs fact and 3 mistakes beat the baseline five weeks running.",
)
NOTES_FI = (
    "Auditointi on tehty ja kaikkien kolmen kanavan luvut kulkevat.",
    "Myytti vs fakta ja 3 virhettä ovat ylittäneet lähtötason viisi viikkoa peräkkäin.",
)


@transaction.atomic
def fill(workspace: Workspace, *, now: datetime, seed: int = 7) -> None:
    """Ninety days of numbers, and the method's KPIs on day 62 of their path."""
    chance = random.Random(seed)  # noqa: S311
    owner = Membership.objects.select_related("user", "workspace").get(
        workspace=workspace, role=Role.OWNER, user__email="ann@putki.example"
    )
    seat = seat_of(owner)
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    channels = list(Channel.objects.filter(workspace=workspace).order_by("position", "id"))
    with origin.coming_from(origin.COMMAND):
        rows = [*_days(channels, today, chance), *_posts(workspace, now, chance)]
        for name, kind, some in (
            ("Platform exports", MetricSource.Kind.FILE, [r for r in rows if r.channel]),
            ("n8n", MetricSource.Kind.API, [r for r in rows if r.publication]),
            ("CRM", MetricSource.Kind.API, list(_business(workspace, today, chance))),
        ):
            source = observations.source_of(workspace, name, kind=kind, at=now)
            done = observations.apply(some, source=source, at=now)
            observations.record_imported(seat, name, done, now)
        _begin_cycle(seat, channels, today, now)
        tracking.track_method(seat=seat, at=now - timedelta(days=DAYS_TRACKED))
    _share_out(workspace, today)
    with origin.coming_from(origin.COMMAND):
        _act(seat, now)


def _begin_cycle(seat: Seat, channels: list[Channel], today: date, now: datetime) -> None:
    """The cycle that the KPIs are on their way in: two phases are decided, the third runs."""
    finnish = seat.workspace.language == "fi"
    begun = now - timedelta(days=DAYS_TRACKED)
    first = today - timedelta(days=DAYS_TRACKED)
    roles = {each: each.role for each in channels if each.retired_at is None}
    name = "Syyssykli" if finnish else "Autumn cycle"
    cycle = cycles.start({"name": name, "starts_on": first}, channels=roles, seat=seat, at=begun)
    for number, note in enumerate(NOTES_FI if finnish else NOTES, start=1):
        ended = datetime.combine(cycles.last_day(cycle, number), now.timetz())
        cycles.decide(cycle, number, "go", note=note, seat=seat, at=ended)


def _level(name: str, day: int) -> float:
    """Where a rate stands on this day of the path; before it stands at its beginning."""
    then, now = THEN_AND_NOW[name]
    share = min(max(day / DAYS_TRACKED, 0.0), 1.0)
    return then + (now - then) * share**1.5


def _days(channels: list[Channel], today: date, chance: random.Random) -> Iterator[Row]:
    followers = [chance.randint(2_000, 9_000) for _channel in channels]
    for before in range(DAYS_TOLD, 0, -1):
        day, on_path = today - timedelta(days=before), DAYS_TRACKED - before
        week = 1.0 - 0.18 * (day.isoweekday() >= 6)
        for place, (channel, (size, watched)) in enumerate(zip(channels, SIZES, strict=False)):
            shown = size * week * _level("size", on_path) * exp(chance.gauss(0, 0.14))
            seen = shown * watched
            values: dict[str, float | None] = {
                name: _some(shown * _level(name, on_path), chance)
                for name in ("saves", "profile_visits", "profile_clicks", "comments", "follows")
            }
            if channel.platform == Channel.Platform.YOUTUBE:
                values["saves"] = None  # the platform does not tell
            values |= {
                "impressions": int(shown),
                "views": int(seen),
                "avg_view_pct": round(_level("avg_view_pct", on_path) + chance.gauss(0, 1.1), 1),
                "hold_3s_pct": round(_level("hold_3s_pct", on_path) + chance.gauss(0, 1.6), 1),
                "unfollows": _some(shown * 0.0003, chance),
            }
            visits = values["profile_visits"] or 0.0
            values["link_clicks"] = _some(visits * _level("link_clicks", on_path), chance)
            followers[place] += int((values["follows"] or 0) - (values["unfollows"] or 0))
            values["followers"] = followers[place]
            zone = ZoneInfo(channel.reporting_zone)
            yield Row(
                as_of=datetime.combine(day + timedelta(days=1), time(4), zone),
                period=day, values=values, grain=Grain.DAY, channel=channel.pk,
            )  # fmt: skip


def _posts(workspace: Workspace, now: datetime, chance: random.Random) -> Iterator[Row]:
    rows = Publication.objects.filter(workspace=workspace, published_at__isnull=False)
    for post in rows.select_related("channel").order_by("published_at", "id"):
        out: datetime = post.published_at  # type: ignore[assignment]  # asked for above
        reach = 5_200 * exp(chance.gauss(0, 0.5))
        viewed = 37 + chance.gauss(0, 4.5)
        saved, clicked = 0.0068 * exp(chance.gauss(0, 0.35)), 0.013 * exp(chance.gauss(0, 0.3))
        for age in AGES:
            moment = out + timedelta(days=age, hours=chance.uniform(-3, 3))
            if moment > now:
                break
            shown = reach * (1 - exp(-age / 4))
            yield Row(
                as_of=moment,
                period=moment.date(),
                publication=post.pk,
                values={
                    "impressions": int(shown),
                    "views": int(shown * 0.7),
                    "avg_view_pct": round(max(viewed, 12.0), 1),
                    "saves": int(shown * saved),
                    "profile_clicks": int(shown * clicked),
                    "comments": int(shown * 0.002),
                    "likes": int(shown * 0.04),
                },
            )


def _business(workspace: Workspace, today: date, chance: random.Random) -> Iterator[Row]:
    """Leads from the CRM and what adverts cost; a day without a lead is told as 0."""
    zone = ZoneInfo(workspace.time_zone)
    for before in range(DAYS_TOLD, 0, -1):
        day, on_path = today - timedelta(days=before), DAYS_TRACKED - before
        wanted = _level("leads", on_path)
        cost = wanted * _level("cost", on_path) * exp(chance.gauss(0, 0.1))
        yield Row(
            as_of=datetime.combine(day + timedelta(days=1), time(1), zone),
            period=day,
            values={"qualified_leads": _some(wanted, chance), "spend": round(cost, 2)},
            grain=Grain.DAY,
            currency="EUR",
        )


def _some(expected: float, chance: random.Random) -> int:
    """A count about the expected one, a little wider spread than by chance alone."""
    return max(round(chance.gauss(expected, (expected * 1.4) ** 0.5)), 0)


def _share_out(workspace: Workspace, today: date) -> None:
    """Who looks after which KPI; one review is late."""
    people = [
        each.user
        for each in Membership.objects.filter(workspace=workspace)
        .exclude(role=Role.EXTERNAL)
        .select_related("user")
        .order_by("id")
    ]
    monday = today + timedelta(days=7 - today.weekday())
    for place, line in enumerate(
        TrackedKpi.objects.filter(workspace=workspace).order_by("position")
    ):
        line.owner = people[place % len(people)]
        line.next_review_on = today - timedelta(days=1) if place == 3 else monday
        line.save(update_fields=["owner", "next_review_on"])


def _act(seat: Seat, now: datetime) -> None:
    """The thresholds that were crossed three weeks ago and now, each with its action."""
    thresholds.take_up(seat=seat, at=now - timedelta(days=DAYS_TRACKED))
    then = now - timedelta(days=21)
    for action in thresholds.evaluate(seat.workspace, at=then)[:1]:
        actions.close(
            action,
            outcome=Action.Outcome.DONE,
            note="Two of the three sequels were saved more often than the first part.",
            seat=seat,
            at=now - timedelta(days=15),
        )
    thresholds.evaluate(seat.workspace, at=now)
