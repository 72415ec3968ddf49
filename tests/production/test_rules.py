import pytest

from production.rules import (
    Check,
    Facts,
    OpenGate,
    PersonLoad,
    ProposedMove,
    gate_state,
    refusals,
    warnings,
)
from production.sentences import SENTENCES, say


def proposed(**facts: object) -> ProposedMove:
    return ProposedMove("Edit", "edit", "shoot", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("move", "codes"),
    [
        (proposed(), []),
        (proposed(archived=True), ["archived"]),
        (proposed(blocked_reason="rain"), ["blocked"]),
        (proposed(open_gates=(OpenGate("gat_1", "Shots are in", "Edit"),)), ["gate_open"]),
        (proposed(wip=4, wip_limit=4), ["wip_limit"]),
        (proposed(wip=3, wip_limit=4), []),
        (proposed(wip=4, wip_limit=4, limit_blocks=False), []),
        (
            proposed(overloaded=(PersonLoad("Ben", 4, 3),), person_limit_blocks=True),
            ["person_wip_limit"],
        ),
        (proposed(allowed_kinds=frozenset({"script"})), ["not_your_stage"]),
        (ProposedMove("Ready", "publish", "edit", has_primary_kpi=False), ["primary_kpi_missing"]),
        (ProposedMove("Learn", "learn", "publish", is_out=False), ["not_published"]),
        (ProposedMove("Done", "done", "learn", is_out=False), []),
    ],
)
def test_each_rule_refuses_what_it_is_for(move: ProposedMove, codes: list[str]) -> None:
    assert [refusal.code for refusal in refusals(move)] == codes


def test_a_limit_that_warns_does_not_refuse() -> None:
    move = proposed(wip=4, wip_limit=4, limit_blocks=False, overloaded=(PersonLoad("Ben", 4, 3),))

    assert [warning.code for warning in warnings(move)] == ["wip_limit", "person_wip_limit"]


@pytest.mark.parametrize(
    ("check", "facts", "met"),
    [
        (Check("manual"), Facts(), False),
        (Check("manual"), Facts(ticked=True), True),
        (Check("field", field="cta"), Facts(filled=frozenset({"title"})), False),
        (Check("field", field="cta"), Facts(filled=frozenset({"cta"})), True),
        (Check("count", counted="files", at_least=2), Facts(counts={"files": 1}), False),
        (Check("count", counted="files", at_least=2), Facts(counts={"files": 2}), True),
        (Check("openings", at_least=3), Facts(counts={"hooks": 3}), False),
        (
            Check("openings", at_least=3),
            Facts(counts={"hooks": 3}, opening_chosen_with_reason=True),
            True,
        ),
        (Check("review"), Facts(signatures=1, signatures_needed=2), False),
        (Check("review"), Facts(signatures=2, signatures_needed=2), True),
        (Check("out"), Facts(out=True), True),
    ],
)
def test_a_gate_opens_on_its_facts(check: Check, facts: Facts, met: bool) -> None:
    assert gate_state(check, facts).met is met


def test_an_unknown_check_is_an_error_not_an_open_gate() -> None:
    with pytest.raises(ValueError, match="horoscope"):
        gate_state(Check("horoscope"), Facts())


def test_every_refusal_has_a_sentence() -> None:
    everything = ProposedMove(
        "Done",
        "done",
        "edit",
        archived=True,
        stage_retired=True,
        blocked_reason="rain",
        open_gates=(OpenGate("gat_1", "Shots are in", "Edit"),),
        wip=4,
        wip_limit=4,
        overloaded=(PersonLoad("Ben", 4, 3),),
        person_limit_blocks=True,
        has_primary_kpi=False,
        is_out=False,
        allowed_kinds=frozenset({"script"}),
    )

    for refusal in refusals(everything):
        assert refusal.code in SENTENCES
        assert "%(" not in say(refusal)
