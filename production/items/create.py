from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from production import digests, events, flow, gates, notices, rules
from production.errors import Invalid, Refused
from production.items import fields
from production.locks import lock_board
from production.models import (
    Assignment,
    Board,
    ChecklistEntry,
    ContentItem,
    Format,
    Hook,
    Script,
    Stage,
)
from production.moves import stamps
from production.moves.places import Anchors, find_place
from production.moves.situation import Situation
from production.moves.stamps import brief
from production.permissions import Seat
from production.prepared import Prepared, Slot, insert

DERIVATIVES = (5, 12)  # R22: what a main piece should give
_STAGES = Prepared(
    lambda: Stage.objects.filter(board=Slot("board"), retired_at=None).order_by("position", "id")
)


@transaction.atomic
def create(
    board: Board,
    *,
    title: str,
    seat: Seat,
    at: datetime,
    stage: Stage | None = None,
    anchors: Anchors = Anchors(),  # noqa: B008  frozen, carries nothing
    values: Mapping[str, Any] | None = None,
) -> ContentItem:
    """Write down a new item, last in the board's first stage unless told otherwise.

    The goal presets the KPIs that are not given. A stage further on asks for all that a move there
    would ask for. Raises Invalid or Refused.
    """
    board = lock_board(board.pk)
    stages = _STAGES.models(board=board.pk)
    if not stages:
        raise Invalid({"board": [("no_stages", "The board has no stages yet.")]})
    to = stage or stages[0]
    item = _draft(board, to, title, seat, at, dict(values or {}))
    many = {name: list((values or {}).get(name, ())) for name in fields.MANY}
    if to.pk != stages[0].pk:
        _require_entry(item, stages, to, seat)
    else:
        _require_room(item, to)
    place = find_place(None, to, anchors)
    item.rank = place.rank
    item.number = _take_number(board.workspace_id)
    insert(item)
    _attach(item, many, seat, at)
    data: dict[str, Any] = {
        "key": item.key,
        "title": item.title,
        "board": board.public_id,
        "stage": brief(to),
        "rank": item.rank,
        "idea_at": item.idea_at,
    }
    if item.parent:
        data["parent"] = item.parent.public_id
    if place.ranks:
        data["ranks"] = place.ranks
    event = events.record(
        "item.created",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=board.pk,
        by=seat.user,
        at=at,
        data=data,
    )
    notices.tell(event, item, "assigned", many["assignees"])
    return item


@transaction.atomic
def from_format(
    board: Board,
    template: Format,
    *,
    title: str,
    seat: Seat,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    stage: Stage | None = None,
    anchors: Anchors = Anchors(),  # noqa: B008  frozen, carries nothing
) -> ContentItem:
    """A new item filled from the format's template: length, call to action, B-roll, script."""
    filled: dict[str, Any] = {
        "format": template,
        "cta": template.cta,
        "b_roll": list(template.b_roll),
        "length_min_seconds": template.length_min_seconds,
        "length_max_seconds": template.length_max_seconds,
    } | dict(values or {})
    item = create(board, title=title, seat=seat, at=at, stage=stage, anchors=anchors, values=filled)
    ChecklistEntry.objects.bulk_create(
        ChecklistEntry(item=item, group="B-roll", text=shot, position=position)
        for position, shot in enumerate(item.b_roll)
    )
    if template.hook_pattern:
        Hook.objects.create(item=item, text=template.hook_pattern)
    if template.script_template:
        Script.objects.create(
            item=item,
            text=template.script_template,
            updated_at=at,
            updated_by=seat.user,
        )
    digests.refresh(item)
    return item


@transaction.atomic
def derive(
    main: ContentItem, pieces: Sequence[Mapping[str, Any]], *, seat: Seat, at: datetime
) -> list[ContentItem]:
    """Cut a main piece into derivatives: each its own item that inherits promise, pillar and goal.

    Each piece says `title` and may say `channel`, `length_min_seconds`, `length_max_seconds`,
    `hook`, `cost`, `assignees`. Raises Invalid for a derivative of a derivative,
    or more than 12 in all.
    """
    if main.parent_id is not None:
        raise Refused([rules.Refusal("already_derived")])
    lock_board(main.board_id)
    there = ContentItem.objects.filter(parent=main, archived_at=None).count()
    if there + len(pieces) > DERIVATIVES[1]:
        raise Refused([rules.Refusal("limit_reached", {"limit": DERIVATIVES[1]})])
    made = []
    for piece in pieces:
        values = {
            "parent": main,
            "promise": main.promise,
            "pillar": main.pillar,
            "goal": main.goal,
            "primary_kpi": main.primary_kpi,
            "secondary_kpi": main.secondary_kpi,
            "cta": main.cta,
            "url": main.url,
            "content_type": ContentItem.ContentType.SHORT,
        } | {name: value for name, value in piece.items() if name not in ("title", "hook")}
        item = create(main.board, title=piece["title"], seat=seat, at=at, values=values)
        if hook := piece.get("hook"):
            Hook.objects.create(item=item, text=hook)
        made.append(item)
    return made


def _draft(
    board: Board,
    to: Stage,
    title: str,
    seat: Seat,
    at: datetime,
    values: dict[str, Any],
) -> ContentItem:
    values = {name: value for name, value in values.items() if name not in fields.MANY}
    item = ContentItem(
        workspace=board.workspace,
        board=board,
        stage=to,
        title=title.strip(),
        rank=0,
        idea_at=at,
        stage_entered_at=at,
        created_at=at,
        updated_at=at,
        created_by=seat.user,
        content_edited_by=seat.user,
    )
    fields.check(item, values)
    for name, value in values.items():
        setattr(item, name, value)
    if item.goal and item.primary_kpi is None:
        item.primary_kpi = item.goal.primary_kpi
    if item.goal and item.secondary_kpi is None:
        item.secondary_kpi = item.goal.secondary_kpi
    fields.validate(item, {"title", *values})
    stamps.write(item, flow.born(to.kind, at))
    return item


def _require_entry(item: ContentItem, stages: Sequence[Stage], to: Stage, seat: Seat) -> None:
    item.stage = stages[0]
    situation = Situation.whole(item, stages, seat, gates.of_board(item.board_id))
    refused = rules.refusals(situation.propose(to))
    item.stage = to
    if refused:
        raise Refused(refused)


def _require_room(item: ContentItem, to: Stage) -> None:
    if to.wip_limit is None or to.limit_mode != Stage.LimitMode.BLOCK:
        return
    wip = ContentItem.objects.filter(stage=to, archived_at=None).count()
    full = rules.room_in_stage(
        rules.ProposedMove(to.name, to.kind, to.kind, wip=wip, wip_limit=to.wip_limit)
    )
    if full:
        raise Refused(full)


def _take_number(workspace_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE production_workspace SET last_item_number = last_item_number + 1 "
            "WHERE id = %s RETURNING last_item_number",
            [workspace_id],
        )
        return int(cursor.fetchone()[0])


def _attach(item: ContentItem, many: Mapping[str, list[Any]], seat: Seat, at: datetime) -> None:
    fields.check(item, many)
    if many["labels"]:
        item.labels.set(many["labels"])
    Assignment.objects.bulk_create(
        Assignment(item=item, user=person) for person in many["assignees"]
    )
