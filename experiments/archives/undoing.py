"""Taking a file of experiments back: what it made goes, what it changed is as before."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from experiments.archives.receiving import locked
from experiments.archives.writing import NUMBERS
from experiments.importing import tries
from experiments.models import Experiment, ExperimentImport, ReplacedDay, VariantDay
from production import events
from production.errors import Refused
from production.models import User
from production.permissions import Seat
from production.rules import Refusal

log = structlog.get_logger("putki.imports")
State = ExperimentImport.State
SMALL = 200  # experiments that are taken back while the person waits
AT_ONCE = 500


def undo(run: ExperimentImport, *, seat: Seat, at: datetime) -> ExperimentImport:
    """Bring back what stood before the file.

    Refused when an experiment that it made has been worked on, or has newer numbers: those are
    somebody's work. A large file is left in the state UNDOING, for `take_back` to do.
    """
    run = _claimed(run, seat=seat, at=at)
    is_large = Experiment.objects.filter(brought_by=run).count() > SMALL
    return run if is_large else take_back(run)


@transaction.atomic
def take_back(run: ExperimentImport) -> ExperimentImport:
    """Take back all that the file did, as one; done twice is done once."""
    run = locked(run)
    if run.state != State.UNDOING:
        return run
    at = datetime.fromisoformat(run.report["undo"]["at"])
    if worked_on := _worked_on(run).first():
        run.state = State.APPLIED
        run.report["problem"] = "undo_refused"
        run.report["worked_on"] = worked_on.key
        run.save()
        return run
    removed = 0
    keys = list(
        Experiment.objects.filter(brought_by=run).order_by("pk").values_list("pk", flat=True)
    )
    for start in range(0, len(keys), AT_ONCE):
        Experiment.objects.filter(pk__in=keys[start : start + AT_ONCE]).delete()
        removed += len(keys[start : start + AT_ONCE])
    lines = _put_back(run)
    run.state, run.undone_at = State.UNDONE, at
    run.report["undone"] = {"experiments": removed, "lines": lines}
    run.save()
    events.record(
        "experiments.import_undone",
        run.workspace.public_id,
        workspace_id=run.workspace_id,
        by=User.objects.filter(public_id=run.report["undo"]["by"]).first(),
        at=at,
        data={"run": run.public_id, "file": run.file_name, "experiments": removed, "lines": lines},
    )
    return run


def undo_waiting() -> int:
    """Take back every large file that somebody gave back and that nobody works on; how many."""
    done = 0
    for run in ExperimentImport.objects.filter(state=State.UNDOING).order_by("id"):
        if not tries.may_try(run):
            continue
        try:
            take_back(run)
        except Exception:
            log.exception("taking experiments back failed", run=run.public_id)
        done += 1
    return done


@transaction.atomic
def _claimed(run: ExperimentImport, *, seat: Seat, at: datetime) -> ExperimentImport:
    seat.require("import.undo")
    run = locked(run)
    if run.state != State.APPLIED:
        raise Refused([Refusal("import_not_applied")])
    if worked_on := _worked_on(run).first():
        raise Refused([Refusal("import_worked_on", {"key": worked_on.key})])
    run.report["undo"] = {"by": seat.user.public_id, "at": at.isoformat()}
    run.report.pop("problem", None)
    run.report["tries"] = 0
    run.state = State.UNDOING
    run.save()
    return run


def _worked_on(run: ExperimentImport) -> QuerySet[Experiment]:
    """The experiments of the file that somebody changed, or told newer numbers of."""
    newer = VariantDay.objects.filter(variant__experiment__brought_by=run)
    newer = newer.exclude(received_at=run.applied_at)
    touched = Q(version__gt=1) | Q(pk__in=newer.values("variant__experiment"))
    return Experiment.objects.filter(touched, brought_by=run).order_by("number")


def _put_back(run: ExperimentImport) -> int:
    """The lines of other experiments as they were; what was told later stands."""
    count = 0
    before = ReplacedDay.objects.filter(run=run).order_by("pk")
    for each in before.iterator(chunk_size=2_000):
        now = VariantDay.objects.filter(
            variant=each.variant_id, kpi=each.kpi_id, day=each.day,
            origin=VariantDay.Origin.FILE, received_at=run.applied_at,
        )  # fmt: skip
        if each.received_at is None:
            count += now.delete()[0]
        else:
            columns = (*NUMBERS, "origin", "received_at")
            count += now.update(**{name: getattr(each, name) for name in columns})
    return count
