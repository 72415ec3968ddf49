"""What a publication still lacks before a scheduler may have it. Pure: facts in, reasons out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from production.rules import OpenGate, Refusal


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules look at.

    `outside` says why the time does not suit the channel's windows; `bare_links` are addresses
    without campaign parameters in what goes out.
    """

    has_channel: bool
    has_content: bool
    has_time: bool
    has_primary_kpi: bool
    signatures: int
    signatures_needed: int
    open_gates: Sequence[OpenGate] = ()
    bare_links: Sequence[str] = ()
    outside: Refusal | None = None
    waived: bool = False
    archived: bool = False
    blocked_reason: str = ""
    repeats: str = ""  # the key of an item with the same content on the channel within 24 hours


def missing(facts: Facts) -> list[Refusal]:
    """Every reason why it may not go out yet, in the order in which people settle them."""
    return [refusal for rule in RULES for refusal in rule(facts)]


def _card(facts: Facts) -> list[Refusal]:
    if facts.archived:
        return [Refusal("archived")]
    if facts.blocked_reason:
        return [Refusal("blocked", {"reason": facts.blocked_reason})]
    return []


def _content(facts: Facts) -> list[Refusal]:
    held = {
        "needs_channel": facts.has_channel,
        "needs_content": facts.has_content,
        "needs_primary_kpi": facts.has_primary_kpi,
    }
    return [Refusal(code) for code, there in held.items() if not there]


def _definition_of_done(facts: Facts) -> list[Refusal]:
    return [
        Refusal(
            "gate_open",
            {
                "stage": gate.stage, "gate": gate.label, "gate_id": gate.id, "have": gate.have,
                "need": gate.need,
            },
        )
        for gate in facts.open_gates
    ]  # fmt: skip


def _links(facts: Facts) -> list[Refusal]:
    return [Refusal("bare_link", {"url": url}) for url in facts.bare_links]


def _time(facts: Facts) -> list[Refusal]:
    if not facts.has_time:
        return [Refusal("needs_time")]
    return [facts.outside] if facts.outside and not facts.waived else []


def _repeats(facts: Facts) -> list[Refusal]:
    return [Refusal("duplicate_content", {"key": facts.repeats})] if facts.repeats else []


def _review(facts: Facts) -> list[Refusal]:
    if facts.signatures >= facts.signatures_needed:
        return []
    return [Refusal("needs_review", {"have": facts.signatures, "need": facts.signatures_needed})]


RULES: tuple[Callable[[Facts], list[Refusal]], ...] = (
    _card,
    _content,
    _definition_of_done,
    _links,
    _time,
    _repeats,
    _review,
)
