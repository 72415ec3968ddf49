"""Empty slots are filled from the ideas in one sitting; for each the idea that suits it best."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import plan, slots
from production.models import Channel, ContentItem, Format, KpiDefinition, Publication, Slot
from production.publications.schedule import wall_time
from production.slots.suggest import Traits, suggest
from tests.people import NOON, World

URL = "/w/studio-aalto/calendar/ideas/"


def test_each_idea_once_the_format_weighs_most_and_never_another_channel() -> None:
    asked = [
        Traits("mon", channel=1, format=7, pillar=3),
        Traits("tue", channel=1, content_type="question"),
        Traits("wed", channel=2),
        Traits("thu", channel=1),
    ]
    ideas = [
        Traits("other-format", channel=1, format=8, pillar=3),
        Traits("question", channel=None, content_type="question"),
        Traits("format", channel=None, format=7),
    ]

    assert suggest(asked, ideas) == {"mon": "format", "tue": "question", "thu": "other-format"}


def _slots(world: World) -> list[Slot]:
    channel = Channel.objects.get(workspace=world.workspace)
    made = []
    for ahead in (2, 3):
        day = (timezone.now() + timedelta(days=ahead)).date()
        when = wall_time(f"{day.isoformat()}T18:00", "Europe/Helsinki", field="starts_at")
        form = Format.objects.get(name="List") if ahead == 3 else None
        seat = world.seat("ben")
        made.append(slots.add(channel, when, {"format": form}, seat=seat, at=timezone.now()))
    return made


def test_ben_fills_the_fortnight_and_the_cards_take_what_they_lack(
    world: World, client: Client
) -> None:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    plan.add("format", {"name": "List"}, seat=world.seat("ann"), at=NOON)
    Channel.objects.update(winning_kpi=kpi)
    first, second = _slots(world)
    bare, listed = world.item("A bare idea"), world.item("A list", format=Format.objects.get())
    client.force_login(world.ben)

    page = client.get(URL).content.decode()
    twice = client.post(URL, {first.public_id: bare.public_id, second.public_id: bare.public_id})
    answer = client.post(URL, {first.public_id: bare.public_id, second.public_id: listed.public_id})

    assert page.count("selected") >= 2
    assert f'value="{listed.public_id}" selected' in page.split(f'name="{second.public_id}"')[-1]
    assert twice.status_code == 422
    assert answer["Location"].startswith(reverse("calendar", args=["studio-aalto"]))
    filled = ContentItem.objects.get(pk=bare.pk)
    assert (filled.channel, filled.primary_kpi) == (Channel.objects.get(), kpi)
    assert Publication.objects.filter(publish_at__isnull=False).count() == 2
    assert "No slot of the next four weeks is empty" in client.get(URL).content.decode()
    client.force_login(world.vera)
    assert client.get(URL).status_code == 403


def test_planning_leads_back_to_the_calendar_as_it_was(world: World, client: Client) -> None:
    """The card's own "Time…" knows the view and the channel that were looked at last."""
    channel = Channel.objects.get(workspace=world.workspace)
    publication = world.publication()
    client.force_login(world.ben)
    url = reverse("publication-time", args=["studio-aalto", publication.public_id])
    day = timezone.localdate() + timedelta(days=1)
    sent = {"date": day.isoformat(), "time": "18:00"}

    client.get("/w/studio-aalto/calendar/", {"view": "month", "channel": channel.public_id})
    back = client.post(url, sent)["Location"]
    asked = client.post(url, sent | {"time": "19:00", "next": "/w/studio-aalto/today/"})

    assert "view=month" in back and f"channel={channel.public_id}" in back
    assert asked["Location"] == "/w/studio-aalto/today/"
