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
    for stage in running(stages):
        tight_after = target - _spare(medians_ahead(stage, stages), target)
        found |= _in_for(stage, tight_after, now)
    return found


def will_miss(stages: Sequence[Stage], *, target: timedelta, now: datetime) -> Q:
    """The cards whose countdown is past, or into which the stages ahead do not fit."""
    found = Q(pk__in=[])
    for stage in running(stages):
        found |= _in_for(stage, misses_after(stage, stages, target), now)
    return found


def ageing(stages: Sequence[Stage], *, now: datetime) -> Q:
    """The cards that are older than 85 % of published ones were when they left the stage."""
    found = Q(pk__in=[])
    for stage in running(stages):
        if stage.p85_seconds:
            found |= _in_for(stage, timedelta(seconds=stage.p85_seconds), now)
    return found


def running(stages: Sequence[Stage]) -> list[Stage]:
    """The stages in which the countdown of a committed card runs."""
    return [
        stage
        for stage in stages
        if stage.kind != flow.KINDS[0] and not flow.reaches(stage.kind, flow.DELIVERY)
    ]


def misses_after(stage: Stage, stages: Sequence[Stage], target: timedelta) -> timedelta:
    """How long after its commitment a card in this stage will miss; below zero, from the start."""
    return target - _known(medians_ahead(stage, stages))


def _in_for(stage: Stage, longer_than: timedelta, now: datetime) -> Q:
    """The cards of the stage whose commitment is longer ago than that."""
    if longer_than < timedelta(0):
        return Q(stage=stage, committed_at__isnull=False, published_at=None)
    return Q(stage=stage, committed_at__lt=now - longer_than, published_at=None)


def _known(ahead: Sequence[timedelta | None]) -> timedelta:
    return sum((median for median in ahead if median is not None), timedelta(0))


def _spare(ahead: Sequence[timedelta | None], target: timedelta) -> timedelta:
    """How much time has to be left for the countdown to be plain."""
    if None in ahead:
        return max(_known(ahead), target * LEFT_SHARE)
    return _known(ahead) + target * SPARE_SHARE
