"""The daily look: what has been out for seven days gets its result, and somebody is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from experiments.models import Outcome
from experiments.outcomes import rules
from experiments.outcomes.reading import Standing, standing_of
from production import events, items, notices
from production.locks import lock_board
from production.models import ContentItem, Notice, User, Workspace

# Older than this nobody is asked: cards that an import brought in, or a worker that stood still.
ASKED_FOR = timedelta(days=14)
# Numbers of the seventh day come in for some days; later ones leave what was read as it is.
READ_FOR = timedelta(days=7)


def waiting(workspace: Workspace, at: datetime) -> QuerySet[ContentItem]:
    """What has been out for seven days and is not decided, the longest waiting first."""
    return (
        ContentItem.objects.filter(
            workspace=workspace,
            archived_at=None,
            decision="",
            published_at__lte=at - rules.AGE,
            published_at__gt=at - rules.AGE - rules.LOOKS_BACK,
        )
        .exclude(primary_kpi=None)
        .order_by("published_at", "id")
    )


def fill_due(*, at: datetime) -> int:
    """Read every item that has come of age; how many. Done twice it finds nothing new."""
    rows = ContentItem.objects.filter(
        archived_at=None,
        decision="",
        published_at__lte=at - rules.AGE,
        published_at__gt=at - rules.AGE - max(READ_FOR, ASKED_FOR),
        primary_kpi__isnull=False,
    )
    found = list(rows.order_by("workspace", "id").values_list("pk", flat=True))
    return sum(fill(key, at=at) for key in found)


@transaction.atomic
def fill(key: int, *, at: datetime) -> bool:
    """Put the value at seven days where the result is still empty, and ask once for a decision.

    A result that a person wrote down is left alone. Returns whether anything was new.
    """
    item = ContentItem.objects.select_related("workspace", "primary_kpi").get(pk=key)
    lock_board(item.board_id)
    item.refresh_from_db()
    kpi, stands = item.primary_kpi, standing_of(item)
    if kpi is None or item.decision or item.archived_at or item.published_at is None:
        return False
    known = Outcome.objects.filter(item=item).first()
    made = known or Outcome(workspace=item.workspace, item=item)
    changed = known is None or _differs(known, stands)
    if not changed:
        return False
    if stands is not None and stands.value is not None:
        _write_result(item, stands.value, known, at)
    made.kpi, made.due_at, made.read_at = kpi, rules.due_at(item.published_at), at
    made.value = stands.value if stands else None
    made.median = stands.median if stands else None
    made.percentile = stands.percentile if stands else None
    made.others = stands.others if stands else 0
    made.save()
    if known is None:
        _ask(item, made, at)
    return True


def _differs(known: Outcome, stands: Standing | None) -> bool:
    if stands is None:
        return False
    return (known.value, known.median, known.others) != (
        stands.value, stands.median, stands.others,
    )  # fmt: skip


def _write_result(item: ContentItem, value: float, known: Outcome | None, at: datetime) -> None:
    before = _decimal(known.value) if known is not None and known.value is not None else None
    if item.result_value is None or item.result_value == before:
        items.edit(item, {"result_value": _decimal(value)}, by=None, at=at)


def _decimal(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.0001"))


def _ask(item: ContentItem, outcome: Outcome, at: datetime) -> None:
    data = {"kpi": outcome.kpi.name, "others": outcome.others}
    if outcome.value is not None:
        data["value"] = outcome.value
    event = events.record(
        "outcome.due",
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=None,
        at=at,
        data=data,
    )
    people: list[User] = list(item.assignees.all())
    if not people and item.created_by is not None:
        people = [item.created_by]
    notices.tell(event, item, Notice.Reason.OUTCOME, people)
