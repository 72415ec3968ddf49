"""An experiment is planned and, until it starts, planned otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from experiments import rules
from experiments.models import Experiment, Guardrail, Variant
from experiments.register.held import State, hold, record, refusal, require_state
from production import changes as changing
from production.checks import check
from production.errors import Invalid, Refused
from production.models import KpiDefinition, Publication, Workspace
from production.permissions import Seat

VALUES = (
    "title", "hypothesis", "variable", "channel", "item", "kpi", "allocation", "week",
    "starts_on", "ends_on", "detectable",
)  # fmt: skip
# What may still change while it runs; the rest would make another experiment of it.
WHILE_RUNNING = frozenset({"title", "hypothesis", "ends_on", "item"})
_MOST_DAYS = 366


@transaction.atomic
def create(
    values: Mapping[str, Any],
    variants: Sequence[Mapping[str, Any]],
    *,
    seat: Seat,
    at: datetime,
    guardrails: Sequence[tuple[KpiDefinition, float]] = (),
    source_ref: str = "",
    waived: Mapping[str, Any] | None = None,
) -> Experiment:
    """Plan an experiment: one variable, one KPI, 2 to 10 variants; the first is the control.

    Each variant says `text`, and may say `share`, `attributes` and `publications`. Raises Invalid,
    also when the variants differ in a second thing (second_variable).
    """
    seat.require("experiment.change")
    Workspace.objects.select_for_update(no_key=True).get(pk=seat.workspace.pk)
    experiment = Experiment(
        workspace=seat.workspace, created_at=at, created_by=seat.user, source_ref=source_ref,
        waived=dict(waived or {}), number=_next_number(seat.workspace),
    )  # fmt: skip
    changing.apply(experiment, _dated(values, at), fields=VALUES)
    _check(experiment, "kpi" in values)
    experiment.definition = experiment.kpi.version
    experiment.save(force_insert=True)
    _put_variants(experiment, variants)
    _put_guardrails(experiment, guardrails)
    record(
        "experiment.created",
        experiment,
        seat=seat,
        at=at,
        title=experiment.title,
        variable=experiment.variable,
        kpi=experiment.kpi.public_id,
        allocation=experiment.allocation,
        grade=rules.grade(experiment.allocation),
        variants=len(variants),
        week=experiment.week.isoformat() if experiment.week else None,
        item=experiment.item.public_id if experiment.item else None,
    )
    return experiment


@transaction.atomic
def edit(
    experiment: Experiment,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
    variants: Sequence[Mapping[str, Any]] | None = None,
    guardrails: Sequence[tuple[KpiDefinition, float]] | None = None,
) -> Experiment:
    """Plan it otherwise. Once it runs only title, hypothesis, card and planned end may change.

    Raises Stale, Invalid, Refused (experiment_begun, experiment_over).
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, changes)
    require_state(experiment, State.PLANNED, State.RUNNING)
    is_planned = experiment.state == State.PLANNED
    noted = changing.apply(experiment, changes, fields=VALUES)
    is_more = variants is not None or guardrails is not None
    if not is_planned and (is_more or noted.keys() - WHILE_RUNNING):
        raise Refused([refusal("experiment_begun", experiment)])
    _check(experiment, True)
    if "kpi" in noted:
        experiment.definition = experiment.kpi.version
    if variants is not None:
        before = [each.text for each in experiment.variants.all()]
        experiment.variants.all().delete()
        _put_variants(experiment, variants)
        noted["variants"] = [before, [str(each.get("text", "")) for each in variants]]
    elif "variable" in noted:
        _require_one_variable(
            experiment.variable, [each.attributes for each in experiment.variants.all()]
        )
    if guardrails is not None:
        before_kpis = sorted(each.kpi.public_id for each in experiment.guardrails.all())
        experiment.guardrails.all().delete()
        _put_guardrails(experiment, guardrails)
        noted["guardrails"] = [before_kpis, sorted(kpi.public_id for kpi, _margin in guardrails)]
    if noted:
        experiment.version += 1
        experiment.save()
        record("experiment.changed", experiment, seat=seat, at=at, changes=noted)
    return experiment


@transaction.atomic
def link(
    variant: Variant, publications: Sequence[Publication], *, seat: Seat, at: datetime
) -> Variant:
    """Say which publications show the variant; their numbers can then be read as its own.

    Refused once the experiment is over, Invalid when another variant has one of them.
    """
    seat.require("experiment.change")
    experiment = hold(variant.experiment)
    require_state(experiment, State.PLANNED, State.RUNNING, State.ENDED)
    _require_own(experiment, publications)
    others = Variant.objects.filter(experiment=experiment).exclude(pk=variant.pk)
    if others.filter(publications__in=publications).exists():
        sentence = _("Another variant has this publication already.")
        raise Invalid({"publications": [("taken", sentence)]})
    before = sorted(variant.publications.values_list("public_id", flat=True))
    after = sorted(each.public_id for each in publications)
    if before != after:
        variant.publications.set(publications)
        experiment.version += 1
        experiment.save(update_fields=["version"])
        record(
            "experiment.linked", experiment, seat=seat, at=at,
            variant=variant.label, changes={"publications": [before, after]},
        )  # fmt: skip
    return variant


