"""Taking an import back as one unit: everything it made goes, the log keeps that it was there."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from production import events, origin
from production.errors import Refused
from production.imports.runs import locked
from production.models import Asset, Board, ContentItem, ImportRun, Label, Stage
from production.permissions import Seat
from production.rules import Refusal

State = ImportRun.State


@transaction.atomic
def undo(run: ImportRun, *, seat: Seat, at: datetime) -> ImportRun:
    """Remove what the import made, whatever has happened to it since.

    Raises Refused when cards that it did not bring stand on its stages or derive from its cards.
    """
    seat.require("import.undo")
    run = locked(run)
    if run.state != State.APPLIED:
        raise Refused([Refusal("import_not_applied")])
    if run.board:
        Board.objects.select_for_update(no_key=True).get(pk=run.board_id)
    made = run.report["made"]
    items = ContentItem.objects.filter(import_run=run)
    stages = Stage.objects.filter(workspace=run.workspace, public_id__in=made["stages"])
    strangers = _strangers(run, stages, made["board"])
    if strangers:
        raise Refused([Refusal("import_in_use", {"count": strangers})])

    lines = [
        events.Line(
            "item.deleted",
            item.public_id,
            at,
            {"key": item.key, "title": item.title, "import_run": run.public_id},
            item.board_id,
            seat.user,
        )
        for item in items.select_related("workspace").order_by("id")
    ]
    board_pk = None if made["board"] else run.board_id
    files = list(
        Asset.objects.filter(item__in=items).exclude(file="").values_list("file", flat=True)
    )
    items.update(parent=None)
    items.delete()
    stages.delete()
    _drop_labels(run, made["labels"])
    if made["board"]:
        Board.objects.filter(workspace=run.workspace, public_id=made["board"]).delete()
        run.board = None
    data = {"run": run.public_id, "file": run.file_name, "items": len(lines)}
    lines.append(events.Line("import.undone", run.public_id, at, data, board_pk, seat.user))
    with origin.coming_from(origin.IMPORT, origin.current().request_id):
        events.record_many(lines, workspace_id=run.workspace_id)
    run.state, run.undone_at = State.UNDONE, at
    run.save()
    transaction.on_commit(lambda: _remove(files), robust=True)
    return run


def _remove(files: list[str]) -> None:
    for name in files:
        default_storage.delete(name)


def changed_since(run: ImportRun) -> int:
    """How many cards of the import somebody has worked on since: they would go as well."""
    if run.applied_at is None:
        return 0
    return ContentItem.objects.filter(import_run=run, updated_at__gt=run.applied_at).count()


def _strangers(run: ImportRun, stages: object, board: str) -> int:
    return (
        ContentItem.objects.filter(workspace=run.workspace)
        .exclude(import_run=run)
        .filter(Q(stage__in=stages) | Q(board__public_id=board) | Q(parent__import_run=run))
        .count()
    )


def _drop_labels(run: ImportRun, made: list[str]) -> None:
    """Labels that the import made and that nobody else has taken up."""
    Label.objects.filter(workspace=run.workspace, public_id__in=made, items=None).delete()
