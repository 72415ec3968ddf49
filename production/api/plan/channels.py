"""Channels: beside the doors of every word of the plan, whether they can be published to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import plan
from production.api.actions import does
from production.api.paging import bad
from production.api.plan import bodies
from production.api.plan.words import Channels as Words
from production.api.problems import invalid
from production.channelhealth import DAYS, MOST_DAYS, Health, health_of
from production.punctuality import LEAST

_DAYS = OpenApiParameter(
    "days",
    {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": DAYS},
    description="How many days back from now.",
)


class PunctualityAnswer(serializers.Serializer[Any]):
    """What became of everything that had a time in the period."""

    due = serializers.IntegerField(min_value=0, help_text="On time, late and missing together.")
    on_time = serializers.IntegerField(min_value=0, help_text="Out within the grace.")
    late = serializers.IntegerField(min_value=0, help_text="Out after the grace.")
    missing = serializers.IntegerField(min_value=0, help_text="Not out, the grace has passed.")
    success_rate_pct = serializers.FloatField(
        allow_null=True, help_text="On time, of what was due; null where `too_few`."
    )
    low_pct = serializers.FloatField(allow_null=True, help_text="95 % interval (Wilson), from.")
    high_pct = serializers.FloatField(allow_null=True, help_text="95 % interval (Wilson), to.")
    too_few = serializers.BooleanField(help_text=f"Fewer than {LEAST} were due: no rate is given.")


class HealthAnswer(serializers.Serializer[Any]):
    """Whether the channel can be published to, and how reliably it was."""

    channel = serializers.CharField(max_length=30)
    connected = serializers.BooleanField()
    disconnected_at = serializers.DateTimeField(allow_null=True)
    disconnected_reason = serializers.CharField(max_length=300, allow_blank=True)
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)
    grace_minutes = serializers.IntegerField(min_value=0)
    delivery = PunctualityAnswer()


class Channels(Words):  # type: ignore[misc, valid-type]
    @does("plan.see", answer=HealthAnswer, parameters=[_DAYS])
    def health(self, request: Request, id: str) -> Response:
        """Whether it is connected, and how much went out on time in the last days."""
        found = health_of(self.seat.workspace, [self._entry(id)], self.at, days=_days(request))
        return Response(_said(found[0]))

    @does("channel.reconnect", answer=bodies.ChannelAnswer)
    def reconnect(self, request: Request, id: str) -> Response:
        """Say that a tool can publish there again. Connected already is fine."""
        plan.reconnect(self._entry(id), seat=self.seat, at=self.at)
        return self._say(self._entry(id))


def _days(request: Request) -> int:
    asked = request.query_params.get("days", str(DAYS))
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    if not 1 <= days <= MOST_DAYS:
        raise invalid([bad("days", "out_of_range", f"1 to {MOST_DAYS}.")])
    return days


def _said(health: Health) -> dict[str, Any]:
    channel, delivery, share = health.channel, health.delivery, health.delivery.share
    return {
        "channel": channel.public_id,
        "connected": channel.disconnected_at is None,
        "disconnected_at": channel.disconnected_at,
        "disconnected_reason": channel.disconnected_reason,
        "begins": health.begins,
        "ends": health.ends,
        "days": health.days,
        "grace_minutes": int(health.grace.total_seconds() // 60),
        "delivery": {
            "due": delivery.n,
            "on_time": delivery.on_time,
            "late": delivery.late,
            "missing": delivery.missing,
            "success_rate_pct": share and round(100 * share.value, 1),
            "low_pct": share and round(100 * share.low, 1),
            "high_pct": share and round(100 * share.high, 1),
            "too_few": share is None,
        },
    }
