"""What the shell around every page shows: where one is, where one can go, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from production import phases
from production.models import Cycle, Notice, Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    label: Any
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """`seat`, `nav`, `workspaces`, `unread`, `stream_seq` for base.html; empty for visitors."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    found: dict[str, Any] = {"workspaces": _workspaces(user)}
    seat = getattr(request, "seat", None)
    if seat is None:
        return found
    home = reverse("workspace", args=[seat.workspace.slug])
    tail = request.path.removeprefix(home)
    return found | {
        "seat": seat,
        "workspace": seat.workspace,
        "nav": [
            Entry(
                label,
                reverse(name, args=[seat.workspace.slug]),
                tail.startswith(prefix) or (name == "board" and tail == ""),
            )
            for label, name, operation, prefix in settings.NAVIGATION
            if seat.may(operation)
        ],
        "unread": sum(each.unread for each in found["workspaces"] if each.pk == seat.workspace.pk),
        "stream_seq": seat.workspace.last_seq,
        "cycle_place": _place(seat.workspace, found["workspaces"]),
    }


def _place(workspace: Workspace, known: list[Any]) -> phases.Place | None:
    """Day and phase of the running cycle; None without one, before and after it."""
    mine = next((each for each in known if each.pk == workspace.pk), None)
    if mine is None or mine.cycle_starts_on is None:
        return None
    today = timezone.now().astimezone(ZoneInfo(workspace.time_zone)).date()
    return phases.place(mine.cycle_starts_on, mine.cycle_phase_ends, today)


def _workspaces(user: Any) -> list[Any]:
    """The person's workspaces, each with its running cycle and how much waits in its inbox."""
    waiting = Notice.objects.filter(user=user, workspace=OuterRef("pk"), read_at=None)
    unread = waiting.order_by().values("workspace").annotate(total=Count("id")).values("total")
    running = Cycle.objects.filter(
        workspace=OuterRef("pk"), started_at__isnull=False, ended_at=None
    ).order_by()
    return list(
        Workspace.objects.visible_to(user)
        .annotate(
            unread=Coalesce(Subquery(unread), 0),
            cycle_starts_on=Subquery(running.values("starts_on")),
            cycle_phase_ends=Subquery(running.values("phase_ends")),
        )
        .order_by("name", "id")
    )
