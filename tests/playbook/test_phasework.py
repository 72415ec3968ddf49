"""The checklists of the phases: counted where they can be, vouched for where they cannot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from playbook import phasework, strategies
from playbook.models import PhaseTick
from playbook.phasework.lines import LINES, Count, read
from playbook.phasework.weeks import Out, weeks_of, with_enough, with_share
from production import cycles, plan, windows
from production.errors import Invalid, NotAllowed
from production.models import Channel, Cycle, Event
from tests.people import NOON, World

MONDAY = date(2026, 3, 16)


def out(day: int, **values: object) -> Out:
    return Out(MONDAY + timedelta(days=day), 1, True, **values)  # type: ignore[arg-type]


def test_a_line_is_done_when_there_are_enough_and_not_too_many() -> None:
    counts = {"pillars": Count(6, 3, most=5), "formats": Count(8, 8), "numbers": Count(0, 0)}

    lines = {each.line.code: each for each in read(1, counts, {"audit", "numbers"})}

    assert not lines["pillars"].is_done
    assert lines["formats"].is_done
    assert not lines["numbers"].is_done  # nothing to count is not enough, and no hand ticks it
    assert lines["audit"].is_done
    assert [each.line.code for each in lines.values() if each.line.is_exit] == [
        "numbers", "baselines", "audit",
    ]  # fmt: skip
    assert len({line.code for line in LINES}) == len(LINES)


def test_weeks_are_counted_from_the_first_day_of_the_phase() -> None:
    weeks = weeks_of(MONDAY, MONDAY + timedelta(days=19))  # phase 4 has 20 days
    assert [(last - first).days + 1 for first, last in weeks] == [7, 13]
    pieces = [out(0, is_proven=True), out(1), out(2, is_proven=True), out(8, is_proven=True)]

    assert with_enough(pieces, weeks, 3, lambda each: True) == 1
    assert with_share(pieces, weeks, 0.7, lambda each: each.is_proven) == 1
    assert with_share(pieces, weeks, 2 / 3, lambda each: each.is_proven) == 2
    assert with_share([], weeks, 0.0, lambda each: True) == 0


@pytest.fixture
def cycle(world: World) -> Cycle:
    seat = world.seat("ann")
    words = dict.fromkeys(strategies.FIELDS, "As last year.")
    strategies.save(words, version=0, seat=seat, at=NOON)
    roles = {Channel.objects.get(workspace=world.workspace): "primary"}
    values = {"name": "Spring", "starts_on": cycles.today_in(world.workspace, NOON)}
    return strategies.begin_cycle(values, channels=roles, seat=seat, at=NOON)


def standing(cycle: Cycle, number: int = 1) -> dict[str, phasework.Read]:
    phase = cycle.phases.get(number=number)
    return {each.line.code: each for each in phasework.checklist(cycle, phase, at=NOON)}


def test_the_workspace_ticks_its_own_lines(world: World, cycle: Cycle) -> None:
    seat, channel = world.seat("ann"), Channel.objects.get(workspace=world.workspace)
    kpi = world.workspace.kpidefinitions.get()
    before = standing(cycle)
    assert before["strategy"].is_done
    assert (before["signals"].count, before["pillars"].count) == (Count(0, 3), Count(0, 3, 5))

    for name in ("Craft", "Cases", "People"):
        plan.add("pillar", {"name": name, "kpi": kpi}, seat=seat, at=NOON)
    values = {"winning_kpi": kpi, "signals": ["hold", "saves", "sends"]}
    plan.change(channel, values, seat=seat, at=NOON)
    windows.add(
        channel, weekdays=[1], begins=NOON.time(), ends=(NOON + timedelta(hours=2)).time(),
        seat=seat, at=NOON,
    )  # fmt: skip

    after = standing(cycle)
    assert all(after[code].is_done for code in ("pillars", "signals", "winning"))
    assert standing(cycle, 3)["windows"].count == Count(0, 2)  # there, and not locked


def test_every_phase_is_read_and_every_line_leads_somewhere(
    world: World, cycle: Cycle, client: Client
) -> None:
    assert sum(len(standing(cycle, number)) for number in (1, 2, 3, 4)) == len(LINES)
    client.force_login(world.ann)
    page = client.get(f"/w/{world.workspace.slug}/cycle/").content.decode()
    for line in LINES:
        assert f'id="line-{line.code}"' in page
    asked = client.get(f"/w/{world.workspace.slug}/cycle/phases/1/").content.decode()
    assert "What holds now" in asked
    assert 'id="line-baselines"' in asked
    assert 'id="line-windows"' not in asked


def test_a_person_vouches_with_what_shows_it(world: World, cycle: Cycle, client: Client) -> None:
    client.force_login(world.ben)
    address = f"/w/{world.workspace.slug}/cycle/lines/audit/"

    client.post(address, {"evidence": "  "})
    assert not PhaseTick.objects.exists()
    client.post(address, {"evidence": "Sheet of 16.3., 40 rows"})

    assert standing(cycle)["audit"].is_done
    told = Event.objects.get(type="cycle.line_ticked")
    assert told.data == {"line": "audit", "phase": 1, "evidence": "Sheet of 16.3., 40 rows"}
    client.post(address, {"undo": "1"})
    assert not standing(cycle)["audit"].is_done
    with pytest.raises(Invalid):
        phasework.tick(cycle, "baselines", evidence="I swear", seat=world.seat("ann"), at=NOON)
    with pytest.raises(NotAllowed):
        phasework.tick(cycle, "audit", evidence="Seen", seat=world.seat("kim"), at=NOON)
    client.force_login(world.kim)
    assert client.post(address, {"evidence": "Seen"}).status_code == 403
