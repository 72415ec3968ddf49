"""Learnings: what one card taught, and the cards into which it was carried (R27)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from playbook.models import Learning, LearningUse
from production import events
from production.errors import Invalid
from production.models import ContentItem, Workspace
from production.permissions import Seat

WEEK = timedelta(days=7)


@transaction.atomic
def note(item: ContentItem, text: str, *, seat: Seat, at: datetime) -> Learning:
    """Write down what the card taught, under its pillar and format. Raises Invalid."""
    seat.require("playbook.propose")
    said = text.strip()
    if not said:
        raise Invalid({"text": [("required", _("Say in a sentence what the card taught."))]})
    made = Learning.objects.create(
        workspace=seat.workspace, item=item, text=said[:500], pillar=item.pillar,
        format=item.format, at=at, by=seat.user,
    )  # fmt: skip
    _record("learning.noted", made, item, seat, at)
    return made


@transaction.atomic
def apply(learning: Learning, item: ContentItem, *, seat: Seat, at: datetime) -> LearningUse:
    """Note that the learning was carried into the card; twice is once. Raises Invalid."""
    seat.require("playbook.propose")
    learning = Learning.objects.select_for_update().get(pk=learning.pk, workspace=seat.workspace)
    if item.pk == learning.item_id:
        raise Invalid({"card": [("same", _("This is the card that taught it."))]})
    use, is_new = LearningUse.objects.get_or_create(
        learning=learning, item=item, defaults={"at": at, "by": seat.user}
    )
    if is_new:
        _record("learning.applied", learning, item, seat, at)
    return use


def applied_in_week(workspace: Workspace, *, until: datetime) -> int:
    """How often a learning was carried into a card in the seven days until then."""
    rows = LearningUse.objects.filter(learning__workspace=workspace)
    return rows.filter(at__gt=until - WEEK, at__lte=until).count()


def _record(type_: str, learning: Learning, item: ContentItem, seat: Seat, at: datetime) -> None:
    events.record(
        type_, learning.public_id, workspace_id=learning.workspace_id, by=seat.user, at=at,
        data={"card": item.key},
    )  # fmt: skip
