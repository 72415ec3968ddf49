from datetime import date

import pytest

from production import plan, workspaces
from production.errors import Invalid, NotAllowed, Stale
from production.models import (
    Channel,
    Event,
    Format,
    Goal,
    KpiDefinition,
    KpiDefinitionVersion,
    Label,
    Membership,
    Partner,
    Pillar,
)
from production.permissions import Seat, seat_of
from production.plan import formulas, signals
from tests.people import NOON, World


@pytest.fixture
def method(world: World) -> Seat:
    """Ann's seat in a workspace that begins with the whole method."""
    workspace = workspaces.create("Aalto Method", by=world.ann, at=NOON)
    return seat_of(Membership.objects.get(workspace=workspace))


def kpi(world: World) -> KpiDefinition:
    return KpiDefinition.objects.get(workspace=world.workspace, code="saves-per-1000")


def minimal(noun: str, world: World) -> dict[str, object]:
    return {
        "channel": {"name": "Reels", "platform": "instagram"},
        "pillar": {"name": "Craft", "kpi": kpi(world)},
        "format": {"name": "Reaction"},
        "kpi": {"name": "Reach", "numerator": "Accounts", "kind": "count"},
        "goal": {"name": "Leads", "primary_kpi": kpi(world)},
        "partner": {"name": "Mira Creates"},
        "label": {"name": "urgent"},
    }[noun]


# -- what holds for every word ----------------------------------------------------------------


@pytest.mark.parametrize("noun", plan.WORDS)
def test_every_word_is_added_changed_retired_and_restored(world: World, noun: str) -> None:
    ann = world.seat("ann")

    entry = plan.add(noun, minimal(noun, world), seat=ann, at=NOON)
    changed = plan.change(entry, {"name": "Renamed"}, seat=ann, at=NOON, version=1)
    retired = plan.retire(changed, seat=ann, at=NOON)
    plan.retire(retired, seat=ann, at=NOON)
    restored = plan.restore(retired, seat=ann, at=NOON)
    plan.restore(restored, seat=ann, at=NOON)

    assert (retired.retired_at, restored.retired_at) == (NOON, None)
    assert (restored.name, restored.version) == ("Renamed", 4)
    log = Event.objects.filter(subject=entry.public_id).order_by("seq")
    assert [event.type.partition(".") for event in log] == [
        (noun, ".", verb) for verb in ("added", "changed", "retired", "restored")
    ]
    assert log[1].data["changes"] == {"name": [minimal(noun, world)["name"], "Renamed"]}


@pytest.mark.parametrize("noun", plan.WORDS)
def test_a_name_is_taken_once(world: World, noun: str) -> None:
    ann = world.seat("ann")
    entry = plan.add(noun, minimal(noun, world), seat=ann, at=NOON)
    plan.retire(entry, seat=ann, at=NOON)
    if noun == "kpi":  # told apart by their codes
        again = plan.add(noun, minimal(noun, world), seat=ann, at=NOON)
        assert isinstance(again, KpiDefinition)
        assert again.code == "reach-2"
        return

    with pytest.raises(Invalid) as invalid:
        plan.add(noun, minimal(noun, world), seat=ann, at=NOON)

    assert invalid.value.errors["name"][0][0] == "taken"


@pytest.mark.parametrize("noun", plan.WORDS)
def test_a_stale_change_is_refused_with_what_it_says_now(world: World, noun: str) -> None:
    ann = world.seat("ann")
    entry = plan.add(noun, minimal(noun, world), seat=ann, at=NOON)
    plan.change(entry, {"name": "Faster"}, seat=ann, at=NOON)

    with pytest.raises(Stale) as stale:
        plan.change(entry, {"name": "Slower"}, seat=ann, at=NOON, version=1)

    assert (stale.value.current, stale.value.values) == (2, {"name": "Faster"})


