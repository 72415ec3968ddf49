"""Deciding about an item that is out: repeat, improve or drop, and the card that carries it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.models import Outcome
from experiments.outcomes import rules
from experiments.outcomes.reading import standing_of
from production import events, items
from production.errors import Invalid, Refused
from production.locks import lock_board
from production.models import ContentItem
from production.permissions import Seat
from production.rules import Refusal

Decision = ContentItem.Decision


@dataclass(frozen=True, slots=True)
class Decided:
    """The item as decided, and the card that carries it on, if one was asked for."""

    item: ContentItem
    next: ContentItem | None


@transaction.atomic
def decide(
    item: ContentItem,
    *,
    decision: str,
    reason: str,
    seat: Seat,
    at: datetime,
    learning: str = "",
    go_on: bool = True,
    version: int | None = None,
) -> Decided:
    """Decide with a reason; what is repeated or improved goes on in a new card, once.

    The new card stands in the board's first stage and takes over what the item says and is for;
    an improved one takes the learning along as its hypothesis. Raises Invalid, Stale, and Refused
    before the item is out or when the first stage is full.
    """
    seat.require_work_on(item, "outcome.record")
    lock_board(item.board_id)
    decision, reason, learning = decision.strip(), reason.strip(), learning.strip()
    _check(item, decision, reason, learning)
    changes = {"decision": decision, "decision_reason": reason[:500]}
    if learning:
        changes["learning"] = learning[:500]
    item = items.edit(item, changes, by=seat.user, at=at, version=version).item
    if not go_on or decision not in rules.CARRIES_ON:
        return Decided(item, None)
    seat.require("item.create")
    outcome = _outcome(item, at)
    if outcome.next_item is not None and outcome.next_item.archived_at is None:
        return Decided(item, outcome.next_item)
    made = _next(item, decision, learning or item.learning, seat, at)
    outcome.next_item = made
    outcome.save(update_fields=["next_item"])
    data: dict[str, Any] = {"decision": decision, "next": made.public_id, "key": made.key}
    events.record(
        "outcome.continued",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=seat.user,
        at=at,
        data=data,
    )
    return Decided(item, made)


def _check(item: ContentItem, decision: str, reason: str, learning: str) -> None:
    if item.published_at is None:
        raise Refused([Refusal("nothing_to_decide")])
    wrong: dict[str, Any] = {}
    if decision not in Decision.values:
        wrong["decision"] = [("required", _("Repeat, improve or drop: choose one."))]
    if not reason:
        wrong["decision_reason"] = [("required", _("Say in a sentence why."))]
    if decision == Decision.IMPROVE and not (learning or item.learning):
        wrong["learning"] = [("required", _("Say what the next one has to do otherwise."))]
    if item.primary_kpi_id is None:
        wrong["primary_kpi"] = [("required", _("Choose its KPI first: a decision needs one."))]
    if wrong:
        raise Invalid(wrong)


def _outcome(item: ContentItem, at: datetime) -> Outcome:
    found = Outcome.objects.select_related("next_item").filter(item=item).first()
    if found is not None:
        return found
    stands = standing_of(item)
    return Outcome.objects.create(
        workspace=item.workspace,
        item=item,
        kpi=item.primary_kpi,
        due_at=rules.due_at(item.published_at or at),
        value=stands.value if stands else None,
        median=stands.median if stands else None,
        percentile=stands.percentile if stands else None,
        others=stands.others if stands else 0,
        read_at=at,
    )


def _next(item: ContentItem, decision: str, learning: str, seat: Seat, at: datetime) -> ContentItem:
    improves = decision == Decision.IMPROVE
    title = _("%(title)s, improved") if improves else _("%(title)s, again")
    values = {
        "pillar": item.pillar, "goal": item.goal, "format": item.format, "channel": item.channel,
        "content_type": item.content_type, "promise": item.promise, "cta": item.cta,
        "url": item.url, "primary_kpi": item.primary_kpi, "secondary_kpi": item.secondary_kpi,
        "target_value": item.target_value, "assignees": list(item.assignees.all()),
        "length_min_seconds": item.length_min_seconds,
        "length_max_seconds": item.length_max_seconds,
        "hypothesis": learning if improves else item.hypothesis,
    }  # fmt: skip
    return items.create(
        item.board, title=title % {"title": item.title[:180]}, seat=seat, at=at, values=values
    )
