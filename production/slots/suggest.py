"""Which idea suits which empty slot. Pure: plain values in, pairs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """What a slot asks for, or an idea has; None or empty where it says nothing."""

    id: str
    channel: int | None
    format: int | None = None
    pillar: int | None = None
    content_type: str = ""


def suggest(slots: Sequence[Traits], ideas: Sequence[Traits]) -> dict[str, str]:
    """Slot → idea, each idea once: for every slot in turn the one that suits it best.

    An idea for another channel never suits; among equals the earlier stands first. A slot for
    which nothing is left is not named.
    """
    left = list(ideas)
    found: dict[str, str] = {}
    for slot in slots:
        fitting = [idea for idea in left if idea.channel in (None, slot.channel)]
        if fitting:
            best = max(fitting, key=lambda idea, slot=slot: _likeness(slot, idea))  # type: ignore[misc]
            left.remove(best)
            found[slot.id] = best.id
    return found


def _likeness(slot: Traits, idea: Traits) -> tuple[int, ...]:
    """The format weighs most: it makes the piece. What contradicts weighs against."""
    return (
        _agrees(slot.format, idea.format),
        _agrees(slot.content_type, idea.content_type),
        _agrees(slot.pillar, idea.pillar),
        _agrees(slot.channel, idea.channel),
    )


def _agrees(wanted: object, given: object) -> int:
    if not wanted or not given:
        return 0
    return 1 if wanted == given else -1
