"""The calendar as people see it, and what they do there."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from production import calendarview, mixrules, publishing, slots, windows
from production.calendarview import Span
from production.models import Channel, Event, MixRule, Publication, Slot, Window
from production.publications import schedule
from production.walltime import of_moment

ZONE = "Europe/Helsinki"
PLACE = ZoneInfo(ZONE)


@pytest.fixture
def channel(world):
    return Channel.objects.get(workspace=world.workspace)


@pytest.fixture
def soon():
    """Noon of a day in the second week that the page shows: always still to come."""
    today = timezone.now().astimezone(PLACE).date()
    day = today - timedelta(days=today.isoweekday() - 1) + timedelta(days=9)
    return datetime.combine(day, time(12), PLACE)


def _slot(world, channel, at, **values):
    when = of_moment(at, ZONE)
    return slots.add(channel, when, values, seat=world.seat("ben"), at=timezone.now())


def _planned(world, channel, at, title="Why most hooks fail"):
    item = world.item(title, channel=channel)
    made = publishing.draft(item, by=world.ben, at=timezone.now(), caption="One")
    when = of_moment(at, ZONE)
    return schedule.schedule(made, when, seat=world.seat("ben"), at=timezone.now())


def _url(path=""):
    return f"/w/studio-aalto/calendar/{path}"


SCRIPT = {"HTTP_HX_REQUEST": "true"}


# -- what it shows ----------------------------------------------------------------------------


def test_four_looks_each_with_its_word(client, world, channel, soon):
    client.force_login(world.ben)
    _slot(world, channel, soon)
    _planned(world, channel, soon + timedelta(hours=1), "Planned one")
    set_ = _planned(world, channel, soon + timedelta(hours=2), "Scheduled one")
    Publication.objects.filter(pk=set_.pk).update(state="scheduled")
    out = _planned(world, channel, soon + timedelta(hours=3), "Published one")
    Publication.objects.filter(pk=out.pk).update(state="published", published_at=timezone.now())

    html = client.get(_url()).content.decode()

    for look, word in (
        ("empty", "empty"),
        ("planned", "planned"),
        ("scheduled", "scheduled"),
        ("published", "published"),
    ):
        shown = html.split('id="plan"')[1].split("</ul>", 1)[1]  # below the key to the looks
        found = re.findall(rf'data-state="{look}"[^>]*>(.{{1,300}})', shown)
        assert found, look
        assert all(word in each for each in found), look
    assert "Europe/Helsinki" in html
    assert 'aria-current="date"' in html


def test_windows_are_shaded_and_locks_are_said(client, world, channel):
    client.force_login(world.kim)
    ann = world.seat("ann")
    windows.add(channel, weekdays=[1], begins=time(17), ends=time(19), seat=ann, at=timezone.now())
    windows.lock(channel, seat=ann, at=timezone.now())

    html = client.get(_url()).content.decode()

    assert html.count('<td class="window"') == 2
    assert "17–19" in html
    assert "locked until" in html


def test_a_month_shows_its_whole_weeks(client, world, channel):
    client.force_login(world.kim)

    html = client.get(_url("?view=month&from=2026-03-11")).content.decode()

    days = re.findall(r'<td class="[^"]*" data-day="(\d{4}-\d{2}-\d{2})"', html)
    assert (days[0], days[-1]) == ("2026-02-23", "2026-04-05")
    assert "March 2026" in html


def test_filters_narrow_what_is_shown_and_not_the_promise(client, world, channel, soon):
    client.force_login(world.kim)
    other = Channel.objects.create(workspace=world.workspace, name="YouTube", platform="youtube")
    _planned(world, channel, soon, "On TikTok")
    _planned(world, other, soon, "On YouTube")
    MixRule.objects.create(workspace=world.workspace, counts="posts", at_least=2)

    html = client.get(_url(f"?channel={other.public_id}")).content.decode()

    assert "On YouTube" in html
    assert "On TikTok" not in html
    assert "2 of 2" in html


@pytest.mark.parametrize(
    "query", ["?what=1", "?view=year", "?from=yesterday", "?from=0001-01-01", "?channel=chn_x"]
)
def test_an_address_that_is_not_understood_says_so(client, world, query):
    client.force_login(world.kim)

    assert client.get(_url(query)).status_code == 400


def test_a_plan_whose_time_has_passed_keeps_no_promise(world, channel, soon):
    at = timezone.now()
    made = _planned(world, channel, soon)
    Publication.objects.filter(pk=made.pk).update(publish_at=at - timedelta(hours=1))
    today = at.astimezone(PLACE).date()

    begins, ends = Span.read("", "", today).moments(ZONE)
    [entry] = calendarview.entries_of(world.workspace, begins, ends, at)

    assert entry.is_missed
    assert [str(note.text) for note in entry.notes] == ["its time has passed", "in Idea"]


def test_on_wednesday_the_calendar_says_what_the_week_lacks(world, channel):
    MixRule.objects.create(
        workspace=world.workspace, counts="posts", channel_role="primary", at_least=2, at_most=6
    )
    monday = datetime(2027, 3, 8, 9, tzinfo=PLACE)
    friday = _slot(world, channel, monday + timedelta(days=4))
    slots.fill(friday, world.item(channel=channel), seat=world.seat("ben"), at=timezone.now())
    _slot(world, channel, monday + timedelta(days=5, hours=10))

    early = calendarview.shortfalls(world.workspace, monday + timedelta(days=1))
    told = calendarview.shortfalls(world.workspace, monday + timedelta(days=2))

    assert early == []
    assert told == ["TikTok: 1 of 2 to 6 this week, 1 is missing. Fill Sat 19:00."]


def test_the_page_asks_as_often_for_twenty_as_for_two(
    client, world, channel, soon, django_assert_num_queries
):
    client.force_login(world.ben)
    mixrules.add_usual(seat=world.seat("ann"), at=timezone.now())
    for number in range(2):
        _planned(world, channel, soon + timedelta(hours=number))
    client.get(_url())
    with django_assert_num_queries(14, exact=False) as few:
        client.get(_url())
    for number in range(18):
        _planned(world, channel, soon + timedelta(minutes=5 * number))
        _slot(world, channel, soon + timedelta(minutes=5 * number))

    with django_assert_num_queries(len(few)):
        client.get(_url())


# -- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees", "plans"),
    [("ann", 200, 200), ("ben", 200, 200), ("vera", 200, 403), ("kim", 200, 403),
     ("otto", 403, 403)],
)  # fmt: skip
def test_the_table_decides_who_sees_and_who_plans(client, world, channel, name, sees, plans):
    client.force_login(getattr(world, name))

    assert client.get(_url()).status_code == sees
    assert client.get(_url("add/")).status_code == plans


def test_eve_finds_nothing(client, world, strangers, channel, soon):
    slot = _slot(world, channel, soon)
    made = _planned(world, channel, soon)
    client.force_login(strangers.eve)

    for path in ("", "add/", f"slots/{slot.public_id}/", f"publications/{made.public_id}/"):
        assert client.get(_url(path)).status_code == 404
    elsewhere = f"/w/rival-media/calendar/slots/{slot.public_id}/"
    assert client.get(elsewhere).status_code == 404
    assert client.post(f"{elsewhere}cancel/").status_code == 404


# -- planning ---------------------------------------------------------------------------------


def test_ben_adds_a_slot_by_the_form(client, world, channel, soon):
    client.force_login(world.ben)

    answer = client.post(
        _url("add/"),
        {"channel": channel.public_id, "date": soon.date(), "time": "18:00", "note": "Offer"},
        follow=True,
    )

    slot = Slot.objects.get()
    assert slot.starts_local == f"{soon.date()}T18:00"
    assert slot.note == "Offer"
    assert "TikTok has a slot on" in answer.content.decode()


def test_a_fortnight_comes_from_one_form(client, world, channel, soon):
    client.force_login(world.ben)

    client.post(
        _url("add/"),
        {"channel": channel.public_id, "date": soon.date(), "time": "18:00",
         "weekdays": ["1", "4"], "days": "14"},
    )  # fmt: skip

    assert Slot.objects.count() == 4


def test_a_card_is_planned_into_a_slot_and_the_needle_moves(client, world, channel, soon):
    client.force_login(world.ben)
    MixRule.objects.create(workspace=world.workspace, counts="posts", at_least=1)
    slot, item = _slot(world, channel, soon), world.item()
    before = client.get(_url()).content.decode()

    answer = client.post(
        _url(f"slots/{slot.public_id}/fill/"), {"item": item.public_id}, **SCRIPT,
        HTTP_HX_CURRENT_URL="http://testserver/w/studio-aalto/calendar/",
    )  # fmt: skip

    html = answer.content.decode()
    assert "0 of 1" in before
    assert html.lstrip().startswith('<div class="stack wide" id="plan"')
    assert "1 of 1" in html
    assert answer["HX-Retarget"] == "#plan"
    assert "putki:close-dialog" in answer["HX-Trigger"]
    assert "/undo/" in answer["HX-Trigger"]


def test_a_drag_sends_a_day_and_keeps_the_time(client, world, channel, soon):
    client.force_login(world.ben)
    made = _planned(world, channel, soon)
    other_day = (soon + timedelta(days=2)).date()

    client.post(
        _url(f"publications/{made.public_id}/"),
        {"date": other_day, "version": made.version},
        **SCRIPT,
    )

    made.refresh_from_db()
    assert made.publish_local == f"{other_day}T12:00"


def test_outside_the_windows_the_form_comes_back_with_the_reason(client, world, channel, soon):
    made = _planned(world, channel, soon)
    windows.add(
        channel,
        weekdays=[soon.isoweekday()],
        begins=time(11),
        ends=time(13),
        seat=world.seat("ann"),
        at=timezone.now(),
    )
    wish = {"date": (soon + timedelta(days=1)).date(), "time": "12:00"}
    client.force_login(world.ben)
    bens = client.post(_url(f"publications/{made.public_id}/"), wish, **SCRIPT)
    client.force_login(world.ann)
    anns = client.post(
        _url(f"publications/{made.public_id}/"), wish | {"waive": "The fair"}, **SCRIPT
    )

    assert bens.status_code == 409
    assert "outside the publishing windows of TikTok" in bens.content.decode()
    assert "The next windows open" in bens.content.decode()
    assert 'name="waive"' not in bens.content.decode()
    assert anns.status_code == 200
    made.refresh_from_db()
    assert made.waived_reason == "The fair"


def test_what_is_taken_back_stands_where_it_stood(client, world, channel, soon):
    client.force_login(world.ben)
    slot = _slot(world, channel, soon)
    answer = client.post(_url(f"slots/{slot.public_id}/cancel/"), **SCRIPT)
    undo = re.search(r'"undo": "([^"]+)"', answer["HX-Trigger"])[1]

    client.post(undo)

    assert Slot.objects.get().cancelled_at is None


def test_somebody_who_was_slower_is_told(client, world, channel, soon):
    client.force_login(world.ben)
    made = _planned(world, channel, soon)
    wish = {"date": soon.date(), "time": "15:00", "version": made.version - 1}

    answer = client.post(_url(f"publications/{made.public_id}/"), wish, **SCRIPT)

    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()


def test_the_night_of_the_clocks_is_said(client, world, channel):
    client.force_login(world.ben)

    answer = client.post(
        _url("add/"),
        {"channel": channel.public_id, "date": "2027-03-28", "time": "03:30"},
        follow=True,
    )

    assert "does not exist that night" in answer.content.decode()
    assert Slot.objects.get().time_note == "gap"


# -- settings ---------------------------------------------------------------------------------


def test_ann_chooses_and_locks_windows_on_the_screen(client, world, channel):
    client.force_login(world.ann)
    at = "/w/studio-aalto/settings"
    one = f"{at}/channels/{channel.public_id}/windows"

    client.post(f"{one}/usual/")
    client.post(f"{one}/add/", {"weekdays": ["3"], "begins": "12:00", "ends": "13:00"})
    client.post(f"{one}/lock/")
    html = client.get(f"{at}/windows/").content.decode()
    window = Window.objects.order_by("id").last()
    refused = client.post(
        f"{at}/windows/{window.public_id}/",
        {"weekdays": ["4"], "begins": "12:00", "ends": "13:00"},
    )

    assert "Wed 12:00–13:00" in html
    assert "Unlock…" in html
    assert refused.status_code == 200  # the form again: it asks for a reason
    assert 'name="reason"' in refused.content.decode()
    assert Window.objects.get(pk=window.pk).weekdays == [3]


def test_the_rules_of_the_mix_are_kept_by_owners(client, world):
    at = "/w/studio-aalto/settings/mix/"
    client.force_login(world.ben)
    assert client.post(f"{at}usual/").status_code == 403
    client.force_login(world.ann)

    client.post(f"{at}usual/")
    client.post(f"{at}add/", {"counts": "questions", "at_most": "4"})
    wrong = client.post(f"{at}add/", {"counts": "posts", "at_least": "6", "at_most": "2"})

    assert MixRule.objects.count() == 9
    assert "The most is below the least." in wrong.content.decode()
    assert Event.objects.filter(type="mix.changed").count() == 2
