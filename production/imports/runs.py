"""One file on its way in: what it holds, what was chosen for it, what would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count

from production.imports import csvfile, draft, mapping, trello
from production.imports.apply import source_ref
from production.imports.csvfile import CsvChoices
from production.imports.mapping import ImportMapping, StageBrief
from production.imports.plan import BoardPlan, Limits
from production.models import Board, ContentItem, ImportRun, Membership, Stage, User, Workspace

SAME_CARDS = 500  # as many are looked for: enough to know the board, few enough for one query


def locked(run: ImportRun) -> ImportRun:
    """The run as it is now, held until the transaction ends."""
    return (
        ImportRun.objects.select_for_update(
            of=("self",) if connection.features.has_select_for_update_of else ()
        )
        .select_related("workspace", "board")
        .get(pk=run.pk)
    )


def plan_of(run: ImportRun) -> BoardPlan:
    """The file of the run, read again with the columns chosen."""
    return plan_with(run, mapping.columns_of(run.mapping), mapping.day_first_of(run.mapping))


def plan_with(
    run: ImportRun, columns: Mapping[str, int] | None, day_first: bool | None
) -> BoardPlan:
    with run.file.open("rb") as file:
        data = file.read()
    return parsed(
        run.kind, data, CsvChoices(columns, day_first), run.workspace, run.created_at, None
    )


def parsed(
    kind: str,
    data: bytes,
    choices: CsvChoices,
    workspace: Workspace,
    at: datetime,
    limits: Limits | None,
) -> BoardPlan:
    if kind == ImportRun.Kind.TRELLO:
        return trello.parse(data, limits)
    today = at.astimezone(ZoneInfo(workspace.time_zone)).date()
    return csvfile.parse(data, today=today, choices=choices, limits=limits)


def board_of_same_cards(run: ImportRun, plan: BoardPlan) -> Board | None:
    """The board that holds most of the cards that an earlier file of the same source brought."""
    refs = [source_ref(run.kind, card.id) for card in plan.cards]
    boards = (
        Board.objects.filter(
            workspace=run.workspace, archived_at=None, items__source_ref__in=refs[:SAME_CARDS]
        )
        .annotate(cards=Count("items"))
        .order_by("-cards", "id")
    )
    return boards.first()


def draft_of(run: ImportRun, plan: BoardPlan, chosen: ImportMapping, at: datetime) -> draft.Draft:
    refs = {source_ref(run.kind, card.id): card.id for card in plan.cards}
    here = ContentItem.objects.filter(workspace=run.workspace).exclude(source_ref="")
    already = {refs[ref] for ref in here.values_list("source_ref", flat=True) if ref in refs}
    zone = ZoneInfo(run.workspace.time_zone)
    return draft.draft(plan, chosen, already_here=already, at=at, zone=zone)


def mapping_of(run: ImportRun) -> ImportMapping:
    lists = {ident: mapping.ListTarget(**target) for ident, target in run.mapping["lists"].items()}
    return ImportMapping(**{**run.mapping, "lists": lists})


def stages_of(board: Board | None) -> list[StageBrief]:
    if board is None:
        return []
    found = Stage.objects.filter(board=board, retired_at=None).order_by("position", "id")
    return [
        StageBrief(stage.public_id, stage.name, stage.kind, stage.source_ref) for stage in found
    ]


def people_in(workspace: Workspace) -> list[User]:
    """Those who may be assigned: everyone in the workspace, in order of name."""
    seats = Membership.objects.filter(workspace=workspace, removed_at=None)
    return [seat.user for seat in seats.select_related("user").order_by("user__name", "user_id")]


def people_of(workspace: Workspace, chosen: ImportMapping) -> dict[str, User]:
    """Member of the source → person of the workspace, for those still in it."""
    known = {person.public_id: person for person in people_in(workspace)}
    return {member: known[person] for member, person in chosen.members.items() if person in known}
