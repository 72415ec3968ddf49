"""Receiving a file of experiments: kept, read, and shown as it would come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from experiments.archives.plan import plan_of
from experiments.archives.reading import Rejected
from experiments.importing.receiving import digest_of
from experiments.importing.telling import plain
from experiments.imports.values import Issue, Unreadable
from experiments.models import ExperimentImport
from production.errors import Invalid, Refused
from production.models import KpiDefinition
from production.permissions import Seat
from production.rules import Refusal

State = ExperimentImport.State
SHOWN = 20  # titles of new experiments in a preview
KEPT = 100  # lines left out that a report names


@dataclass(frozen=True, slots=True)
class Received:
    """`unchanged`: this very file has been brought in already, as `run`."""

    run: ExperimentImport
    unchanged: bool


def receive(
    file: File[Any], name: str, *, seat: Seat, at: datetime, kpi: KpiDefinition | None = None
) -> Received:
    """Keep the file and say what would come of it; a file that cannot be used is refused."""
    seat.require("experiment.change")
    digest = digest_of(file.chunks())
    here = ExperimentImport.objects.filter(workspace=seat.workspace, digest=digest)
    inside = [State.APPLYING, State.APPLIED, State.UNDOING]
    if done := here.filter(state__in=inside).order_by("-id").first():
        return Received(done, True)
    run = here.filter(state=State.PREVIEWED, created_by=seat.user).order_by("-id").first()
    if run is None:
        run = ExperimentImport(
            workspace=seat.workspace, digest=digest, created_by=seat.user, created_at=at
        )
        run.file_name = name[-255:] or "file"
        file.seek(0)
        run.file.save(f"{digest}.dat", file, save=False)
    run.kpi = kpi or run.kpi
    _look(run, at)
    run.save()
    return Received(run, False)


@transaction.atomic
def settle(
    run: ExperimentImport, *, kpi: KpiDefinition | None, seat: Seat, at: datetime
) -> ExperimentImport:
    """Say what the totals of the file count. The preview is made anew."""
    seat.require("experiment.change")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    if kpi is not None and kpi.workspace_id != run.workspace_id:
        sentence = _("There is no such KPI in this workspace.")
        raise Invalid({"kpi": [("does_not_exist", sentence)]})
    run.kpi = kpi
    _look(run, at)
    run.save()
    return run


def locked(run: ExperimentImport) -> ExperimentImport:
    """The run as it is now, held until the transaction ends."""
    of = ("self",) if connection.features.has_select_for_update_of else ()
    rows = ExperimentImport.objects.select_for_update(of=of)
    return rows.select_related("workspace", "kpi").get(pk=run.pk)


def _look(run: ExperimentImport, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(run.workspace.time_zone)).date()
    try:
        plan = plan_of(run, today)
        run.kind, run.kpi = plan.kind, plan.kpi
        rejected: list[dict[str, Any]] = []
        kept = left_out = 0
        for line in plan.lines():
            if isinstance(line, Rejected):
                left_out += 1
                if len(rejected) < KEPT:
                    rejected.append(plain(line.issue))
            else:
                kept += 1
    except Unreadable as why:
        run.state = State.REFUSED
        run.report = {"refusals": [plain(why.issue)]}
        return
    new = plan.new
    run.report = {
        "refusals": [],
        "new": len(new),
        "existing": len(plan.known),
        "variants": sum(len(each.variants) for each in new),
        "lines": kept,
        "rejected": rejected,
        "rejected_in_all": left_out,
        "withdrawn": sum(each.withdrawn for each in new),
        "examples": [each.title[:120] for each in new[:SHOWN]],
        "asks": ["kpi"] if plan.asks_kpi and plan.kpi is None else [],
        "warnings": [plain(each) for each in _warnings(run.kind)],
    }
    run.progress_total = kept
    run.state = State.PREVIEWED


def _warnings(kind: str) -> list[Issue]:
    return [Issue("totals_only")] if kind == ExperimentImport.Kind.UPWORTHY else []
