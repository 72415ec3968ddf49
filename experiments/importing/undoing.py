"""Taking a file of numbers back: at once when it is small, else some thousand numbers at a time."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from experiments import observations
from experiments.importing import progress, tries
from experiments.importing.receiving import locked
from experiments.models import MetricImport
from production import events
from production.errors import Refused
from production.models import User
from production.permissions import Seat
from production.rules import Refusal

log = structlog.get_logger("putki.imports")
State = MetricImport.State
SMALL = 20_000  # numbers that are taken back while the person waits


def undo(run: MetricImport, *, seat: Seat, at: datetime) -> MetricImport:
    """Bring back what stood before the file; what somebody told since then stays.

    A large file is left in the state UNDOING, for `take_back` to do.
    """
    run = _claimed(run, seat=seat, at=at)
    return run if run.progress_total > SMALL else take_back(run)


def take_back(run: MetricImport) -> MetricImport:
    """Take back all that the run told, each portion in a transaction of its own.

    What is interrupted goes on where it was: done twice is done once.
    """
    at = datetime.fromisoformat(run.report["undo"]["at"])
    run = MetricImport.objects.select_related("workspace").get(pk=run.pk)
    while numbers := _some(run, at):
        run.progress_done += numbers
        progress.tell(run, run.progress_done, always=True)
    return _undone(run, at)


def undo_waiting() -> int:
    """Take back every large file that somebody gave back and that nobody works on; how many."""
    done = 0
    for run in MetricImport.objects.filter(state=State.UNDOING).order_by("id"):
        if not tries.may_try(run):
            continue
        try:
            take_back(run)
        except Exception:
            log.exception("taking an import back failed", run=run.public_id)
        done += 1
    return done


@transaction.atomic
def _claimed(run: MetricImport, *, seat: Seat, at: datetime) -> MetricImport:
    seat.require("import.undo")
    run = locked(run)
    if run.state != State.APPLIED:
        raise Refused([Refusal("import_not_applied")])
    run.report["undo"] = {"by": seat.user.public_id, "at": at.isoformat()}
    run.report.pop("problem", None)
    run.report["tries"] = 0
    run.state, run.progress_done = State.UNDOING, 0
    told = run.report.get("result", {})
    run.progress_total = told.get("created", 0) + told.get("updated", 0)
    run.save()
    return run


@transaction.atomic
def _some(run: MetricImport, at: datetime) -> int:
    """One portion, held against others who would do the same; 0 when all is done."""
    if locked(run).state != State.UNDOING:
        return 0
    numbers = observations.undo_some(run, at=at)
    if numbers:
        MetricImport.objects.filter(pk=run.pk).update(progress_done=run.progress_done + numbers)
    return numbers


@transaction.atomic
def _undone(run: MetricImport, at: datetime) -> MetricImport:
    run = locked(run)
    if run.state != State.UNDOING:
        return run
    run.state, run.undone_at = State.UNDONE, at
    run.report["undone"] = run.progress_done
    run.save()
    events.record(
        "metrics.import_undone",
        run.workspace.public_id,
        workspace_id=run.workspace_id,
        by=User.objects.filter(public_id=run.report["undo"]["by"]).first(),
        at=at,
        data={"run": run.public_id, "file": run.file_name, "numbers": run.progress_done},
    )
    return run
