"""The Flow page in a real browser: read by eye, by keyboard, by table, on a phone and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Site, serious_in_both_themes

pytestmark = pytest.mark.browser

FLOW = "/w/studio-aalto/flow/"
MADE = """
from datetime import timedelta
from production import publishing, stays, bands
kpi = KpiDefinition.objects.filter(workspace=workspace).first()
ann = seats['ann']
for n in range(14):
    out = now - timedelta(hours=30 * n + 3)
    begun = out - timedelta(hours=90 + n if n % 4 == 0 else 30 + 2 * n)
    item = items.create(board, title=f'Flowing {n}', seat=ann, at=begun,
                        values={'primary_kpi': kpi})
    for share, kind in ((.2, 'script'), (.4, 'edit'), (.8, 'publish')):
        moves.move(item, to=stages[kind], seat=ann, at=begun + (out - begun) * share,
                   override='of the browser tests')
        item = ContentItem.objects.select_related('stage', 'board', 'workspace').get(pk=item.pk)
    publishing.i_posted_it(item, by=ann.user, at=out)
for n in range(3):
    item = items.create(board, title=f'Being cut {n}', seat=ann, at=now - timedelta(hours=60),
                        values={'primary_kpi': kpi})
    moves.move(item, to=stages['edit'], seat=ann, at=now - timedelta(hours=20 * n + 4),
               override='of the browser tests')
stays.catch_up(workspace)
bands.catch_up(workspace)
"""


@pytest.fixture(scope="module", autouse=True)
def flowed(site: Site) -> None:
    """Fourteen items came out, three are being cut."""
    site.python(MADE)


@pytest.mark.parametrize("width", [1440, 360])
def test_nothing_keeps_anybody_out(window: Open, width: int) -> None:
    page = window("ann", FLOW, width=width).page
    for summary in page.locator(".tableview summary").all():
        summary.click()

    assert serious_in_both_themes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_headline_comes_first_and_is_a_share_with_its_doubt(window: Open) -> None:
    page = window("kim", FLOW).page

    expect(page.locator("main h2").first).to_have_text(re.compile(r"\d+.% within 72.h"))
    expect(page.locator(".headline .sub")).to_contain_text("items, likely")


def test_a_chart_is_one_stop_and_arrows_walk_its_points(window: Open) -> None:
    page = window("ann", FLOW).page
    plot = page.locator("#scatter .plot")
    first, second, *_, last = page.locator("#scatter .plot-wide a.hit").all()

    plot.focus()
    page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("data-here", "")
    expect(page.locator("#live")).to_have_text(first.get_attribute("data-say") or "-")
    expect(plot.locator(".tip")).to_have_text(first.get_attribute("data-say") or "-")
    page.keyboard.press("ArrowRight")
    expect(second).to_have_attribute("data-here", "")
    expect(first).not_to_have_attribute("data-here", "")
    page.keyboard.press("End")
    expect(last).to_have_attribute("data-here", "")
    page.keyboard.press("Escape")
    expect(plot.locator(".tip")).to_have_count(0)
    assert plot.locator("a[tabindex='-1']").count() == plot.locator("a").count()


def test_enter_opens_the_card_of_the_point(window: Open) -> None:
    page = window("ann", FLOW).page
    address = page.locator("#scatter .plot-wide a.hit").first.get_attribute("href") or ""

    page.locator("#scatter .plot").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(re.escape(address)))
    expect(page.locator("h1")).to_contain_text("Flowing")


def test_pointing_shows_the_words_and_a_click_opens_the_card(window: Open) -> None:
    page = window("ann", FLOW).page
    point = page.locator("#scatter .plot-wide a.hit").last
    say = point.get_attribute("data-say") or "-"

    point.hover()
    expect(page.locator("#scatter .tip")).to_have_text(say)
    page.mouse.move(4, 4)
    expect(page.locator("#scatter .tip")).to_have_count(0)
    point.click()

    expect(page).to_have_url(re.compile(r"/items/VID-\d+/"))


def test_every_week_of_the_trend_speaks(window: Open) -> None:
    page = window("ann", FLOW).page

    page.locator("#trend .plot").focus()
    page.keyboard.press("End")

    expect(page.locator("#live")).to_have_text(re.compile(r"W\d+.*: .*items?"))


def test_the_table_has_what_the_chart_has(window: Open) -> None:
    page = window("ann", FLOW).page
    table = page.locator("#scatter .tableview")

    expect(table.locator("table")).to_be_hidden()
    table.locator("summary").click()

    expect(table.locator("tbody tr")).to_have_count(
        page.locator("#scatter .plot-wide a.hit").count()
    )
    expect(table.locator("tbody tr").first).to_contain_text("past")


def test_a_filter_goes_into_the_address_and_back_works(window: Open) -> None:
    page = window("ann", FLOW).page

    page.get_by_role("navigation", name="Period").get_by_text("90").click()
    expect(page).to_have_url(re.compile("days=90"))
    page.get_by_role("combobox", name="Channel").select_option(label="TikTok")
    expect(page).to_have_url(re.compile("days=90.*channel=chn_|channel=.*days=90"))
    expect(page.locator("main")).to_contain_text("Nothing with a known lead time")
    page.go_back()

    expect(page.locator("main h2").first).to_have_text(re.compile("within 72"))


def test_on_a_phone_another_picture_is_shown_and_it_can_be_stepped(window: Open) -> None:
    page = window("ann", FLOW, width=360, touch=True).page

    expect(page.locator("#scatter .plot-wide")).to_be_hidden()
    expect(page.locator("#scatter .plot-narrow")).to_be_visible()
    page.locator("#scatter .plot").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#scatter .plot-narrow a.hit").first).to_have_attribute("data-here", "")


def test_on_paper_there_are_charts_and_no_controls(window: Open) -> None:
    page = window("ann", FLOW).page

    page.emulate_media(media="print")

    expect(page.locator("#scatter .plot-wide svg")).to_be_visible()
    expect(page.locator(".controls")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
