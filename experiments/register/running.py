"""An experiment starts, ends, is called off, or turns out not to count."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.models import Experiment
from experiments.register.held import State, hold, record, refusal, require_state
from production import changes as changing
from production.errors import Invalid, Refused
from production.permissions import Seat


@transaction.atomic
def start(
    experiment: Experiment, *, seat: Seat, at: datetime, version: int | None = None
) -> Experiment:
    """Begin: from now on its variable, variants, KPI and allocation stay as they are.

    A drawn experiment needs its draw first. Starting twice is starting once.
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, ("state",))
    if experiment.state == State.RUNNING:
        return experiment
    require_state(experiment, State.PLANNED)
    is_drawn = experiment.allocation == Experiment.Allocation.RANDOM_SLOTS
    if is_drawn and not experiment.draws.exists():
        raise Refused([refusal("experiment_not_drawn", experiment)])
    experiment.state, experiment.started_at = State.RUNNING, at
    # What is compared is what the KPI means now, and stays so until it is decided.
    experiment.definition = experiment.kpi.version
    _save(experiment)
    record("experiment.started", experiment, seat=seat, at=at, kpi_version=experiment.definition)
    return experiment


@transaction.atomic
def end(
    experiment: Experiment, *, seat: Seat | None, at: datetime, version: int | None = None
) -> Experiment:
    """Take no more numbers of later days; it waits for its decision. Ending twice is ending once.

    Without a seat it is its planned end that ends it.
    """
    if seat is not None:
        seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, ("state",))
    if experiment.state == State.ENDED:
        return experiment
    require_state(experiment, State.RUNNING)
    experiment.state, experiment.ended_at = State.ENDED, at
    _save(experiment)
    record("experiment.ended", experiment, seat=seat, at=at, planned=seat is None)
    return experiment


@transaction.atomic
def cancel(
    experiment: Experiment, *, reason: str, seat: Seat, at: datetime, version: int | None = None
) -> Experiment:
    """Call it off; its place in the week is free again. Refused once it is decided."""
    seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, ("state",))
    if experiment.state == State.CANCELLED:
        return experiment
    require_state(experiment, State.PLANNED, State.RUNNING, State.ENDED)
    was, experiment.state = experiment.state, State.CANCELLED
    _save(experiment)
    record("experiment.cancelled", experiment, seat=seat, at=at, was=was, reason=_required(reason))
    return experiment


@transaction.atomic
def discount(
    experiment: Experiment, *, reason: str, seat: Seat, at: datetime, version: int | None = None
) -> Experiment:
    """Say that its result does not count: edited in between, numbers that are not true.

    An empty reason lets it count again. The numbers stay.
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    changing.require_version(experiment, version, ("invalid_reason",))
    reason = reason.strip()[:300]
    if reason == experiment.invalid_reason:
        return experiment
    if experiment.state in (State.PLANNED, State.CANCELLED):
        raise Refused([refusal("experiment_elsewhere", experiment)])
    experiment.invalid_reason = reason
    _save(experiment)
    type = "experiment.discounted" if reason else "experiment.counted"
    record(type, experiment, seat=seat, at=at, **({"reason": reason} if reason else {}))
    return experiment


@transaction.atomic
def note_platform(experiment: Experiment, text: str, *, seat: Seat, at: datetime) -> Experiment:
    """Write down what the platform itself says, in its own words: it decides nothing here."""
    seat.require("experiment.change")
    experiment = hold(experiment)
    old, text = experiment.platform_verdict, text.strip()[:300]
    if old != text:
        experiment.platform_verdict = text
        _save(experiment)
        changes = {"platform_verdict": [old, text]}
        record("experiment.changed", experiment, seat=seat, at=at, changes=changes)
    return experiment


def _required(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": [("required", _("Say why."))]})
    return reason.strip()[:300]


def _save(experiment: Experiment) -> None:
    experiment.version += 1
    experiment.save()
