"""Bringing a previewed file of experiments in: all of it, in one transaction, in bulk."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Max

from experiments import rules
from experiments.archives.outline import Outlined
from experiments.archives.plan import Kept, Plan, plan_of, reference
from experiments.archives.reading import UPWORTHY
from experiments.archives.receiving import locked
from experiments.archives.writing import Writing
from experiments.importing import progress, tries
from experiments.models import Experiment, ExperimentImport, Variant
from production import events, origin
from production.errors import Refused
from production.models import User, Workspace
from production.permissions import Seat
from production.rules import Refusal

log = structlog.get_logger("putki.imports")
State = ExperimentImport.State
AT_ONCE = 2_000
# Kept as data, in the language of the archive.
WITHDRAWN = "The archive's authors withdrew this period: its randomisation had failed."


@transaction.atomic
def begin(run: ExperimentImport, *, seat: Seat, at: datetime) -> ExperimentImport:
    """Claim the file for one import, to be done by `apply`.

    Raises Refused while the KPI is not chosen, when nothing can be read from it, or when the same
    file is in already.
    """
    seat.require("experiment.change")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    if run.report.get("asks"):
        raise Refused([Refusal("import_question_open")])
    if not run.report.get("lines"):
        raise Refused([Refusal("import_nothing")])
    run.report["commit"] = {"by": seat.user.public_id, "at": at.isoformat()}
    run.state, run.progress_done = State.APPLYING, 0
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # the same file is in, or comes in at this very moment
        raise Refused([Refusal("import_same_file")]) from error
    return run


def apply(run: ExperimentImport) -> ExperimentImport:
    """Make the experiments and keep their lines; done twice is done once.

    What goes wrong leaves the run refused and the experiments as they were.
    """
    try:
        with transaction.atomic(), origin.coming_from(origin.IMPORT, origin.current().request_id):
            return _applied(locked(run))
    except Exception:
        log.exception("import of experiments failed", run=run.public_id)
        tries.give_up(run)
        raise
    finally:
        progress.forget(run)


def apply_waiting() -> int:
    """Apply every file that was committed and that nobody works on; how many."""
    done = 0
    for run in ExperimentImport.objects.filter(state=State.APPLYING).order_by("id"):
        if not tries.may_try(run):
            continue
        try:
            apply(run)
        except Exception:
            log.exception("a waiting import failed", run=run.public_id)
        done += 1
    return done


def _applied(run: ExperimentImport) -> ExperimentImport:
    if run.state != State.APPLYING:
        return run
    at = datetime.fromisoformat(run.report["commit"]["at"])
    by = User.objects.get(public_id=run.report["commit"]["by"])
    plan = plan_of(run, at.astimezone(ZoneInfo(run.workspace.time_zone)).date())
    old = Experiment.objects.select_for_update(of=("self",)).filter(pk__in=plan.known)
    list(old.order_by("pk").values_list("pk"))
    Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
    made = _make(run, plan, by, at)
    writing = Writing(run, at, _letters(plan, made), made)
    some: list[Kept] = []
    for line in plan.lines():
        if isinstance(line, Kept):
            some.append(line)
            if len(some) == AT_ONCE:
                writing.write(some)
                some = []
    writing.write(some)
    run.state, run.applied_at = State.APPLIED, at
    run.progress_done = run.progress_total = writing.done
    run.report["result"] = {"made": len(made), "continued": len(writing.spans), **writing.count}
    run.save()
    _tell(run, plan, writing, by, at)
    return run


def _make(run: ExperimentImport, plan: Plan, by: User, at: datetime) -> set[int]:
    rows = Experiment.objects.filter(workspace=run.workspace)
    number = rows.aggregate(last=Max("number"))["last"] or 0
    new = plan.new
    experiments = [
        _experiment(run, plan, each, number + place, by, at) for place, each in enumerate(new, 1)
    ]
    Experiment.objects.bulk_create(experiments, batch_size=500)
    variants = []
    for each, row in zip(new, experiments, strict=True):
        each.made = row.pk
        variants += [
            Variant(experiment=row, position=place, label=variant.letter, text=variant.text[:500],
                    attributes=variant.attributes)
            for place, variant in enumerate(each.variants.values())
        ]  # fmt: skip
    Variant.objects.bulk_create(variants, batch_size=500)
    return {row.pk for row in experiments}


def _experiment(
    run: ExperimentImport, plan: Plan, each: Outlined, number: int, by: User, at: datetime
) -> Experiment:
    kpi = plan.kpi_of(each)
    if kpi is None:
        raise ValueError(f"{each.name} counts nothing")
    zone = ZoneInfo(run.workspace.time_zone)
    is_archive = plan.kind == UPWORTHY
    is_over = is_archive or (plan.today - each.last).days > rules.DAYS
    planned = each.first + timedelta(days=rules.DAYS - 1)
    first = datetime.combine(each.first, time(), zone)
    waived: dict[str, Any] = {}
    if is_archive:
        waived = {"totals_only": True, "min_days": 1, "no_control": True}
        if each.second:
            waived["second_variable"] = each.second
    return Experiment(
        workspace=run.workspace, number=number, title=each.title[:200], variable=each.variable,
        kpi=kpi, definition=kpi.version, allocation=each.allocation, starts_on=each.first,
        ends_on=each.last if is_over else max(each.last, planned),
        waived=waived, state=Experiment.State.ENDED if is_over else Experiment.State.RUNNING,
        invalid_reason=WITHDRAWN if each.withdrawn else "", source_ref=reference(each.name),
        brought_by=run, created_at=at, created_by=by, started_at=first,
        ended_at=datetime.combine(each.last, time(), zone) if is_over else None,
    )  # fmt: skip


def _letters(plan: Plan, made: set[int]) -> dict[tuple[int, str], int]:
    """The key of each variant, by its experiment and letter."""
    found: dict[tuple[int, str], int] = {}
    keys = sorted(made | plan.known.keys())
    for start in range(0, len(keys), 500):
        rows = Variant.objects.filter(experiment__in=keys[start : start + 500])
        for experiment, label, pk in rows.values_list("experiment", "label", "pk"):
            found[experiment, label] = pk
    return found


def _tell(run: ExperimentImport, plan: Plan, writing: Writing, by: User, at: datetime) -> None:
    """One line for the file, and one for each experiment that had begun before it came."""
    told = []
    for experiment, span in writing.spans.items():
        row = plan.known[experiment].experiment
        data = {
            "key": row.key, "origin": "file", "accepted": span.lines, "unchanged": 0,
            "rejected": 0, "first_day": span.first.isoformat(),
            "last_day": span.last.isoformat(),
        }  # fmt: skip
        told.append(events.Line("experiment.results", row.public_id, at, data, None, by))
    data = {"run": run.public_id, "file": run.file_name, **run.report["result"]}
    subject = run.workspace.public_id
    told.append(events.Line("experiments.imported", subject, at, data, None, by))
    events.record_many(told, workspace_id=run.workspace_id)
