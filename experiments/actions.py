"""What is done about a crossed threshold: its next step is taken, and it ends with an outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.kpis import tracking
from experiments.kpis.readings import TRAILING, series
from experiments.models import Action, ThresholdRule
from production import events, items
from production.errors import Invalid
from production.models import ContentItem
from production.permissions import Seat

SEQUELS_DUE = (2, 4, 7)  # days from now: three within a week (R68)


@transaction.atomic
def apply(action: Action, *, seat: Seat, at: datetime, source: ContentItem) -> list[ContentItem]:
    """Make three cards that carry the theme of `source` on, due within seven days.

    Taken twice it makes nothing more. Raises Invalid for an action with another step, or one
    that is closed.
    """
    seat.require("action.work")
    action = _locked(action)
    if action.applied_at is not None:
        return list(action.made.order_by("due_at", "id"))
    if action.step != ThresholdRule.Step.SEQUELS or action.closed_at is not None:
        raise Invalid({"action": [("not_applicable", _("This action makes no cards."))]})
    owner = [action.owner] if action.owner else []
    made = []
    for part, days in enumerate(SEQUELS_DUE, 2):
        values = {
            "pillar": source.pillar, "goal": source.goal, "format": source.format,
            "channel": source.channel, "promise": source.promise, "cta": source.cta,
            "url": source.url, "content_type": source.content_type,
            "primary_kpi": source.primary_kpi, "secondary_kpi": source.secondary_kpi,
            "due_at": at + timedelta(days=days), "assignees": owner,
        }  # fmt: skip
        title = _("%(title)s, part %(part)s") % {"title": source.title[:180], "part": part}
        made.append(items.create(source.board, title=title, seat=seat, at=at, values=values))
    action.made.set(made)
    action.item, action.applied_at = source, at
    action.version += 1
    action.save(update_fields=["item", "applied_at", "version"])
    _record("action.applied", action, seat, at, items=[each.key for each in made])
    return made


@transaction.atomic
def close(action: Action, *, outcome: str, note: str, seat: Seat, at: datetime) -> Action:
    """End the action with what came of it (R66); the KPI's value that day is kept beside it.

    Raises Invalid without an outcome or a note, or when it is closed already.
    """
    seat.require("action.work")
    action = _locked(action)
    if action.closed_at is not None:
        raise Invalid({"action": [("closed", _("This action is closed already."))]})
    if outcome not in Action.Outcome.values:
        raise Invalid({"outcome": [("required", _("Say what came of it."))]})
    if not note.strip():
        raise Invalid({"outcome_note": [("required", _("Say in a sentence what came of it."))]})
    last = tracking.today(seat.workspace, at) - timedelta(days=1)
    first = last - timedelta(days=TRAILING - 1)
    [counted] = series(seat.workspace, [(action.kpi, action.channel)], first, last)
    now = counted.between(first, last)
    action.outcome, action.outcome_note = outcome, note.strip()[:500]
    action.value_when_closed = now.value if now else None
    action.closed_at, action.closed_by = at, seat.user
    action.version += 1
    action.save()
    _record("action.closed", action, seat, at, outcome=outcome)
    return action


def _locked(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",)).select_related("kpi", "channel", "owner")
    return rows.get(pk=action.pk)


def _record(type: str, action: Action, seat: Seat, at: datetime, **more: object) -> None:
    data = {"action": action.public_id, "kpi": action.kpi.name, "step": action.step}
    events.record(
        type,
        action.kpi.public_id,
        workspace_id=action.workspace_id,
        by=seat.user,
        at=at,
        data=data | more,
    )
