"""How often an import may be tried: a file that ends the worker must not end it for ever."""

from __future__ import annotations

from typing import TypeVar

import structlog
from django.db import connection, transaction

from experiments.models import ExperimentImport, MetricImport

MOST = 3
log = structlog.get_logger("putki.imports")
State = MetricImport.State
Run = TypeVar("Run", MetricImport, ExperimentImport)


@transaction.atomic
def may_try(run: Run) -> bool:
    """Whether to work on the run now. The try is counted before it is made.

    No when somebody else works on it, and when it has ended a worker three times already: then it
    is given up, with a sentence on its page.
    """
    held = _held(run)
    if held is None:
        return False
    made = held.report.get("tries", 0)
    if made >= MOST:
        log.error("import given up", run=held.public_id, tries=made)
        give_up(held, "import_given_up")
        return False
    held.report["tries"] = made + 1
    held.save(update_fields=["report"])
    return True


def give_up(run: Run, why: str = "import_failed") -> None:
    """Nothing of it was written: it is refused, and may be brought in anew.

    One that was being taken back stays so, with what has been taken back already.
    """
    model = type(run)
    of_it = model.objects.filter(pk=run.pk)
    report = {**run.report, "problem": why}
    of_it.filter(state=State.APPLYING).update(state=State.REFUSED, report=report)
    report = {**run.report, "problem": "undo_given_up"}
    of_it.filter(state=State.UNDOING).update(state=State.APPLIED, report=report)


def _held(run: Run) -> Run | None:
    waiting = type(run).objects.filter(pk=run.pk, state__in=[State.APPLYING, State.UNDOING])
    skip = connection.features.has_select_for_update_skip_locked
    return waiting.select_for_update(skip_locked=skip, of=("self",) if skip else ()).first()
