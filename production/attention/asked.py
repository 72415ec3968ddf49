"""The review requests that wait: those a person can answer, and those of the others."""

from __future__ import annotations

from django.db.models import F

from production.models import ReviewRequest
from production.permissions import Seat

MOST = 200


def reviews_waiting(seat: Seat) -> tuple[list[ReviewRequest], list[ReviewRequest]]:
    """Open requests of the workspace, the earliest due first: one's own to answer, the others.

    An external contributor sees none. Each row carries `now_digest`, what its content is now.
    """
    if not seat.may("review.see"):
        return [], []
    asked = (
        ReviewRequest.objects.filter(
            workspace=seat.workspace,
            state=ReviewRequest.State.OPEN,
            item__archived_at=None,
        )
        .select_related("item__stage", "item__channel", "reviewer", "requested_by")
        .annotate(edited_by=F("item__content_edited_by"), now_digest=F("item__content_digest"))
        .order_by(F("due_at").asc(nulls_last=True), "created_at", "id")
    )
    mine: list[ReviewRequest] = []
    others: list[ReviewRequest] = []
    for each in asked[:MOST]:
        each.item.workspace = seat.workspace
        (mine if _can_answer(each, seat) else others).append(each)
    return mine, others


def _can_answer(asked: ReviewRequest, seat: Seat) -> bool:
    """Asked by name, or anybody is; and never on one's own last edit."""
    is_asked = asked.reviewer_id in (None, seat.user.pk)
    own_edit = asked.edited_by == seat.user.pk  # type: ignore[attr-defined]
    return seat.may("review.sign") and is_asked and not own_edit
