"""Committing a file that was previewed: claimed at once, made in one transaction."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import IntegrityError, connection, transaction

from production import doorbell, events, faults, origin
from production.errors import NotAllowed, Refused
from production.imports import preview, progress
from production.imports.apply import Writing
from production.imports.runs import draft_of, locked, mapping_of, people_of, plan_with
from production.models import Board, ImportRun, User
from production.permissions import Seat
from production.rules import Refusal

log = structlog.get_logger("putki.imports")
State = ImportRun.State
MOST_TRIES = 5  # a file whose import kills the process each time must not come back for ever


@transaction.atomic
def begin(
    run: ImportRun,
    *,
    seat: Seat,
    at: datetime,
    override: bool = False,
    in_background: bool = False,
) -> ImportRun:
    """Claim the file for one import, to be done by `apply`; `in_background` wakes a worker for it.

    Raises Refused with what existing stages say against it unless an owner overrides; Refused
    while a question is open, or when the same file is being brought in already.
    """
    seat.require("import.run")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    if override and not seat.may("item.override"):
        raise NotAllowed("item.override")
    if run.report.get("questions"):
        raise Refused([Refusal("import_question_open")])
    if not run.report["will_make"]["items"]:
        raise Refused([Refusal("import_nothing")])
    refusals = [Refusal(each["code"], each["params"]) for each in run.report.get("refusals", ())]
    if refusals and not override:
        raise Refused(refusals)
    run.report["commit"] = {
        "by": seat.user.public_id,
        "at": at.isoformat(),
        "override": override and bool(refusals),
    }
    run.state = State.APPLYING
    run.progress_done, run.progress_total = 0, run.report["will_make"]["items"]
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise Refused([Refusal("import_same_file")]) from error
    if in_background:
        transaction.on_commit(lambda: doorbell.wake("apply_imports"), robust=True)
    return run


def apply(run: ImportRun) -> ImportRun:
    """Make everything the preview promised, in one transaction; done twice is done once.

    Raises Refused when the board has changed so that the rules now say no: the run is back at its
    preview. Whatever else goes wrong leaves the run refused and the workspace as it was.
    """
    try:
        with transaction.atomic(), origin.coming_from(origin.IMPORT, origin.current().request_id):
            claimed = _claimed(run)
            return _applied(claimed) if claimed else ImportRun.objects.get(pk=run.pk)
    except Refused as refused:
        said = [{"code": each.code, "params": dict(each.params)} for each in refused.refusals]
        ImportRun.objects.filter(pk=run.pk, state=State.APPLYING).update(
            state=State.PREVIEWED, report={**run.report, "refusals": said}
        )
        raise
    except Exception:
        log.exception("import failed", run=run.public_id)
        report = {**run.report, "problem": {"code": "import_failed", "params": {}}}
        ImportRun.objects.filter(pk=run.pk, state=State.APPLYING).update(
            state=State.REFUSED, report=report
        )
        raise
    finally:
        progress.forget(run)


def is_waiting() -> bool:
    """Whether any import was begun and has not ended."""
    return ImportRun.objects.filter(state=State.APPLYING).exists()


def apply_waiting() -> int:
    """Apply every import that was begun and that nobody works on; how many."""
    done = 0
    for run in ImportRun.objects.filter(state=State.APPLYING).order_by("id"):
        if not _may_try(run):
            continue
        try:
            apply(run)
        except Exception:
            log.exception("a waiting import failed", run=run.public_id)
        done += 1
    return done


@transaction.atomic
def _may_try(run: ImportRun) -> bool:
    """Count the try before it is made, so that one that ends the process is counted too."""
    claimed = _claimed(run)
    if claimed is None:
        return False
    commit = claimed.report["commit"]
    if commit.get("tries", 0) >= MOST_TRIES:
        log.error("import given up", run=run.public_id, tries=MOST_TRIES)
        claimed.report["problem"] = {"code": "import_failed", "params": {}}
        claimed.state = State.REFUSED
        claimed.save(update_fields=["report", "state"])
        return False
    commit["tries"] = commit.get("tries", 0) + 1
    claimed.save(update_fields=["report"])
    return True


def _applied(run: ImportRun) -> ImportRun:
    at = datetime.fromisoformat(run.report["commit"]["at"])
    by = User.objects.get(public_id=run.report["commit"]["by"])
    chosen = mapping_of(run)
    plan = plan_with(run, chosen.columns, chosen.day_first)
    board = run.board
    if board is not None:
        board = Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    made_from = draft_of(run, plan, chosen, at)
    people = people_of(run.workspace, chosen)
    report = preview.report_of(
        plan, chosen, made_from, board=board, people=people, workspace=run.workspace
    )
    overridden = run.report["commit"]["override"]
    if report["refusals"] and not overridden:
        raise Refused([Refusal(each["code"], each["params"]) for each in report["refusals"]])
    writing = Writing(
        run, plan, chosen, people=people, by=by, at=at,
        progress=lambda done, total: progress.tell(run, done, total),
    )  # fmt: skip
    board, made, lines = writing.write(made_from, board)
    data = {
        "run": run.public_id,
        "file": run.file_name,
        "kind": run.kind,
        "items": made.counts["items"],
        "moves": made.counts["moves"],
    }
    if overridden:
        data["override"] = {"reason": "import", "refusals": report["refusals"]}
    lines.append(events.Line("import.committed", run.public_id, at, data, board.pk, by))
    events.record_many(lines, workspace_id=run.workspace_id)
    run.state, run.applied_at, run.board = State.APPLIED, at, board
    run.progress_done = run.progress_total = made.counts["items"]
    run.report = {
        **report,
        "commit": run.report["commit"],
        "made": {"board": made.board, "stages": made.stages, "labels": made.labels},
        "result": made.counts,
    }
    run.save()
    faults.point("import.before_commit")
    return run


def _claimed(run: ImportRun) -> ImportRun | None:
    """The run, locked, if it still waits; None when somebody else has it or had it."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.APPLYING)
    skip = connection.features.has_select_for_update_skip_locked
    return (
        waiting.select_for_update(skip_locked=skip, of=("self",) if skip else ())
        .select_related("workspace", "board")
        .first()
    )
