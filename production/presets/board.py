"""The default board: a stage per kind, limits where work piles up, and what each entry asks for."""

from __future__ import annotations

from dataclasses import dataclass

from production.models import Gate, Kind
from production.presets.both import Both

BOARD = Both("Board", "Taulu")


@dataclass(frozen=True, slots=True)
class StagePreset:
    kind: Kind
    name: Both
    wip_limit: int | None = None
    waiting: bool = False


STAGES = (
    StagePreset(Kind.IDEA, Both("Ideas", "Ideat")),
    StagePreset(Kind.SCRIPT, Both("Script", "Käsikirjoitus"), wip_limit=4),
    StagePreset(Kind.SHOOT, Both("Shoot", "Kuvaus"), wip_limit=3),
    StagePreset(Kind.EDIT, Both("Edit", "Editointi"), wip_limit=4),
    StagePreset(Kind.PUBLISH, Both("Ready to publish", "Valmis julkaistavaksi"), waiting=True),
    StagePreset(Kind.LEARN, Both("Learning", "Opit")),
    StagePreset(Kind.DONE, Both("Done", "Valmis")),
)


@dataclass(frozen=True, slots=True)
class GatePreset:
    kind: Kind
    label: Both
    check: Gate.Check = Gate.Check.MANUAL
    field: str = ""
    counted: str = ""
    at_least: int = 1


GATES = (
    GatePreset(
        Kind.SCRIPT,
        Both("Channel is chosen", "Kanava on valittu"),
        Gate.Check.FIELD,
        field=Gate.Field.CHANNEL,
    ),
    GatePreset(
        Kind.SHOOT,
        Both("Script is written", "Käsikirjoitus on kirjoitettu"),
        Gate.Check.FIELD,
        field=Gate.Field.SCRIPT,
    ),
    GatePreset(
        Kind.SHOOT,
        Both("Promise to the viewer is written", "Lupaus katsojalle on kirjattu"),
        Gate.Check.FIELD,
        field=Gate.Field.PROMISE,
    ),
    GatePreset(Kind.EDIT, Both("B-roll is shot", "Kuvituskuva on kuvattu")),
    GatePreset(
        Kind.PUBLISH,
        Both(
            "3 openings for the first two seconds, one chosen with a reason",
            "3 aloitusta ensimmäisille kahdelle sekunnille, yksi valittu perustellen",
        ),
        Gate.Check.OPENINGS,
        at_least=3,
    ),
    GatePreset(
        Kind.PUBLISH,
        Both("Sources are named", "Lähteet on nimetty"),
        Gate.Check.COUNT,
        counted=Gate.Counted.SOURCES,
    ),
    GatePreset(
        Kind.PUBLISH,
        Both("Captions and rights are checked", "Tekstitys ja käyttöoikeudet on tarkistettu"),
    ),
    GatePreset(
        Kind.PUBLISH,
        Both("Signed by a second person", "Toinen ihminen on hyväksynyt"),
        Gate.Check.REVIEW,
    ),
    GatePreset(
        Kind.DONE,
        Both("Target is set", "Tavoite on asetettu"),
        Gate.Check.FIELD,
        field=Gate.Field.TARGET_VALUE,
    ),
    GatePreset(
        Kind.DONE,
        Both("Result is filled in", "Tulos on kirjattu"),
        Gate.Check.FIELD,
        field=Gate.Field.RESULT_VALUE,
    ),
    GatePreset(
        Kind.DONE,
        Both("Decision is made: repeat, improve, drop", "Päätös on tehty: toista, kehitä, poista"),
        Gate.Check.FIELD,
        field=Gate.Field.DECISION,
    ),
    GatePreset(
        Kind.DONE,
        Both("Learning is written down", "Oppi on kirjattu"),
        Gate.Check.FIELD,
        field=Gate.Field.LEARNING,
    ),
)  # fmt: skip
