"""Repeat, drop or improve: what the team does with what an experiment showed (R42)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from experiments import rules
from experiments.models import Experiment, Snapshot
from experiments.register.held import State, hold, record, refusal, require_state
from production import changes as changing
from production.errors import Invalid, Refused
from production.models import ContentItem
from production.permissions import Seat

# verdict → the decisions that go with it; any other is an owner's, with a reason
FITTING = {
    "repeat": ("repeat",),
    "drop": ("drop",),
    "no_difference": ("improve", "repeat", "drop"),
    "improve": ("improve",),
}


def fits(experiment: Experiment, verdict: str | None, decision: str) -> bool:
    """Whether the decision is what the numbers say. Without randomisation they say nothing."""
    if experiment.invalid_reason or verdict is None:
        return False
    if not rules.is_randomised(experiment.allocation):
        return decision == "improve"
    return decision in FITTING.get(verdict, ())


@transaction.atomic
def decide(
    experiment: Experiment,
    decision: str,
    *,
    reason: str,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> Experiment:
    """Decide, once it has ended or the verdict stands; a running one ends with it.

    Another decision than the numbers' is an owner's, is marked so and is left out of the figures
    of how often the verdicts were right. Raises Invalid, Refused (experiment_override,
    experiment_over, experiment_elsewhere), NotAllowed, Stale.
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, ("decision",))
    require_state(experiment, State.RUNNING, State.ENDED)
    if decision not in ContentItem.Decision.values:
        raise Invalid({"decision": [("invalid_choice", _("Repeat, drop or improve."))]})
    if not reason.strip():
        raise Invalid({"reason": [("required", _("Say why."))]})
    last = Snapshot.objects.filter(experiment=experiment).order_by("number").last()
    verdict = last.verdict if last else None
    experiment.overridden = not fits(experiment, verdict, decision)
    if experiment.overridden and not seat.may("experiment.override"):
        raise Refused([refusal("experiment_override", experiment)])
    if experiment.state == State.RUNNING:
        experiment.ended_at = at
    experiment.state, experiment.decision = State.DECIDED, decision
    experiment.decision_reason = reason.strip()[:500]
    experiment.decided_at, experiment.decided_by = at, seat.user
    experiment.version += 1
    experiment.save()
    record(
        "experiment.decided",
        experiment,
        seat=seat,
        at=at,
        decision=decision,
        reason=experiment.decision_reason,
        verdict=verdict,
        best=last.analysis.get("best") if last else None,
        snapshot=last.public_id if last else None,
        overridden=experiment.overridden,
        grade=rules.grade(experiment.allocation),
        item=experiment.item.public_id if experiment.item else None,
    )
    return experiment
