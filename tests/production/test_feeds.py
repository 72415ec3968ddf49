"""Calendars for other programs: what stands in them, and that only their readers read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from production import feeds, members, publishing
from production.errors import Invalid, NotAllowed
from production.models import CalendarFeed, Channel, Event, Membership, Publication
from production.publications import schedule
from production.walltime import of_moment, resolve

ZONE = "Europe/Helsinki"
LINE = re.compile(rb"[A-Z0-9-]+(;[A-Z-]+=(\"[^\"]*\"|[^\";:,]*))*:.*")


@pytest.fixture
def channel(world):
    return Channel.objects.get(workspace=world.workspace)


@pytest.fixture
def soon():
    return (timezone.now() + timedelta(days=3)).replace(microsecond=0)


def _planned(world, channel, at, title="Why most hooks fail", **values):
    item = world.item(title, channel=channel, **values)
    made = publishing.draft(item, by=world.ben, at=timezone.now(), caption="Not for everybody")
    when = at if not isinstance(at, datetime) else of_moment(at, ZONE)
    return schedule.schedule(made, when, seat=world.seat("ben"), at=timezone.now())


def _feed(world, name="ann", **more):
    wish = {"of": "workspace"} | more
    return feeds.create(seat=world.seat(name), at=timezone.now(), **wish)


def _read(client, secret, **headers):
    return client.get(f"/calendar/{secret}.ics", headers=headers)


def _events(body):
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return {str(each["uid"]): each for each in found}


def faults(body: bytes) -> list[str]:
    """What RFC 5545 says against the calendar: lines, folding, required properties, zones."""
    wrong = []
    if b"\n" in body.replace(b"\r\n", b"") or not body.endswith(b"\r\n"):
        wrong.append("3.1: a line ends otherwise than with CRLF")
    wrong += [
        "3.1: a line is longer than 75 octets" for line in body.split(b"\r\n") if len(line) > 75
    ]
    unfolded = re.sub(rb"\r\n[ \t]", b"", body)
    unfolded.decode()
    lines = unfolded.split(b"\r\n")[:-1]
    wrong += [f"3.1: {line!r} is no content line" for line in lines if not LINE.fullmatch(line)]
    names = [re.split(rb"[;:]", line)[0] for line in lines]
    depth: list[bytes] = []
    for line in lines:
        if line.startswith(b"BEGIN:"):
            depth.append(line[6:])
        elif line.startswith(b"END:") and depth.pop() != line[4:]:
            wrong.append("3.4: components are not nested")
    wrong += [
        f"3.6: {name!r} is missing" for name in (b"PRODID", b"VERSION") if names.count(name) != 1
    ]
    calendar = icalendar.Calendar.from_ical(body)
    zones = {str(each["tzid"]) for each in calendar.walk("VTIMEZONE")}
    uids = [str(each["uid"]) for each in calendar.walk("VEVENT")]
    if len(uids) != len(set(uids)):
        wrong.append("3.8.4.7: a UID stands twice")
    for each in calendar.walk("VEVENT"):
        wrong += [f"3.6.1: {n} is missing" for n in ("uid", "dtstamp", "dtstart") if n not in each]
        if each["dtstamp"].dt.utcoffset() != timedelta(0):
            wrong.append("3.8.7.2: DTSTAMP is not in UTC")
        zone = each["dtstart"].params.get("TZID")
        if zone and zone not in zones:
            wrong.append(f"3.2.19: no VTIMEZONE for {zone}")
        if each["status"] not in ("TENTATIVE", "CONFIRMED", "CANCELLED"):
            wrong.append("3.8.1.11: no such status")
        if "dtend" in each and "duration" in each:
            wrong.append("3.6.1: both DTEND and DURATION")
    return wrong


def test_a_publication_stands_there_with_its_wall_time(client, world, channel, soon):
    made = _planned(world, channel, soon, "Äänikorjaukset, jotka kuulee; puhelimella, " * 3)
    _made, secret = _feed(world)

    answer = _read(client, secret)

    event = _events(answer.content)[made.public_id]
    made.refresh_from_db()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert faults(answer.content) == []
    assert event["dtstart"].params["TZID"] == ZONE
    assert event["dtstart"].dt.astimezone(UTC) == made.publish_at
    assert int(event["sequence"]) == made.version
    assert event["status"] == "TENTATIVE"
    assert str(event["url"]).endswith(f"/w/studio-aalto/items/{made.item.key}/")
    assert str(event["summary"]).startswith(made.item.key)


@pytest.mark.parametrize(
    ("state", "status"),
    [("draft", "TENTATIVE"), ("ready", "TENTATIVE"), ("leased", "CONFIRMED"),
     ("scheduled", "CONFIRMED"), ("unconfirmed", "CONFIRMED"), ("published", "CONFIRMED"),
     ("cancelled", "CANCELLED"), ("removed", "CANCELLED")],
)  # fmt: skip
def test_the_status_says_how_sure_it_is(client, world, channel, soon, state, status):
    made = _planned(world, channel, soon)
    out = {"published_at": timezone.now()} if state in ("published", "removed") else {}
    Publication.objects.filter(pk=made.pk).update(state=state, **out)
    _made, secret = _feed(world)

    [event] = _events(_read(client, secret).content).values()

    assert event["status"] == status


def test_captions_only_where_they_were_asked_for(client, world, channel, soon):
    _planned(world, channel, soon)
    _made, plain = _feed(world)
    _made, whole = _feed(world, with_captions=True)

    assert b"Not for everybody" not in _read(client, plain).content
    assert b"Not for everybody" in _read(client, whole).content


def test_the_same_plan_is_not_sent_twice(client, world, channel, soon):
    made = _planned(world, channel, soon)
    _made, secret = _feed(world)

    first = _read(client, secret)
    again = _read(client, secret, If_None_Match=first["ETag"])
    later = of_moment(soon + timedelta(days=1), ZONE)
    schedule.schedule(made, later, seat=world.seat("ben"), at=timezone.now())
    moved = _read(client, secret, If_None_Match=first["ETag"])

    assert again.status_code == 304
    assert again.content == b""
    assert moved.status_code == 200
    assert int(_events(moved.content)[made.public_id]["sequence"]) == made.version + 1


@pytest.mark.parametrize("local", ["2027-03-28T03:30", "2027-10-31T03:30", "2027-10-31T02:30"])
def test_both_nights_of_the_clocks_come_out_at_the_right_moment(client, world, channel, local):
    made = _planned(world, channel, resolve(local, ZONE))
    feed, _secret = _feed(world)

    body = feeds.written(feed, world.seat("ann"), made.publish_at - timedelta(days=5))

    [event] = _events(body).values()
    assert faults(body) == []
    assert event["dtstart"].dt.astimezone(UTC) == made.publish_at


def test_another_zone_brings_its_own_definition(client, world, channel, soon):
    there = (soon + timedelta(days=1)).astimezone(ZoneInfo("America/New_York"))
    when = resolve(there.strftime("%Y-%m-%dT%H:%M"), "America/New_York")
    _planned(world, channel, when)
    _made, secret = _feed(world)

    body = _read(client, secret).content

    assert faults(body) == []
    assert b"TZID:America/New_York" in body


def test_an_empty_calendar_is_one(client, world):
    _made, secret = _feed(world)

    assert faults(_read(client, secret).content) == []


def test_whose_it_is_decides_what_it_shows(client, world, channel, soon):
    other = Channel.objects.create(workspace=world.workspace, name="YouTube", platform="youtube")
    bens = _planned(world, channel, soon, "Ben's", assignees=[world.ben])
    annas = _planned(world, other, soon, "Ann's", assignees=[world.ann])
    _made, person = _feed(world, "ben", of="person")
    _made, one = _feed(world, "ben", of="channel", channel=other)
    _made, everything = _feed(world, "ben")

    assert set(_events(_read(client, person).content)) == {bens.public_id}
    assert set(_events(_read(client, one).content)) == {annas.public_id}
    assert len(_events(_read(client, everything).content)) == 2


def test_otto_reads_only_what_is_his(client, world, channel, soon):
    with pytest.raises(NotAllowed):
        _feed(world, "otto")
    _planned(world, channel, soon, "Not his")
    his = _planned(world, channel, soon, "His", assignees=[world.otto])
    _made, secret = _feed(world, "otto", of="person")

    assert set(_events(_read(client, secret).content)) == {his.public_id}


def test_a_team_calendar_of_somebody_who_became_external_shows_only_theirs(
    client, world, channel, soon
):
    _planned(world, channel, soon, "The team's")
    _made, secret = _feed(world, "kim")
    Membership.objects.filter(user=world.kim).update(role="external")

    assert _events(_read(client, secret).content) == {}


def test_who_leaves_takes_nothing_along(client, world, channel, soon):
    _planned(world, channel, soon)
    _made, secret = _feed(world, "kim")
    kim = Membership.objects.get(user=world.kim)
    members.remove(kim, seat=world.seat("ann"), at=timezone.now())

    assert _read(client, secret).status_code == 404


def test_only_the_hash_is_kept_and_a_revoked_address_shows_nothing(client, world):
    feed, secret = _feed(world)

    assert secret not in str(CalendarFeed.objects.values().get())
    assert _read(client, secret).status_code == 200
    feeds.revoke(feed, seat=world.seat("ann"), at=timezone.now())

    assert _read(client, secret).status_code == 404
    types = Event.objects.filter(type__startswith="feed.").values_list("type", flat=True)
    assert list(types) == ["feed.created", "feed.revoked"]


@pytest.mark.parametrize("secret", ["none", "x" * 43, "a" * 44, "%00" * 43, "..%2F.."])
def test_a_guess_finds_nothing(client, world, secret):
    assert _read(client, secret).status_code == 404


def test_the_address_of_the_contract_shows_the_same(client, world, channel, soon):
    _planned(world, channel, soon)
    _made, secret = _feed(world)

    assert client.get(f"/api/v1/calendar/{secret}.ics").content == _read(client, secret).content


def test_a_channel_calendar_names_its_channel(world, strangers):
    theirs = Channel.objects.get(workspace=strangers.workspace)
    for channel in (None, theirs):
        with pytest.raises(Invalid):
            _feed(world, of="channel", channel=channel)


def test_the_screen_shows_the_address_once(client, world):
    client.force_login(world.ben)
    url = "/w/studio-aalto/calendar/subscribe/"

    made = client.post(url, {"of": "person"}).content.decode()
    again = client.get(url).content.decode()
    address = re.search(r"http://testserver(/calendar/[\w-]{43}\.ics)", made)[1]
    shown = client.get(address)
    feed = CalendarFeed.objects.get()
    client.post(f"{url}{feed.public_id}/revoke/")

    assert shown.status_code == 200
    assert address not in again
    assert client.get(address).status_code == 404


def test_nobody_revokes_another_ones(client, world, strangers):
    feed, secret = _feed(world)
    for person, slug in ((world.ben, "studio-aalto"), (strangers.eve, "rival-media")):
        client.force_login(person)
        address = f"/w/{slug}/calendar/subscribe/{feed.public_id}/revoke/"
        assert client.post(address).status_code == 404
    client.logout()

    assert _read(client, secret).status_code == 200
