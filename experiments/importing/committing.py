"""Committing a previewed file of numbers, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from experiments import observations
from experiments.importing import progress, tries
from experiments.importing.receiving import locked
from experiments.importing.telling import Telling, surveyed_of, telling_of
from experiments.models import MetricImport
from experiments.observations.push import record_imported
from production import origin
from production.errors import Refused
from production.models import Membership
from production.permissions import Seat, seat_of
from production.rules import Refusal

log = structlog.get_logger("putki.imports")
State = MetricImport.State


@transaction.atomic
def begin(run: MetricImport, *, seat: Seat, at: datetime) -> MetricImport:
    """Claim the file for one import, to be done by `apply`.

    Raises Refused while a question is open, when nothing can be read from it, or when the same
    file is in already.
    """
    seat.require("metric.write")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    if run.report.get("questions") or run.report.get("asks"):
        raise Refused([Refusal("import_question_open")])
    if not run.report.get("observations"):
        raise Refused([Refusal("import_nothing")])
    if run.source and run.answers.get("zone") and not run.source.time_zone:
        run.source.time_zone = run.answers["zone"]
        run.source.save(update_fields=["time_zone"])
    run.report["commit"] = {"by": seat.user.public_id, "at": at.isoformat()}
    run.state, run.progress_done = State.APPLYING, 0
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # the same file is in, or comes in at this very moment
        raise Refused([Refusal("import_same_file")]) from error
    return run


def apply(run: MetricImport) -> MetricImport:
    """Write down every number of the file, in one transaction; done twice is done once.

    What goes wrong leaves the run refused and the numbers as they were.
    """
    try:
        with transaction.atomic(), origin.coming_from(origin.IMPORT, origin.current().request_id):
            return _applied(locked(run))
    except Exception:
        log.exception("import of numbers failed", run=run.public_id)
        tries.give_up(run)
        raise
    finally:
        progress.forget(run)


def apply_waiting() -> int:
    """Apply every file that was committed and that nobody works on; how many."""
    done = 0
    for run in MetricImport.objects.filter(state=State.APPLYING).order_by("id"):
        if not tries.may_try(run):
            continue
        try:
            apply(run)
        except Exception:
            log.exception("a waiting import failed", run=run.public_id)
        done += 1
    return done


def _applied(run: MetricImport) -> MetricImport:
    if run.state != State.APPLYING or run.source is None:
        return run
    at = datetime.fromisoformat(run.report["commit"]["at"])
    telling = telling_of(run, surveyed_of(run))
    done = observations.apply(_counted(run, telling), source=run.source, at=at, run=run)
    run.state, run.applied_at = State.APPLIED, at
    run.progress_done = run.progress_total = telling.taken
    run.report["result"] = {
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "unmatched": done.unmatched,
    }
    run.save()
    if done.changed:
        by = Membership.objects.select_related("workspace", "user").get(
            workspace=run.workspace, user__public_id=run.report["commit"]["by"]
        )
        record_imported(
            seat_of(by), run.source.tool, done, at,
            rejected=telling.rejected_in_all, run=run.public_id,
        )  # fmt: skip
    return run


def _counted(run: MetricImport, telling: Telling) -> Iterator[observations.Row]:
    for number, row in enumerate(telling.rows(), 1):
        progress.tell(run, number)
        yield row
