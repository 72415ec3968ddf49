"""Who tells numbers: one row for each tool of a workspace."""

from __future__ import annotations

from datetime import datetime

from experiments.models import MetricSource
from production.models import Workspace


def source_of(
    workspace: Workspace, tool: str, *, kind: str = MetricSource.Kind.API, at: datetime
) -> MetricSource:
    """The source of that name, made when it is new."""
    found, _made = MetricSource.objects.select_related("workspace").get_or_create(
        workspace=workspace, tool=tool[:60], defaults={"kind": kind, "created_at": at}
    )
    return found
