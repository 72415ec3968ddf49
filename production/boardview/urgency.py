"""Which cards are late or tight, said in a way that the database can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    return _below(stages, lambda ahead: _spare(ahead, target), target, now)


def will_miss(stages: Sequence[Stage], *, target: timedelta, now: datetime) -> Q:
    """The cards whose countdown is past, or into which the stages ahead do not fit."""
    return _below(stages, _known, target, now)


def _below(
    stages: Sequence[Stage],
    needs: Callable[[Sequence[timedelta | None]], timedelta],
    target: timedelta,
    now: datetime,
) -> Q:
    """The cards with less time left than their stage needs."""
    found = Q(pk__in=[])
    for stage in stages:
        if stage.kind == flow.KINDS[0] or flow.reaches(stage.kind, flow.DELIVERY):
            continue
        needed = needs(medians_ahead(stage, stages))
        committed = Q(committed_at__lt=now - target + needed)
        if needed > target:  # from the first moment on
            committed = Q(committed_at__isnull=False)
        found |= Q(committed, stage=stage, published_at=None)
    return found


def _known(ahead: Sequence[timedelta | None]) -> timedelta:
    return sum((median for median in ahead if median is not None), timedelta(0))


def _spare(ahead: Sequence[timedelta | None], target: timedelta) -> timedelta:
    """How much time has to be left for the countdown to be plain."""
    if None in ahead:
        return max(_known(ahead), target * LEFT_SHARE)
    return _known(ahead) + target * SPARE_SHARE
