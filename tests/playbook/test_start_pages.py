"""The first week, page by page: from an empty workspace to slots in the calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from experiments.models import MetricImport
from playbook import starting
from playbook.models import Responsibility
from production import cycles, windows, workspaces
from production.models import Channel, ContentItem, Format, Slot, User, UtmTemplate, Workspace
from tests.people import World

pytestmark = pytest.mark.django_db


@dataclass
class Start:
    """Ann's empty workspace with the method's presets, and its wizard."""

    client: Client
    workspace: Workspace
    ann: User

    def url(self, name: str = "") -> str:
        return f"/w/{self.workspace.slug}/start/{name and name + '/'}"

    def text(self, name: str = "") -> str:
        answer = self.client.get(self.url(name))
        assert answer.status_code == 200
        return answer.content.decode()

    def filled(self, name: str) -> dict[str, Any]:
        """What the page's form would send untouched."""
        reader = _Fields()
        reader.feed(self.text(name).split("<main", 1)[1])
        return reader.found

    def send(self, name: str, **changes: Any) -> Any:
        return self.client.post(self.url(name), self.filled(name) | changes)

    def done(self) -> set[str]:
        stands = starting.progress_of(self.workspace, timezone.now()).stands
        return {each.step.name for each in stands if each.is_done}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area, self.found[name] = name, ""
        elif tag == "option" and ("selected" in given or self.select not in self.found):
            self.found[self.select] = value  # as a browser does: the first, where none is chosen
        elif tag == "input" and given.get("type") == "checkbox":
            if "checked" in given:
                self.found.setdefault(name, []).append(value)
        elif tag == "input" and name and given.get("type") not in ("file", "radio"):
            self.found[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data.removeprefix("\n")


@pytest.fixture
def start(world: World, client: Client) -> Start:
    made = workspaces.create(
        name="Tyhjä",
        language="en",
        time_zone="Europe/Helsinki",
        preset="method",
        by=world.ann,
        at=timezone.now(),
    )
    client.force_login(world.ann)
    return Start(client, made, world.ann)


def test_an_empty_board_and_the_cycle_lead_here_and_nobody_else_gets_in(
    start: Start, world: World
) -> None:
    board = start.client.get(f"/w/{start.workspace.slug}/", follow=True).content.decode()
    assert f'href="{start.url()}"' in board
    assert (
        f'href="{start.url()}"'
        in start.client.get(f"/w/{start.workspace.slug}/cycle/").content.decode()
    )
    assert "Step 3 of 11" in start.text("signals")

    start.client.force_login(world.ben)
    assert start.client.get(start.url()).status_code == 404
    assert start.client.get(f"/w/{world.workspace.slug}/start/").status_code == 403


def test_from_an_empty_workspace_to_a_calendar_that_keeps_every_promise(start: Start) -> None:
    assert start.done() == {"channels", "signals", "pillars", "formats"}  # by the presets

    draft = start.filled("strategy")
    assert "TikTok: Primary" in draft["channels"]
    assert "4–6" in draft["rhythm"]
    refused = start.send("strategy")
    assert refused.status_code == 422  # goals and audience are nobody's to guess
    assert refused.content.decode().count("This field is required") == 2
    sent = start.send("strategy", goals="300 leads", audience="Owners of small shops")
    assert sent["Location"] == start.url("channels")
    assert start.send("channels")["Location"] == start.url("signals")
    assert start.send("signals")["Location"] == start.url("conversion")
    kpi = start.workspace.kpidefinitions.order_by("id").first()
    assert kpi is not None
    assert start.send("conversion", core_conversion="").status_code == 422
    assert cycles.running(start.workspace) is None  # without a conversion nothing begins
    start.send("conversion", core_conversion=kpi.pk)
    cycle = cycles.running(start.workspace)
    assert cycle is not None
    assert cycle.core_conversion == kpi
    assert {row.role for row in cycle.channels.all()} == {"primary", "support"}
    start.send("links", medium="social")
    assert UtmTemplate.objects.get(workspace=start.workspace).medium == "social"
    start.send("pillars")
    start.send("formats")
    assert start.client.get(start.url("baseline")).status_code == 200
    MetricImport.objects.create(
        workspace=start.workspace,
        file_name="tiktok.csv",
        state="applied",
        created_at=timezone.now(),
        created_by=start.ann,
    )
    assert start.send("owners")["Location"] == start.url("risks")
    assert start.send("risks")["Location"] == start.url("calendar")
    assert start.workspace.risks.filter(owner=start.ann).count() == 5
    assert Responsibility.objects.filter(workspace=start.workspace, person=start.ann).count() == 3
    assert start.done() == {step.name for step in starting.STEPS} - {"calendar"}

    assert "Every promise of both weeks is kept" in start.text("calendar")
    answer = start.send("calendar", accept="1")
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())[:3000]
    slots = list(Slot.objects.filter(workspace=start.workspace).select_related("channel"))
    assert len(slots) >= 16
    assert all(each.kpi_id and each.format_id and each.pillar_id for each in slots)
    assert not ContentItem.objects.filter(workspace=start.workspace).exists()  # no clock runs
    for each in slots:
        hours = windows.hours_of(each.channel)
        assert windows.respects(hours, each.starts_at, "Europe/Helsinki")
        assert not each.waived_reason
    assert start.done() == {step.name for step in starting.STEPS}
    again = start.text("calendar")
    assert "holds what these weeks need already" in again


def test_a_slot_is_left_out_and_two_swap_before_the_plan_is_accepted(start: Start) -> None:
    sent = start.filled("calendar")
    assert sent["keep"][:2] == ["0", "1"]
    swapped = start.client.post(start.url("calendar"), sent | {"swap": "0"})
    assert swapped.status_code == 200
    assert not Slot.objects.filter(workspace=start.workspace).exists()
    reader = _Fields()
    reader.feed(swapped.content.decode().split("<main", 1)[1])
    order = [int(each) for each in reader.found["order"].split(",")]
    assert order[0] != 0
    assert sorted(order) == list(range(len(order)))

    left = reader.found["keep"][1:]
    start.client.post(start.url("calendar"), reader.found | {"keep": left, "accept": "1"})
    assert Slot.objects.filter(workspace=start.workspace).count() == len(order) - 1

    late = start.client.post(start.url("calendar"), sent | {"accept": "1"})
    assert late.status_code == 409  # the plan it was shown is no longer the plan
    assert "has changed meanwhile" in late.content.decode()


def test_what_is_refused_stands_beside_its_field(start: Start) -> None:
    roles = {row.public_id: "primary" for row in Channel.objects.filter(workspace=start.workspace)}
    answer = start.client.post(start.url("channels"), roles)
    assert answer.status_code == 422
    assert "Choose exactly two primary channels." in answer.content.decode()

    sent = start.filled("formats")
    twice = start.client.post(start.url("formats"), sent | {"name_2": sent["name_1"]})
    assert twice.status_code == 422
    assert 'aria-invalid="true"' in twice.content.decode()
    assert Format.objects.filter(workspace=start.workspace).count() == 8

    no_kpi = start.client.post(start.url("pillars"), start.filled("pillars") | {"kpi_1": ""})
    assert "Fill this in, or empty the name." in no_kpi.content.decode()

    kpi = start.workspace.kpidefinitions.first()
    assert kpi is not None
    early = start.send("conversion", core_conversion=kpi.pk)
    assert early.status_code == 409  # the strategy has gaps, and they are named
    assert "Goals" in early.content.decode()
    assert start.url("strategy") in early.content.decode()
