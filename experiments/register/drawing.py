"""Which variant goes to which publishing slot, drawn before anything is published (grade R3)."""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from experiments.models import Experiment, SlotDraw
from experiments.register.held import State, hold, record, refusal, require_state
from production.errors import Invalid, Refused
from production.models import Slot
from production.permissions import Seat


@transaction.atomic
def draw(
    experiment: Experiment, *, seat: Seat, at: datetime, seed: str | None = None
) -> list[SlotDraw]:
    """Draw a variant for every free slot of the experiment's channel and days, once and for all.

    Each ISO week is a block of its own, in which the variants come equally often, give or take
    one. The seed is kept, so that anybody can repeat the draw. Raises Invalid without a channel,
    Refused (experiment_drawn, experiment_too_few_slots, experiment_begun).
    """
    seat.require("experiment.change")
    experiment = hold(experiment)
    require_state(experiment, State.PLANNED)
    if experiment.draws.exists():
        raise Refused([refusal("experiment_drawn", experiment)])
    slots, variants = _slots(experiment, at), list(experiment.variants.order_by("position"))
    if len(slots) < len(variants):
        more = {"have": len(slots), "needed": len(variants)}
        raise Refused([refusal("experiment_too_few_slots", experiment, **more)])
    seed = seed or secrets.token_hex(16)
    chance = random.Random(seed)  # noqa: S311  a draw that can be repeated, no secret
    blocks: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        blocks[_block(slot)].append(slot)
    drawn = [
        SlotDraw(
            experiment=experiment, variant=variants[place], slot=slot, block=name, seed=seed,
            drawn_at=at,
        )
        for name in sorted(blocks)
        for slot, place in zip(
            blocks[name], places(len(blocks[name]), len(variants), chance), strict=True
        )
    ]  # fmt: skip
    SlotDraw.objects.bulk_create(drawn)
    record(
        "experiment.drawn", experiment, seat=seat, at=at, slots=len(drawn), blocks=len(blocks),
        seed=seed,
    )  # fmt: skip
    return drawn


def places(slots: int, variants: int, chance: random.Random) -> Sequence[int]:
    """A variant for each slot of a block, equally often give or take one, in random order."""
    order: list[int] = []
    while len(order) < slots:
        order += chance.sample(range(variants), variants)
    drawn = order[:slots]
    chance.shuffle(drawn)
    return drawn


def _slots(experiment: Experiment, at: datetime) -> list[Slot]:
    if experiment.channel is None:
        raise Invalid({"channel": [("required", _("Choose the channel whose slots are drawn."))]})
    rows = Slot.objects.filter(
        workspace=experiment.workspace, channel=experiment.channel, cancelled_at=None,
        publication=None, draw=None, starts_at__gt=at,
    )  # fmt: skip
    if experiment.starts_on:
        rows = rows.filter(starts_local__gte=experiment.starts_on.isoformat())
    if experiment.ends_on:
        after = experiment.ends_on + timedelta(days=1)
        rows = rows.filter(starts_local__lt=after.isoformat())
    return list(rows.order_by("starts_at", "id"))


def _block(slot: Slot) -> str:
    year, week, _weekday = datetime.fromisoformat(slot.starts_local).isocalendar()
    return f"{year}-W{week:02}"
