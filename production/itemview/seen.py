from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from production.models import ContentItem, Stage
from production.permissions import Seat


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do here; the templates ask nothing else."""

    edit: bool
    move: bool
    plan: bool
    derive: bool
    archive: bool
    comment: bool
    moderate: bool
    upload: bool
    outcome: bool
    ask: bool
    sign: bool
    invite: bool
    publish: bool
    override: bool


class Seen:
    """One item, the person who looks at it, and when."""

    def __init__(
        self,
        item: ContentItem,
        seat: Seat,
        now: datetime,
        *,
        problems: Mapping[str, Sequence[str]] | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.item, self.seat, self.now = item, seat, now
        self.workspace = seat.workspace
        self.problems = problems or {}
        self.typed = typed or {}

    @cached_property
    def may(self) -> May:
        seat, item = self.seat, self.item
        here = item.archived_at is None

        def may(operation: str) -> bool:
            return here and seat.may_work_on(item, operation)

        return May(
            edit=may("item.edit"),
            move=may("item.move"),
            plan=may("item.assign"),
            derive=may("item.derive") and item.parent_id is None,
            archive=seat.may_work_on(item, "item.archive"),
            comment=may("comment.add"),
            moderate=seat.may("comment.moderate"),
            upload=may("asset.add"),
            outcome=may("outcome.record"),
            ask=may("review.request"),
            sign=may("review.sign"),
            invite=may("review.invite"),
            publish=may("publication.publish"),
            override=may("item.override"),
        )

    @cached_property
    def stages(self) -> list[Stage]:
        found = Stage.objects.filter(board=self.item.board_id, retired_at=None)
        return list(found.order_by("position", "id"))

    @cached_property
    def visible(self) -> Any:
        return ContentItem.objects.visible_to(self.seat.user).filter(workspace=self.workspace)
