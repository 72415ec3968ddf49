"""Which cards are late or tight, said in a way that the database can answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from production import flow
from production.flow.countdown import LEFT_SHARE, SPARE_SHARE
from production.models import Stage


def medians_ahead(stage: Stage, stages: Sequence[Stage]) -> list[timedelta | None]:
    """The usual time in each stage between this one and publication; None where unknown."""
    return [
        None if each.median_seconds is None else timedelta(seconds=each.median_seconds)
        for each in stages
        if each.board_id == stage.board_id
        and each.position > stage.position
        and not flow.reaches(each.kind, flow.DELIVERY)
    ]


def late(stages: Sequence[Stage], *, target: timedelta, now: datetime) -> Q:
    """The cards whose countdown is tight, does not fit or is past.

    A countdown only ever gets worse, so for each stage there is one moment: committed before it,
    the card is late or tight. The test compares this with `flow.countdown` card by card.
    """
    found = Q(pk__in=[])
    for stage in stages:
        if stage.kind == flow.KINDS[0] or flow.reaches(stage.kind, flow.DELIVERY):
            continue
        committed_before = now - target + _needs(medians_ahead(stage, stages), target)
        found |= Q(stage=stage, committed_at__lt=committed_before, published_at=None)
    return found


def _needs(ahead: Sequence[timedelta | None], target: timedelta) -> timedelta:
    """How much time has to be left for the countdown to be plain."""
    known = sum((median for median in ahead if median is not None), timedelta(0))
    if None in ahead:
        return max(known, target * LEFT_SHARE)
    return known + target * SPARE_SHARE