@pytest.mark.parametrize("noun", plan.WORDS)
def test_an_entry_without_a_name_is_refused(world: World, noun: str) -> None:
    with pytest.raises(Invalid) as invalid:
        plan.add(noun, minimal(noun, world) | {"name": "  "}, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == ["name"]
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["ben", "vera", "kim", "otto"])
def test_only_owners_change_the_plan(world: World, name: str) -> None:
    seat = world.seat(name)
    label = Label.objects.create(workspace=world.workspace, name="urgent")

    for ask in (
        lambda: plan.add("label", {"name": "x"}, seat=seat, at=NOON),
        lambda: plan.change(label, {"name": "x"}, seat=seat, at=NOON),
        lambda: plan.retire(label, seat=seat, at=NOON),
        lambda: plan.restore(label, seat=seat, at=NOON),
        lambda: plan.reorder("label", [label.public_id], seat=seat, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            ask()

    assert not Event.objects.exists()


def test_another_workspaces_entry_does_not_exist(world: World, strangers: World) -> None:
    theirs = Label.objects.create(workspace=strangers.workspace, name="theirs")

    with pytest.raises(Label.DoesNotExist):
        plan.change(theirs, {"name": "ours"}, seat=world.seat("ann"), at=NOON)
    with pytest.raises(Invalid) as invalid:
        plan.add("pillar", {"name": "P", "kpi": kpi(strangers)}, seat=world.seat("ann"), at=NOON)

    assert invalid.value.errors["kpi"][0][0] == "does_not_exist"


def test_entries_are_put_in_order_and_retired_ones_come_last(world: World) -> None:
    ann = world.seat("ann")
    a, b, c = (plan.add("label", {"name": name}, seat=ann, at=NOON) for name in "abc")
    plan.retire(a, seat=ann, at=NOON)

    plan.reorder("label", [c.public_id, b.public_id], seat=ann, at=NOON)
    plan.reorder("label", [c.public_id, b.public_id], seat=ann, at=NOON)

    names = Label.objects.order_by("position").values_list("name", "position")
    assert list(names) == [("c", 0), ("b", 1), ("a", 2)]
    reordered = Event.objects.filter(type="plan.reordered")
    assert [event.data for event in reordered] == [
        {"noun": "label", "order": [c.public_id, b.public_id]}
    ]


# -- KPIs -------------------------------------------------------------------------------------


def test_counting_differently_makes_a_new_definition_and_keeps_the_old(world: World) -> None:
    ann = world.seat("ann")
    made = plan.add("kpi", minimal("kpi", world), seat=ann, at=NOON)

    plan.change(made, {"numerator": "People", "unit": "n"}, seat=ann, at=NOON)

    versions = KpiDefinitionVersion.objects.filter(kpi=made).order_by("number")
    assert [version.definition["numerator"] for version in versions] == ["Accounts", "People"]
    assert [version.by for version in versions] == [world.ann, world.ann]
    assert Event.objects.latest("seq").data["version"] == 2


def test_another_name_is_no_other_definition_and_the_code_stays(world: World) -> None:
    ann = world.seat("ann")
    made = plan.add("kpi", minimal("kpi", world), seat=ann, at=NOON)

    changed = plan.change(made, {"name": "Range", "short_name": "rg"}, seat=ann, at=NOON)

    assert isinstance(changed, KpiDefinition)
    assert changed.code == "reach"
    assert KpiDefinitionVersion.objects.filter(kpi=made).count() == 1
    assert Event.objects.latest("seq").data["version"] == 1
    with pytest.raises(Invalid):
        plan.change(made, {"code": "other"}, seat=ann, at=NOON)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "ratio"}, "denominator"),
        ({"per": 0}, "per"),
        ({"numerator": ""}, "numerator"),
        ({"kind": "guess"}, "kind"),
    ],
)
def test_a_kpi_that_cannot_be_counted_is_refused(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        plan.add("kpi", minimal("kpi", world) | values, seat=world.seat("ann"), at=NOON)

    assert field in invalid.value.errors
    assert KpiDefinition.objects.count() == 1


# -- channels ---------------------------------------------------------------------------------


def test_a_channel_keeps_its_signals_in_their_order(world: World) -> None:
    ann = world.seat("ann")
    values = minimal("channel", world) | {
        "signals": ["Saves", "", " Shares "],
        "winning_kpi": kpi(world),
    }

    channel = plan.add("channel", values, seat=ann, at=NOON)
    changed = plan.change(
        channel, {"signals": ["Watch time", "Saves"], "locked_until": date(2026, 6, 14)},
        seat=ann, at=NOON,
    )  # fmt: skip

    assert isinstance(changed, Channel)
    assert signals.names_of(changed) == ["Watch time", "Saves"]
    assert Event.objects.latest("seq").data["changes"] == {
        "locked_until": [None, "2026-06-14"],
        "signals": [["Saves", "Shares"], ["Watch time", "Saves"]],
    }


@pytest.mark.parametrize("names", [["a", "b", "c", "d"], ["Saves", "saves"], ["x" * 61]])
def test_signals_are_three_different_short_names(world: World, names: list[str]) -> None:
    channel = Channel.objects.get(workspace=world.workspace)

    with pytest.raises(Invalid) as invalid:
        plan.change(channel, {"signals": names}, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == ["signals"]
    assert signals.names_of(channel) == []


def test_a_stale_channel_says_its_signals_too(world: World) -> None:
    ann = world.seat("ann")
    channel = Channel.objects.get(workspace=world.workspace)
    plan.change(channel, {"signals": ["Saves"]}, seat=ann, at=NOON)

    with pytest.raises(Stale) as stale:
        plan.change(channel, {"name": "X", "signals": ["Shares"]}, seat=ann, at=NOON, version=1)

    assert stale.value.values == {"name": "TikTok", "signals": ["Saves"]}


# -- formats ----------------------------------------------------------------------------------


def test_the_log_counts_the_words_of_a_template(world: World) -> None:
    ann = world.seat("ann")
    made = plan.add("format", {"name": "Q", "script_template": "one two"}, seat=ann, at=NOON)

    plan.change(made, {"script_template": "one", "b_roll": ["Hands"]}, seat=ann, at=NOON)

    assert Event.objects.latest("seq").data["changes"] == {
        "script_template": [2, 1],
        "b_roll": [[], ["Hands"]],
    }


def test_a_retired_format_says_so_in_its_state_and_comes_back_as_a_candidate(
    world: World,
) -> None:
    ann = world.seat("ann")
    made = plan.add("format", {"name": "Q", "state": "proven"}, seat=ann, at=NOON)

    retired = plan.retire(made, seat=ann, at=NOON)
    restored = plan.restore(made, seat=ann, at=NOON)

    assert isinstance(retired, Format)
    assert isinstance(restored, Format)
    assert (retired.state, restored.state) == ("retired", "candidate")
    with pytest.raises(Invalid) as invalid:
        plan.change(restored, {"state": "retired"}, seat=ann, at=NOON)
    assert list(invalid.value.errors) == ["state"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"length_min_seconds": 30, "length_max_seconds": 20}, "length_max_seconds"),
        ({"title_formula": "{number mistakes"}, "title_formula"),
        ({"title_formula": "{ } mistakes"}, "title_formula"),
        ({"state": "famous"}, "state"),
    ],
)
def test_a_template_without_sense_is_refused(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        plan.add("format", {"name": "Q"} | values, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == [field]


def test_slots_of_a_formula_are_found_and_filled() -> None:
    formula = "{number} mistakes in {topic}, {number} times"

    assert formulas.slots(formula) == ["number", "topic"]
    assert formulas.fill(formula, {"number": "3"}) == "3 mistakes in ‹topic›, 3 times"


# -- advice -----------------------------------------------------------------------------------


def test_the_method_as_it_is_shipped_needs_no_advice(method: Seat) -> None:
    for noun, word in plan.WORDS.items():
        rows = list(word.model.objects.filter(workspace=method.workspace))
        assert plan.warnings(noun, rows) == [], noun


def test_a_third_primary_channel_and_a_missing_signal_are_pointed_out(method: Seat) -> None:
    youtube = Channel.objects.get(workspace=method.workspace, name="YouTube")
    plan.change(
        youtube, {"role": "primary", "signals": ["Watch time"], "winning_kpi": None},
        seat=method, at=NOON,
    )  # fmt: skip

    found = plan.warnings("channel", list(Channel.objects.filter(workspace=method.workspace)))

    assert len(found) == 3
    assert found[0].startswith("3 primary channels")
    assert found[1] == "YouTube has 1 signal; a primary channel is steered by exactly three."


@pytest.mark.parametrize(("count", "warned"), [(2, True), (3, False), (5, False), (6, True)])
def test_three_to_five_pillars(world: World, count: int, warned: bool) -> None:
    pillars = [Pillar(name=str(number), kpi=kpi(world)) for number in range(count)]

    assert bool(plan.warnings("pillar", pillars)) is warned


@pytest.mark.parametrize(("count", "warned"), [(5, True), (6, False), (10, False), (11, True)])
def test_six_to_ten_formats(count: int, warned: bool) -> None:
    whole = {"title_formula": "{a}", "cta": "Go", "b_roll": ["x"]}
    formats = [Format(name=str(number), **whole) for number in range(count)]

    assert bool(plan.warnings("format", formats)) is warned


def test_a_format_without_a_whole_template_is_named() -> None:
    whole = {"title_formula": "{a}", "cta": "Go", "b_roll": ["x"]}
    formats = [Format(name=str(number), **whole) for number in range(6)]
    formats[2].cta = ""

    assert plan.warnings("format", formats) == [
        "Without a whole template (title, B-roll, call to action): 2."
    ]


def test_a_goal_measured_by_a_retired_kpi_is_pointed_out(world: World) -> None:
    ann = world.seat("ann")
    goal = plan.add("goal", minimal("goal", world), seat=ann, at=NOON)
    plan.retire(kpi(world), seat=ann, at=NOON)

    goals = list(Goal.objects.filter(pk=goal.pk))

    assert plan.warnings("goal", goals) == [
        "Leads is measured by Saves per 1 000 impressions, which is retired."
    ]


def test_partners_and_labels_need_no_advice(world: World) -> None:
    assert plan.warnings("partner", [Partner(name="x")]) == []
