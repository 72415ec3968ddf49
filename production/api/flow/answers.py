"""The figures of flow, as the OpenAPI page describes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

MOST_IDS = 200  # named in an answer; the rest is behind its address
MOST_DAYS = 5 * 366
MOST = 2**53
ENDS = ("idea", "commitment", "publication", "now")
KINDS = ("idea", "script", "shoot", "edit", "publish", "learn", "done")

TOO_FEW = "Null under five items: too few to say."


def Id(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=30, **kwargs)


def Count(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST, **kwargs)


def Seconds(help_text: str = "", **kwargs: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=help_text or "Elapsed seconds.", **kwargs)


class FlowPeriod(serializers.Serializer):
    start = serializers.DateField(help_text="The first local day.")
    end = serializers.DateField(help_text="The last local day, included.")
    days = Count(help_text="How many local days; one may have 23 or 25 hours.")
    time_zone = serializers.CharField(max_length=60)


class FlowEnds(serializers.Serializer):
    """The two moments that the times are counted between."""

    start = serializers.ChoiceField(ENDS, allow_null=True, help_text="Null: a moment, not a time.")
    end = serializers.ChoiceField(ENDS, help_text="publication: the first one.")


class FlowItems(serializers.Serializer):
    """The items behind a figure."""

    ids = serializers.ListField(
        child=Id(), max_length=MOST_IDS, help_text=f"The first {MOST_IDS} of them."
    )
    all = serializers.CharField(max_length=8_000, help_text="The address that lists all of them.")


class FlowShare(serializers.Serializer):
    value = serializers.FloatField(min_value=0, max_value=1)
    low = serializers.FloatField(min_value=0, max_value=1, help_text="95 % interval (Wilson).")
    high = serializers.FloatField(min_value=0, max_value=1)


class FlowPoint(serializers.Serializer):
    """One published item."""

    id = Id()
    key = serializers.CharField(max_length=20, help_text="For people: VID-42.")
    published_at = serializers.DateTimeField(help_text="Of the first publication.")
    lead_seconds = Seconds(
        "From where the clock starts; null when its beginning is unknown.", allow_null=True
    )
    cycle_seconds = Seconds("From the commitment.", allow_null=True)


class FlowColumn(serializers.Serializer):
    """A stage where one board is asked for, a kind of stage where there are several."""

    id = Id(help_text="The stage's id, or the kind.")
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(KINDS)
    waiting = serializers.BooleanField(help_text="Whether items only wait there.")


class FlowSpent(FlowColumn):
    active_seconds = Seconds("Neither waiting nor blocked; per item.")
    waiting_seconds = Seconds("In a stage where items only wait; per item.")
    blocked_seconds = Seconds("Blocked, overlaps counted once; per item.")
    share = serializers.FloatField(min_value=0, max_value=1, help_text="Of all the time.")


class FlowDay(serializers.Serializer):
    day = serializers.DateField()
    n = Count()


class FlowFigures(serializers.Serializer):
    n = Count(help_text="Items with a known lead time.")
    no_history = Count(help_text="More are out whose beginning nobody knows; they are not in n.")
    too_few = serializers.BooleanField(help_text="Under five: no figure is said.")
    within_target = Count(help_text="Items that took no longer than the target.")
    share_within_target = FlowShare(allow_null=True, help_text=TOO_FEW)
    p50 = FlowPoint(allow_null=True, help_text="The real item at the median (nearest rank).")
    p85 = FlowPoint(allow_null=True, help_text="85 % of the items took no longer than this one.")
    mean_seconds = Seconds(TOO_FEW, allow_null=True)


class FlowFrame(serializers.Serializer):
    """What every figure says of itself."""

    period = FlowPeriod()
    ends = FlowEnds()
    behind = Count(help_text="Events not counted yet; 0 unless very much happened at once.")
    server_time = serializers.DateTimeField()
