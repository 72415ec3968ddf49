"""Cards at risk, said once for each card, stage and risk: in the log and in people's inboxes.

A reader of clocks, not of the log: nothing happens in the rows when a card becomes late. So it
looks, once a minute, at the cards in progress whose moment has come; the cost follows the work in
progress, however long the history.

What was at risk before anybody could have been told is not told afterwards: a card that came in
with an import late or old, or one whose moment is more than a day ago (no worker ran, the target
was changed). Such cards stand on the day's list from the first moment, and are told of in the
next stage they enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from production import events, notices
from production.boardview import ageing, misses_after, running, will_miss
from production.events import Line
from production.models import (
    Assignment,
    ContentItem,
    FlowAlert,
    Membership,
    Notice,
    Risk,
    Role,
    Stage,
    User,
    Workspace,
)
from production.moves.stamps import brief

NEWS_FOR = timedelta(days=1)
AT_ONCE = 100
BY = "Putki"

_TYPES = {Risk.WILL_MISS: "item.will_miss", Risk.AGEING: "item.ageing"}
_HOUR = timedelta(hours=1)


def sweep(workspace: Workspace, *, at: datetime) -> int:
    """Raise what is due in the workspace and was not raised yet; how many alerts.

    Two workers at once, or one that dies in the middle, still raise each alert once.
    """
    stages = list(
        Stage.objects.filter(
            workspace=workspace, retired_at=None, board__archived_at=None
        ).order_by("board_id", "position", "id")
    )
    raised = 0
    for risk in Risk:
        due = _due(workspace, stages, Risk(risk), at)
        for first in range(0, len(due), AT_ONCE):
            raised += _raise(workspace, due[first : first + AT_ONCE], Risk(risk), at)
    return raised


@dataclass(frozen=True, slots=True)
class _Due:
    """A card that is at risk in its stage, and the words' figures."""

    item: int
    stage: Stage
    data: dict[str, Any]


def _due(workspace: Workspace, stages: Sequence[Stage], risk: Risk, at: datetime) -> list[_Due]:
    """The cards whose moment has come within the last day; read without holding anything."""
    target = timedelta(hours=workspace.target_hours)
    afters = _afters(stages, risk, target)
    told = FlowAlert.objects.filter(item=OuterRef("pk"), stage=OuterRef("stage"), risk=risk)
    rows: Iterable[Any] = (
        ContentItem.objects.filter(
            _at_risk(stages, risk, target, at), _is_news(afters, at), archived_at=None
        )
        .filter(~Exists(told))
        .order_by("id")
        .values_list("pk", "stage", "committed_at", "stage_entered_at", "import_run__applied_at")
    )
    by_id = {stage.pk: stage for stage in stages}
    found = []
    for item, stage_id, committed_at, entered_at, imported_at in rows:
        stage, after = by_id[stage_id], afters[stage_id]
        began = max(committed_at + after, entered_at)
        if imported_at is None or began > imported_at:
            data = _figures(stage, risk, target, after, at - committed_at)
            found.append(_Due(item, stage, data))
    return found


def _afters(stages: Sequence[Stage], risk: Risk, target: timedelta) -> dict[int, timedelta]:
    """Stage → how long after its commitment a card in it is at risk."""
    if risk == Risk.WILL_MISS:
        return {each.pk: misses_after(each, stages, target) for each in running(stages)}
    return {
        each.pk: timedelta(seconds=each.p85_seconds) for each in running(stages) if each.p85_seconds
    }


def _at_risk(stages: Sequence[Stage], risk: Risk, target: timedelta, at: datetime) -> Q:
    if risk == Risk.WILL_MISS:
        return will_miss(stages, target=target, now=at)
    return ageing(stages, now=at)


def _is_news(afters: dict[int, timedelta], at: datetime) -> Q:
    since = at - NEWS_FOR
    found = Q(pk__in=[])
    for stage, after in afters.items():
        lately = Q(committed_at__gte=since - after) | Q(stage_entered_at__gte=since)
        found |= Q(lately, stage=stage)
    return found


def _figures(
    stage: Stage, risk: Risk, target: timedelta, after: timedelta, age: timedelta
) -> dict[str, Any]:
    if risk == Risk.WILL_MISS:
        short = max(age - after, timedelta(0))
        return {
            "stage": brief(stage),
            "target_hours": target // _HOUR,
            "short_hours": round(short / _HOUR, 1),
        }
    return {
        "stage": brief(stage),
        "age_hours": round(age / _HOUR, 1),
        "usual_hours": round(after / _HOUR, 1),
    }


@transaction.atomic
def _raise(workspace: Workspace, due: Sequence[_Due], risk: Risk, at: datetime) -> int:
    """Write the alerts that still hold: events, rows and notices in one piece."""
    items = _held(due)
    # Asked anew, now that the cards are held: another worker may just have been here.
    told = set(FlowAlert.objects.filter(item__in=items, risk=risk).values_list("item", "stage"))
    fresh = [each for each in due if each.item in items and (each.item, each.stage.pk) not in told]
    made = events.record_many(
        [
            Line(
                _TYPES[risk],
                items[each.item].public_id,
                at,
                each.data,
                each.stage.board_id,
                actor_name=BY,
            )
            for each in fresh
        ],
        workspace_id=workspace.pk,
    )
    FlowAlert.objects.bulk_create(
        FlowAlert(
            workspace=workspace,
            item=items[each.item],
            stage=each.stage,
            risk=risk,
            event=event,
            raised_at=at,
        )
        for each, event in zip(fresh, made, strict=True)
    )
    told_to = _people(workspace, [each.item for each in fresh])
    for each, event in zip(fresh, made, strict=True):
        notices.tell(event, items[each.item], Notice.Reason(risk), told_to[each.item])
    return len(fresh)


def _held(due: Iterable[_Due]) -> dict[int, ContentItem]:
    """The cards, held before the workspace as every verb does, and still where they were.

    Whoever is just being changed is left for the next minute.
    """
    stages = {each.item: each.stage.pk for each in due}
    rows = ContentItem.objects.filter(pk__in=stages, archived_at=None, published_at=None)
    held = rows.select_for_update(
        no_key=True, skip_locked=connection.features.has_select_for_update_skip_locked
    ).order_by("id")
    return {item.pk: item for item in held if item.stage_id == stages[item.pk]}


def _people(workspace: Workspace, items: Sequence[int]) -> dict[int, list[User]]:
    """Who is told of each card: the owners, and whoever it is assigned to and is still here."""
    members = Membership.objects.filter(workspace=workspace, removed_at=None)
    here = {each.user_id: each for each in members.select_related("user").order_by("user")}
    wanted = {item: {id for id, each in here.items() if each.role == Role.OWNER} for item in items}
    for item, user in Assignment.objects.filter(item__in=items).values_list("item", "user"):
        wanted[item] |= {user} & here.keys()
    return {item: [here[id].user for id in sorted(ids)] for item, ids in wanted.items()}
