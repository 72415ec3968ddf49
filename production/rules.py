"""What may an item do next? Rules only: no database, no clock, no request.

The same rules refuse a move, grey out a stage and explain why; `sentences.py` puts the codes into
words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

KINDS = ("idea", "script", "shoot", "edit", "publish", "learn", "done")

# What an owner may overrule with a reason. The rest is not a matter of opinion.
OVERRIDABLE = frozenset(
    {"gate_open", "wip_limit", "person_wip_limit", "blocked", "window_locked", "outside_window"}
)


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str  # for programs; never changes
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def overridable(self) -> bool:
        return self.code in OVERRIDABLE


@dataclass(frozen=True, slots=True)
class Check:
    """What a gate asks for."""

    kind: str  # manual, field, count, openings, review, out
    field: str = ""
    counted: str = ""
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item has to show at a gate."""

    ticked: bool = False
    filled: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    opening_chosen_with_reason: bool = False
    signatures: int = 0
    signatures_needed: int = 1
    out: bool = False


@dataclass(frozen=True, slots=True)
class GateState:
    met: bool
    have: int
    need: int


def gate_state(check: Check, facts: Facts) -> GateState:
    """How far the item is through the gate; raises ValueError for a check nobody knows."""
    match check.kind:
        case "manual":
            return _state(int(facts.ticked), 1)
        case "field":
            return _state(int(check.field in facts.filled), 1)
        case "count":
            return _state(facts.counts.get(check.counted, 0), check.at_least)
        case "openings":
            openings = _state(facts.counts.get("hooks", 0), check.at_least)
            met = openings.met and facts.opening_chosen_with_reason
            return GateState(met, openings.have, openings.need)
        case "review":
            return _state(facts.signatures, facts.signatures_needed)
        case "out":
            return _state(int(facts.out), 1)
    raise ValueError(f"unknown check {check.kind!r}")


def _state(have: int, need: int) -> GateState:
    return GateState(have >= need, have, need)


@dataclass(frozen=True, slots=True)
class OpenGate:
    id: str
    label: str
    stage: str
    have: int = 0
    need: int = 1


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """Cards in progress that somebody would hold after the move."""

    name: str
    count: int
    limit: int


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """An item about to enter a stage, and everything a rule may look at."""

    stage: str
    kind: str
    from_kind: str
    changes_stage: bool = True
    archived: bool = False
    stage_retired: bool = False
    blocked_reason: str = ""
    open_gates: tuple[OpenGate, ...] = ()
    wip: int = 0  # without this item
    wip_limit: int | None = None
    limit_blocks: bool = True
    overloaded: tuple[PersonLoad, ...] = ()
    person_limit_blocks: bool = False
    has_primary_kpi: bool = True
    is_out: bool = True
    allowed_kinds: frozenset[str] | None = None  # None: any


def order(kind: str) -> int:
    """Where the kind stands in the pipeline, 0 to 6; raises ValueError for a stranger."""
    return KINDS.index(kind)


def still_here(move: ProposedMove) -> list[Refusal]:
    if move.archived:
        return [Refusal("archived")]
    if move.stage_retired:
        return [Refusal("stage_retired", {"stage": move.stage})]
    return []


def own_stages(move: ProposedMove) -> list[Refusal]:
    kinds = move.allowed_kinds
    if kinds is not None and not {move.kind, move.from_kind} <= kinds:
        return [Refusal("not_your_stage", {"stage": move.stage})]
    return []


def not_blocked(move: ProposedMove) -> list[Refusal]:
    if move.blocked_reason and move.changes_stage:
        return [Refusal("blocked", {"reason": move.blocked_reason})]
    return []


def gates_passed(move: ProposedMove) -> list[Refusal]:
    return [
        Refusal(
            "gate_open",
            {
                "stage": gate.stage,
                "gate": gate.label,
                "gate_id": gate.id,
                "have": gate.have,
                "need": gate.need,
            },
        )
        for gate in move.open_gates
    ]


def one_primary_kpi(move: ProposedMove) -> list[Refusal]:
    if order(move.kind) >= order("publish") and not move.has_primary_kpi:
        return [Refusal("primary_kpi_missing", {"stage": move.stage})]
    return []


def out_before_learning(move: ProposedMove) -> list[Refusal]:
    leaves_publish = order(move.from_kind) <= order("publish") < order(move.kind)
    if leaves_publish and not move.is_out:
        return [Refusal("not_published", {"stage": move.stage})]
    return []


def room_in_stage(move: ProposedMove) -> list[Refusal]:
    if move.changes_stage and move.limit_blocks:
        return _stage_limit(move)
    return []


def room_for_people(move: ProposedMove) -> list[Refusal]:
    return _person_limit(move) if move.person_limit_blocks else []


RULES: tuple[Callable[[ProposedMove], list[Refusal]], ...] = (
    still_here,
    own_stages,
    not_blocked,
    gates_passed,
    one_primary_kpi,
    out_before_learning,
    room_in_stage,
    room_for_people,
)


def refusals(move: ProposedMove) -> list[Refusal]:
    """Every reason to refuse the move; empty when it may go ahead."""
    return [refusal for rule in RULES for refusal in rule(move)]


def warnings(move: ProposedMove) -> list[Refusal]:
    """What the person should know although the move goes ahead: limits that only warn."""
    noted: list[Refusal] = []
    if move.changes_stage and not move.limit_blocks:
        noted += _stage_limit(move)
    if not move.person_limit_blocks:
        noted += _person_limit(move)
    return noted


def _stage_limit(move: ProposedMove) -> list[Refusal]:
    if move.wip_limit is not None and move.wip >= move.wip_limit:
        params: dict[str, str | int] = {
            "stage": move.stage,
            "count": move.wip,
            "limit": move.wip_limit,
        }
        return [Refusal("wip_limit", params)]
    return []


def _person_limit(move: ProposedMove) -> list[Refusal]:
    return [
        Refusal(
            "person_wip_limit",
            {"person": load.name, "count": load.count, "limit": load.limit},
        )
        for load in move.overloaded
    ]
