"""The calendar in a real browser: planned by keyboard alone, dragged by mouse, quiet for axe."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Site, serious_in_both_themes

pytestmark = pytest.mark.browser

CALENDAR = "/w/studio-aalto/calendar/"
# Monday of the second week that the page shows: every day of it is still to come.
MONDAY = (
    "from datetime import timedelta\n"
    "from zoneinfo import ZoneInfo\n"
    "today = now.astimezone(ZoneInfo('Europe/Helsinki')).date()\n"
    "monday = today - timedelta(days=today.isoweekday() - 1) + timedelta(days=7)\n"
)


@pytest.fixture
def monday(site: Site) -> str:
    """The Monday, and an empty plan: no slots, no windows, one promise."""
    return site.python(
        f"{MONDAY}"
        "Slot.objects.filter(workspace=workspace).delete()\n"
        "Publication.objects.filter(workspace=workspace, state='draft').delete()\n"
        "Window.objects.filter(workspace=workspace).delete()\n"
        "MixRule.objects.filter(workspace=workspace).delete()\n"
        "MixRule.objects.create(workspace=workspace, counts='posts', channel_role='primary',"
        " at_least=2, at_most=6)\n"
        "print(monday.isoformat())"
    ).splitlines()[-1]


def a_slot(site: Site, day: str, clock: str = "18:00", title: str = "") -> None:
    """A slot, and the card that takes it."""
    filled = (
        f"item = items.create(board, title={title!r}, seat=seats['ben'], at=now)\n"
        "slots.fill(slot, item, seat=seats['ben'], at=now)\n"
    )
    site.python(
        "from production import slots, walltime\n"
        "channel = Channel.objects.get(workspace=workspace)\n"
        f"when = walltime.resolve('{day}T{clock}', 'Europe/Helsinki')\n"
        "slot = slots.add(channel, when, {}, seat=seats['ben'], at=now)\n" + filled * bool(title)
    )


def cell(page: Page, day: str) -> Locator:
    return page.locator(f'.weekplan td[data-day="{day}"]')


def later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def test_a_fortnight_is_planned_by_keyboard_alone(site: Site, window: Open, monday: str) -> None:
    site.python("items.create(board, title='Found by keyboard', seat=seats['ben'], at=now)")
    page = window("ben", CALENDAR).page

    page.get_by_role("link", name="Add slot", exact=True).focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog[open]")
    expect(dialog.get_by_label("Channel")).to_be_focused()
    dialog.get_by_label("Day", exact=True).fill(monday)
    dialog.get_by_label("Time", exact=True).fill("18:00")
    dialog.locator("summary", has_text="Repeat over a fortnight").press("Enter")
    for day in ("Monday", "Thursday"):
        dialog.get_by_label(day).press("Space")
    dialog.get_by_label("For how many days").press("Enter")
    expect(page.locator(".toast")).to_contain_text("4 slots added.")
    expect(dialog).to_have_count(0)
    expect(page.locator('.weekplan .slot[data-state="empty"]')).to_have_count(2)

    cell(page, monday).locator(".slot").press("Enter")
    card = page.locator("#dialog[open]").get_by_label("Card")
    card.focus()
    page.keyboard.type(page.locator("#dialog option", has_text="Found by keyboard").inner_text())
    page.keyboard.press("Enter")
    page.locator("#dialog[open]").get_by_role("button", name="Plan into this slot").press("Enter")
    expect(cell(page, monday).locator('.slot[data-state="planned"]')).to_contain_text("planned")
    expect(page.locator(".mix", has_text="1 of 2 to 6")).to_have_count(1)

    cell(page, monday).locator(".slot").press("Enter")
    page.locator("#dialog[open]").get_by_label("Day", exact=True).fill(later(monday, 1))
    page.locator("#dialog[open]").get_by_role("button", name="Move").press("Enter")
    expect(cell(page, later(monday, 1)).locator(".slot")).to_contain_text("Found by keyboard")


def test_a_card_is_dragged_to_another_day_and_the_move_taken_back(
    site: Site, window: Open, monday: str
) -> None:
    a_slot(site, monday, title="Dragged along")
    page = window("ben", CALENDAR).page
    friday = later(monday, 4)

    drag(page, cell(page, monday).locator(".slot"), cell(page, friday))

    expect(cell(page, friday).locator(".slot")).to_contain_text("18:00")
    expect(page.locator("#dialog[open]")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(cell(page, monday).locator(".slot")).to_contain_text("Dragged along")


def test_a_drop_outside_the_windows_opens_the_form_with_the_reason(
    site: Site, window: Open, monday: str
) -> None:
    a_slot(site, monday, title="Kept inside")
    site.python(
        "from datetime import time\n"
        "from production import windows\n"
        "windows.add(Channel.objects.get(workspace=workspace), weekdays=[1], begins=time(17),"
        " ends=time(19), seat=seats['ann'], at=now)"
    )
    page = window("ben", CALENDAR).page

    drag(page, cell(page, monday).locator(".slot"), cell(page, later(monday, 2)))

    dialog = page.locator("#dialog[open]")
    expect(dialog.locator(".problems")).to_contain_text("outside the publishing windows")
    expect(dialog.get_by_label("Day", exact=True)).to_have_value(later(monday, 2))
    page.keyboard.press("Escape")
    expect(cell(page, monday).locator(".slot")).to_contain_text("Kept inside")


def test_on_a_phone_the_days_are_a_list(site: Site, window: Open, monday: str) -> None:
    a_slot(site, monday, title="Under the thumb")
    page = window("ben", CALENDAR, width=360, touch=True).page

    entry = page.locator(".daylist .slot", has_text="Under the thumb")
    expect(entry).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    entry.tap()
    page.locator("#dialog[open]").get_by_label("Time", exact=True).fill("19:30")
    page.locator("#dialog[open]").get_by_role("button", name="Move").tap()
    expect(entry).to_contain_text("19:30")


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(
    "path",
    [
        CALENDAR,
        f"{CALENDAR}?view=month",
        f"{CALENDAR}add/",
        f"{CALENDAR}subscribe/",
        "/w/studio-aalto/settings/windows/",
        "/w/studio-aalto/settings/mix/",
    ],
)
def test_nothing_serious_for_axe(
    site: Site, window: Open, monday: str, path: str, width: int
) -> None:
    a_slot(site, monday)
    a_slot(site, monday, "20:00", title="Seen by axe")
    page = window("ann", path, width=width).page

    assert serious_in_both_themes(page) == []


def drag(page: Page, entry: Locator, to: Locator) -> None:
    start, end = entry.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 30, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=10)
    expect(page.locator(".flying")).to_be_visible()
    page.mouse.up()
