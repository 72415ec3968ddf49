"""What every verb of the register begins and ends with: hold the experiment, tell the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from experiments.models import Experiment
from production import events
from production.errors import Refused
from production.permissions import Seat
from production.rules import Refusal

State = Experiment.State
OVER = (State.DECIDED, State.CANCELLED)


def hold(experiment: Experiment) -> Experiment:
    """The experiment's row, ours until the transaction ends, and read anew."""
    rows = Experiment.objects.select_for_update(of=("self",))
    return rows.select_related("workspace", "kpi", "channel", "item").get(pk=experiment.pk)


def require_state(experiment: Experiment, *states: State) -> None:
    """Raise Refused unless the experiment is in one of the states."""
    if experiment.state not in states:
        code = "experiment_begun" if State.PLANNED in states else "experiment_elsewhere"
        if experiment.state in OVER:
            code = "experiment_over"
        raise Refused([refusal(code, experiment)])


def refusal(code: str, experiment: Experiment, **params: Any) -> Refusal:
    state = str(experiment.get_state_display())
    return Refusal(code, {"key": experiment.key, "state": state, **params})


def record(
    type: str, experiment: Experiment, *, seat: Seat | None, at: datetime, **data: Any
) -> None:
    """Tell the log; without a seat it is the system that says it."""
    events.record(
        type,
        experiment.public_id,
        workspace_id=experiment.workspace_id,
        by=seat.user if seat else None,
        at=at,
        data={"key": experiment.key, **data},
    )
