"""The experiment of an address, among those of the workspace."""

from __future__ import annotations

from django.http import Http404

from experiments.models import Experiment
from production.permissions import Seat


def experiment_of(seat: Seat, number: int) -> Experiment:
    """With all that its page shows; Http404 when there is none."""
    rows = Experiment.objects.filter(workspace=seat.workspace, number=number)
    rows = rows.select_related("workspace", "kpi", "channel", "item__workspace", "decided_by")
    found = rows.prefetch_related("variants__publications__item", "guardrails__kpi").first()
    if found is None:
        raise Http404
    return found
