"""Receiving a file and settling where its lists and people go. Nothing is made of it yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from production.errors import Invalid, Refused
from production.imports import mapping, preview
from production.imports.csvfile import CsvChoices
from production.imports.mapping import ImportMapping
from production.imports.plan import BoardPlan, ImportProblem, Limits
from production.imports.runs import (
    board_of_same_cards,
    draft_of,
    locked,
    parsed,
    people_in,
    people_of,
    plan_with,
    stages_of,
)
from production.models import Board, ImportRun
from production.permissions import Seat
from production.rules import Refusal

State = ImportRun.State


@dataclass(frozen=True, slots=True)
class Received:
    """`unchanged`: this very file is in the workspace already, as `run`."""

    run: ImportRun
    unchanged: bool


def receive(
    data: bytes,
    file_name: str,
    *,
    seat: Seat,
    at: datetime,
    board: Board | None = None,
    limits: Limits | None = None,
) -> Received:
    """Read the file and propose what to make of it; nothing is made yet.

    The cards go to `board`, else to where an earlier file has put the same cards, else to a new
    board. Raises ImportProblem when the file cannot be read.
    """
    seat.require("import.run")
    digest = digest_of(data)
    here = ImportRun.objects.filter(workspace=seat.workspace, digest=digest)
    if done := here.filter(state__in=[State.APPLYING, State.APPLIED]).first():
        return Received(done, True)
    kind = kind_of(data, file_name)
    plan = parsed(kind, data, CsvChoices(), seat.workspace, at, limits)
    if kind == ImportRun.Kind.CSV and (stem := file_name.rpartition(".")[0].strip()):
        plan = replace(plan, name=stem[: mapping.BOARD_NAME_LENGTH])
    run = here.filter(state=State.PREVIEWED, created_by=seat.user).order_by("-id").first()
    if run is None:
        run = ImportRun(workspace=seat.workspace, kind=kind, digest=digest, created_by=seat.user)
        run.created_at = at
        run.file_name = file_name[-255:] or "file"
        run.file.save(f"{digest}.{kind}", ContentFile(data), save=False)
    run.state, run.board = State.PREVIEWED, board or board_of_same_cards(run, plan)
    _propose(run, plan, at)
    run.save()
    return Received(run, False)


@transaction.atomic
def settle(run: ImportRun, said: Mapping[str, Any], *, seat: Seat, at: datetime) -> ImportRun:
    """Take over what a person chose; what is not said stays. The preview is made anew.

    `board` changes the target ("" for a new one), `by_kind` asks for another proposal. Raises
    Invalid for choices that fit neither the file nor the workspace, ImportProblem for columns.
    """
    seat.require("import.run")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    known = set(ImportMapping().to_json()) | {"by_kind"}
    if unknown := sorted(set(said) - known):
        raise Invalid({name[:64]: [("unknown", _("There is no such choice."))] for name in unknown})
    before = dict(run.mapping)
    if "board" in said and said["board"] != before.get("board"):
        run.board = _board_of(seat, said["board"])
        before = {
            name: before.get(name) for name in ("board_name", "members", "columns", "day_first")
        }
    wanted = {**before, **{name: said[name] for name in said if name != "by_kind"}}
    for name in ("lists", "members"):
        if isinstance(said.get(name), Mapping) and isinstance(before.get(name), Mapping):
            wanted[name] = {**before[name], **said[name]}
    plan = plan_with(run, mapping.columns_of(wanted), mapping.day_first_of(wanted))
    if "by_kind" in said:
        _propose(run, plan, at, by_kind=said["by_kind"] is True, keep=wanted)
    else:
        if said.get("columns") is not None or "day_first" in said:
            wanted = _still_there(wanted, plan)
        chosen = mapping.from_json(
            wanted | {"board": run.board.public_id if run.board else ""},
            plan,
            stages=stages_of(run.board),
            people=[person.public_id for person in people_in(run.workspace)],
        )
        _keep(run, plan, chosen, at)
    run.save()
    return run


def digest_of(data: bytes) -> str:
    """What tells a file from all others."""
    return hashlib.sha256(data).hexdigest()


def kind_of(data: bytes, file_name: str) -> str:
    """`trello` or `csv`; a workspace's own export is for the command `import_workspace`."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{") or file_name.lower().endswith(".json"):
        if start.startswith(b'{"putki"'):
            raise ImportProblem("putki_file")
        return ImportRun.Kind.TRELLO
    return ImportRun.Kind.CSV


def _propose(
    run: ImportRun,
    plan: BoardPlan,
    at: datetime,
    *,
    by_kind: bool = False,
    keep: Mapping[str, Any] | None = None,
) -> None:
    people = [(person.public_id, person.name, person.email) for person in people_in(run.workspace)]
    proposed = mapping.propose(
        plan,
        board=run.board.public_id if run.board else "",
        stages=stages_of(run.board),
        people=people,
        by_kind=by_kind,
    )
    if keep:
        members = keep.get("members")
        proposed = replace(
            proposed,
            board_name=keep.get("board_name") or proposed.board_name,
            members=proposed.members if members is None else members,
            columns=mapping.columns_of(keep),
            day_first=mapping.day_first_of(keep),
        )
    _keep(run, plan, proposed, at)


def _keep(run: ImportRun, plan: BoardPlan, chosen: ImportMapping, at: datetime) -> None:
    run.mapping = chosen.to_json()
    run.report = preview.report_of(
        plan,
        chosen,
        draft_of(run, plan, chosen, at),
        board=run.board,
        people=people_of(run.workspace, chosen),
        workspace=run.workspace,
    )
    run.progress_total = run.report["will_make"]["items"]


def _still_there(wanted: Mapping[str, Any], plan: BoardPlan) -> dict[str, Any]:
    """Choices about lists and members that other columns have made disappear are dropped."""
    lists = {column.id for column in plan.lists}
    members = {member.id for member in plan.members}
    return {
        **wanted,
        "lists": {
            ident: target for ident, target in (wanted.get("lists") or {}).items() if ident in lists
        },
        "members": {
            ident: person
            for ident, person in (wanted.get("members") or {}).items()
            if ident in members
        },
    }


def _board_of(seat: Seat, public_id: Any) -> Board | None:
    if not public_id:
        return None
    board = (
        Board.objects.filter(workspace=seat.workspace, archived_at=None, public_id=str(public_id))
        .order_by("id")
        .first()
    )
    if board is None:
        raise Invalid({"board": [("unknown", _("There is no such board."))]})
    return board
