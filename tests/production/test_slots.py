"""Slots and the times of publications: planned, moved, filled, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from production import origin, publishing, slots, windows
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import Channel, ContentItem, Event, Format, Publication, Slot
from production.publications import schedule
from production.publications.schedule import wall_time
from production.undo import undo_request
from tests.people import NOON

ZONE = "Europe/Helsinki"
TUESDAY = wall_time("2026-03-17T18:00", ZONE)
THURSDAY = wall_time("2026-03-19T18:00", ZONE)


@pytest.fixture
def channel(world):
    return Channel.objects.get(workspace=world.workspace)


@pytest.fixture
def ben(world):
    return world.seat("ben")


@pytest.fixture
def slot(world, channel, ben):
    return slots.add(channel, TUESDAY, {}, seat=ben, at=NOON)


def _windows(world, channel):
    windows.add(
        channel, weekdays=[2], begins=time(17), ends=time(19), seat=world.seat("ann"), at=NOON
    )


# -- slots ------------------------------------------------------------------------------------


def test_a_slot_needs_no_item_and_starts_no_clock(world, slot):
    assert slot.publication is None
    assert slot.starts_at == datetime(2026, 3, 17, 16, tzinfo=UTC)
    assert not ContentItem.objects.exists()
    assert Event.objects.get(type="slot.added").data["slot"] == slot.public_id


def test_kim_only_looks(world, channel):
    with pytest.raises(NotAllowed):
        slots.add(channel, TUESDAY, {}, seat=world.seat("kim"), at=NOON)


def test_a_slot_in_the_past_is_refused(channel, ben):
    with pytest.raises(Invalid) as refused:
        slots.add(channel, TUESDAY, {}, seat=ben, at=NOON + timedelta(days=3))

    assert refused.value.errors["starts_at"][0][0] == "past"


def test_a_format_of_another_workspace_does_not_exist(world, strangers, channel, ben):
    theirs = Format.objects.create(workspace=strangers.workspace, name="Theirs")

    with pytest.raises(Invalid):
        slots.add(channel, TUESDAY, {"format": theirs}, seat=ben, at=NOON)


def test_outside_the_windows_only_an_owner_with_a_reason(world, channel, ben):
    _windows(world, channel)

    with pytest.raises(Refused) as refused:
        slots.add(channel, THURSDAY, {}, seat=ben, at=NOON)
    with pytest.raises(NotAllowed):
        slots.add(channel, THURSDAY, {}, seat=ben, at=NOON, waive="Live from the fair")
    slot = slots.add(channel, THURSDAY, {}, seat=world.seat("ann"), at=NOON, waive="Live")

    assert refused.value.refusals[0].code == "outside_window"
    assert slot.waived_reason == "Live"


def test_fourteen_days_come_from_one_pattern(channel, ben):
    made = slots.repeat(
        channel, first=date(2026, 3, 16), days=14, weekdays=[1, 3, 5], clock=time(18), zone=ZONE,
        values={"is_experiment": True}, seat=ben, at=NOON,
    )  # fmt: skip

    assert [each.starts_local[8:10] for each in made] == ["16", "18", "20", "23", "25", "27"]
    assert all(each.is_experiment for each in made)
    assert Event.objects.filter(type="slot.added").count() == 6


def test_a_pattern_leaves_out_what_is_there_and_what_has_passed(channel, ben):
    ask = {"first": date(2026, 3, 16), "days": 7, "weekdays": [1, 2], "zone": ZONE}
    ask |= {"clock": time(13), "values": {}, "seat": ben, "at": NOON}

    once = slots.repeat(channel, **ask)
    with pytest.raises(Invalid):
        slots.repeat(channel, **ask)

    assert [each.starts_local for each in once] == ["2026-03-17T13:00"]  # Monday 13:00 has passed


def test_a_pattern_over_the_night_of_the_clocks_says_what_became_of_it(channel, ben):
    [slot] = slots.repeat(
        channel, first=date(2026, 3, 29), days=1, weekdays=[7], clock=time(3, 30), zone=ZONE,
        values={}, seat=ben, at=NOON,
    )  # fmt: skip

    assert slot.time_note == "gap"
    assert slot.starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_empty_slot_moves_and_two_people_see_each_other(slot, ben):
    moved = slots.change(slot, {}, when=THURSDAY, seat=ben, at=NOON, version=1)

    assert moved.starts_at == THURSDAY.at
    assert Event.objects.get(type="slot.changed").data["changes"]["starts_local"] == [
        "2026-03-17T18:00",
        "2026-03-19T18:00",
    ]
    with pytest.raises(Stale):
        slots.change(slot, {}, when=TUESDAY, seat=ben, at=NOON, version=1)


def test_a_cancelled_slot_comes_back(slot, ben):
    slots.cancel(slot, seat=ben, at=NOON)
    with pytest.raises(Refused):
        slots.change(slot, {}, when=THURSDAY, seat=ben, at=NOON)
    back = slots.restore(slot, seat=ben, at=NOON)

    assert back.cancelled_at is None
    types = list(Event.objects.filter(type__startswith="slot.").values_list("type", flat=True))
    assert types == ["slot.added", "slot.cancelled", "slot.restored"]


# -- filling ----------------------------------------------------------------------------------


def test_an_idea_takes_a_slot_and_what_it_lacks(world, channel, slot, ben):
    shape = Format.objects.create(workspace=world.workspace, name="Myth")
    slots.change(slot, {"format": shape}, seat=ben, at=NOON)
    item = world.item()

    publication = slots.fill(slot, item, seat=ben, at=NOON)

    item.refresh_from_db()
    slot.refresh_from_db()
    assert slot.publication == publication
    assert publication.state == "draft"
    assert publication.publish_local == "2026-03-17T18:00"
    assert (item.channel, item.format) == (channel, shape)
    assert item.committed_at is None  # a plan starts no clock


def test_a_drafted_publication_is_used_and_leaves_its_other_slot(world, channel, slot, ben):
    item = world.item(channel=channel)
    drafted = publishing.draft(item, by=ben.user, at=NOON, caption="Three")
    slots.fill(slot, item, seat=ben, at=NOON)
    other = slots.add(channel, THURSDAY, {}, seat=ben, at=NOON)

    moved = slots.fill(other, item, seat=ben, at=NOON)

    slot.refresh_from_db()
    assert moved == drafted
    assert Publication.objects.count() == 1
    assert slot.publication is None
    assert moved.publish_at == THURSDAY.at


def test_a_slot_holds_one_and_only_of_its_channel(world, channel, slot, ben):
    other = Channel.objects.create(workspace=world.workspace, name="YouTube", platform="youtube")
    stranger = world.item("For YouTube", channel=other)
    with pytest.raises(Refused) as wrong:
        slots.fill(slot, stranger, seat=ben, at=NOON)
    slots.fill(slot, world.item(channel=channel), seat=ben, at=NOON)
    with pytest.raises(Refused) as taken:
        slots.fill(slot, world.item("Second", channel=channel), seat=ben, at=NOON)

    assert wrong.value.refusals[0].code == "other_channel"
    assert taken.value.refusals[0].code == "slot_taken"


def test_a_filled_slot_moves_with_its_card_and_is_not_cancelled(world, channel, slot, ben):
    item = world.item(channel=channel)
    publication = slots.fill(slot, item, seat=ben, at=NOON)

    slots.change(slot, {}, when=THURSDAY, seat=ben, at=NOON)
    with pytest.raises(Refused) as refused:
        slots.cancel(slot, seat=ben, at=NOON)

    publication.refresh_from_db()
    assert publication.publish_at == THURSDAY.at
    assert Slot.objects.get().starts_at == THURSDAY.at
    assert refused.value.refusals[0].code == "slot_filled"


def test_taken_out_the_card_has_no_time_and_the_slot_stays(world, channel, slot, ben):
    publication = slots.fill(slot, world.item(channel=channel), seat=ben, at=NOON)

    slots.empty(slot, seat=ben, at=NOON)

    publication.refresh_from_db()
    slot.refresh_from_db()
    assert (publication.publish_local, publication.publish_at) == ("", None)
    assert slot.publication is None
    assert slot.starts_at == TUESDAY.at


def test_only_items_without_a_plan_are_offered(world, channel, slot, ben):
    other = Channel.objects.create(workspace=world.workspace, name="YouTube", platform="youtube")
    free, here = world.item("Free"), world.item("Here", channel=channel)
    world.item("Elsewhere", channel=other)
    world.item("Learning", stage="learn", channel=channel)
    planned = world.item("Planned", channel=channel)
    slots.fill(slots.add(channel, THURSDAY, {}, seat=ben, at=NOON), planned, seat=ben, at=NOON)

    assert set(slots.candidates(slot, ben)) == {free, here}


# -- times ------------------------------------------------------------------------------------


@pytest.fixture
def publication(world, channel, ben):
    return publishing.draft(world.item(channel=channel), by=ben.user, at=NOON, caption="One")


@pytest.mark.parametrize("state", ["draft", "in_review", "ready", "leased", "scheduled"])
def test_a_time_is_no_content_and_keeps_the_state(publication, ben, state):
    Publication.objects.filter(pk=publication.pk).update(state=state)

    changed = schedule.schedule(publication, TUESDAY, seat=ben, at=NOON)

    event = Event.objects.filter(type="publication.changed").get()
    assert changed.state == state
    assert changed.version == publication.version + 1
    assert event.data["publication"] == publication.public_id
    assert event.data["changes"]["publish_local"] == ["", "2026-03-17T18:00"]


@pytest.mark.parametrize("state", ["publishing", "unconfirmed", "cancelled"])
def test_what_may_be_out_gets_no_other_time(publication, ben, state):
    Publication.objects.filter(pk=publication.pk).update(state=state)

    with pytest.raises(Refused) as refused:
        schedule.schedule(publication, TUESDAY, seat=ben, at=NOON)

    assert refused.value.refusals[0].code == "not_to_be_scheduled"


def test_the_same_time_again_changes_nothing(publication, ben):
    once = schedule.schedule(publication, TUESDAY, seat=ben, at=NOON)
    again = schedule.schedule(publication, TUESDAY, seat=ben, at=NOON)

    assert again.version == once.version
    assert Event.objects.filter(type="publication.changed").count() == 1


def test_a_waiver_is_kept_with_its_reason_until_the_time_is_inside(
    world, channel, publication, ben
):
    _windows(world, channel)
    ann = world.seat("ann")
    with pytest.raises(Refused):
        schedule.schedule(publication, THURSDAY, seat=ben, at=NOON)

    waived = schedule.schedule(publication, THURSDAY, seat=ann, at=NOON, waive="The fair")
    assert (waived.waived_reason, waived.waived_by) == ("The fair", ann.user)

    inside = schedule.schedule(publication, TUESDAY, seat=ben, at=NOON)
    assert (inside.waived_reason, inside.waived_by) == ("", None)


def test_an_older_version_is_stale(publication, ben):
    schedule.schedule(publication, TUESDAY, seat=ben, at=NOON, version=publication.version)

    with pytest.raises(Stale):
        schedule.schedule(publication, THURSDAY, seat=ben, at=NOON, version=publication.version)


# -- undo -------------------------------------------------------------------------------------


def _in_request(name, do):
    with origin.coming_from(origin.PAGE, name):
        return do()


def _now():
    return Event.objects.order_by("-seq").first().recorded_at


def test_a_plan_is_taken_back_with_all_it_did(world, slot, ben):
    item = world.item()
    _in_request("req_fill", lambda: slots.fill(slot, item, seat=ben, at=NOON))

    undo_request("req_fill", seat=ben, at=_now())

    item.refresh_from_db()
    slot.refresh_from_db()
    assert item.channel is None
    assert slot.publication is None
    assert not Publication.objects.exists()


def test_a_move_of_a_filled_slot_is_taken_back(world, channel, slot, ben):
    publication = slots.fill(slot, world.item(channel=channel), seat=ben, at=NOON)
    _in_request("req_move", lambda: slots.change(slot, {}, when=THURSDAY, seat=ben, at=NOON))

    undo_request("req_move", seat=ben, at=_now())

    publication.refresh_from_db()
    slot.refresh_from_db()
    assert publication.publish_at == slot.starts_at == TUESDAY.at
    assert slot.publication == publication


def test_taking_out_is_taken_back(world, channel, slot, ben):
    publication = slots.fill(slot, world.item(channel=channel), seat=ben, at=NOON)
    _in_request("req_out", lambda: slots.empty(slot, seat=ben, at=NOON))

    undo_request("req_out", seat=ben, at=_now())

    publication.refresh_from_db()
    slot.refresh_from_db()
    assert slot.publication == publication
    assert publication.publish_local == "2026-03-17T18:00"


def test_a_pattern_is_taken_back_whole(channel, ben):
    _in_request(
        "req_many",
        lambda: slots.repeat(
            channel, first=date(2026, 3, 17), days=14, weekdays=[2, 4], clock=time(18), zone=ZONE,
            values={}, seat=ben, at=NOON,
        ),
    )  # fmt: skip

    undo_request("req_many", seat=ben, at=_now())

    assert not Slot.objects.filter(cancelled_at=None).exists()


def test_what_somebody_changed_since_is_not_taken_back(world, slot, ben):
    _in_request("req_move", lambda: slots.change(slot, {}, when=THURSDAY, seat=ben, at=NOON))
    friday = wall_time("2026-03-20T18:00", ZONE)
    slots.change(slot, {}, when=friday, seat=world.seat("ann"), at=NOON)

    with pytest.raises(Refused) as refused:
        undo_request("req_move", seat=ben, at=_now())

    assert refused.value.refusals[0].code == "undo_overtaken"
    assert Slot.objects.get().starts_at == friday.at
