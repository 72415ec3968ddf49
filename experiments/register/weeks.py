"""The two places of a week (R41). A third experiment is allowed and said to be too many."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from experiments import rules
from experiments.models import Experiment
from production.models import Workspace


def in_week(workspace: Workspace, monday: date) -> QuerySet[Experiment]:
    """The experiments of the week but the cancelled ones, in the order in which they came."""
    rows = Experiment.objects.filter(workspace=workspace, week=monday)
    return rows.exclude(state=Experiment.State.CANCELLED).order_by("number")


def is_over_full(experiment: Experiment) -> bool:
    """Whether the experiment is one more than its week has room for."""
    if experiment.week is None or experiment.state == Experiment.State.CANCELLED:
        return False
    before = in_week(experiment.workspace, experiment.week).filter(number__lt=experiment.number)
    return before.count() >= rules.A_WEEK