def _dated(values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The values with the days that follow from each other: week, first day, planned end."""
    found = dict(values)
    starts_on = found.get("starts_on") or found.get("week") or at.date()
    found["starts_on"] = starts_on
    found["week"] = rules.monday(found.get("week") or starts_on)
    found["ends_on"] = found.get("ends_on") or starts_on + timedelta(days=rules.DAYS - 1)
    return found


def _check(experiment: Experiment, has_kpi: bool) -> None:
    if not has_kpi:
        raise Invalid({"kpi": [("required", _("Choose the KPI that decides."))]})
    experiment.week = rules.monday(experiment.week) if experiment.week else None
    check(experiment, only=VALUES)
    begins, ends = experiment.starts_on, experiment.ends_on
    if begins and ends and not 0 <= (ends - begins).days <= _MOST_DAYS:
        sentence = _("The end comes after the beginning, within a year.")
        raise Invalid({"ends_on": [("out_of_range", sentence)]})
    if experiment.detectable is not None and experiment.detectable <= 0:
        raise Invalid({"detectable": [("out_of_range", _("A lift to be seen is above 0."))]})


def _put_variants(experiment: Experiment, variants: Sequence[Mapping[str, Any]]) -> None:
    if len(variants) not in rules.VARIANTS:
        sentence = _("An experiment has 2 to 10 variants.")
        raise Invalid({"variants": [("wrong_number", sentence)]})
    texts = [str(each.get("text", "")).strip() for each in variants]
    if len(set(texts)) < len(texts) or not all(texts):
        sentence = _("Say of each variant what it is; no two are the same.")
        raise Invalid({"variants": [("not_different", sentence)]})
    _require_one_variable(experiment.variable, [each.get("attributes") or {} for each in variants])
    seen: set[int] = set()
    for position, each in enumerate(variants):
        publications = list(each.get("publications") or ())
        _require_own(experiment, publications)
        if seen & {row.pk for row in publications}:
            sentence = _("Another variant has this publication already.")
            raise Invalid({"variants": [("taken", sentence)]})
        seen |= {row.pk for row in publications}
        variant = Variant(
            experiment=experiment, position=position, label=rules.LETTERS[position],
            text=texts[position], share=each.get("share") or 1,
            attributes=dict(each.get("attributes") or {}),
        )  # fmt: skip
        check(variant, only=("text", "share"))
        if not 0 < variant.share <= 1000:
            raise Invalid({"variants": [("out_of_range", _("A share is above 0."))]})
        variant.save(force_insert=True)
        variant.publications.set(publications)


def _require_one_variable(variable: str, attributes: Sequence[Mapping[str, Any]]) -> None:
    if other := rules.second_variable(variable, attributes):
        name = str(dict(Experiment.Variable.choices).get(other, other))
        sentence = _(
            "The variants also differ in: %(other)s. Change one thing at a time, or nobody "
            "will know what did it."
        ) % {"other": name}
        raise Invalid({"variants": [("second_variable", sentence)]})


def _require_own(experiment: Experiment, publications: Sequence[Publication]) -> None:
    if any(each.workspace_id != experiment.workspace_id for each in publications):
        sentence = _("There is no such publication in this workspace.")
        raise Invalid({"publications": [("does_not_exist", sentence)]})


def _put_guardrails(
    experiment: Experiment, guardrails: Sequence[tuple[KpiDefinition, float]]
) -> None:
    kpis = [kpi.pk for kpi, _margin in guardrails]
    if len(set(kpis)) < len(kpis) or experiment.kpi_id in kpis:
        sentence = _("A guardrail is another KPI than the one that decides, and stands once.")
        raise Invalid({"guardrails": [("taken", sentence)]})
    for kpi, margin in guardrails:
        if kpi.workspace_id != experiment.workspace_id:
            sentence = _("There is no such KPI in this workspace.")
            raise Invalid({"guardrails": [("does_not_exist", sentence)]})
        if not 0 <= margin <= 10:
            sentence = _("A margin is a part, 0.1 for 10 %.")
            raise Invalid({"guardrails": [("out_of_range", sentence)]})
    Guardrail.objects.bulk_create(
        Guardrail(experiment=experiment, kpi=kpi, margin=margin) for kpi, margin in guardrails
    )


def _next_number(workspace: Workspace) -> int:
    rows = Experiment.objects.filter(workspace=workspace)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1
