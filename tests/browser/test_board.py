"""The board in a real browser: by mouse, by keyboard alone, by touch, and beside a colleague."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Site, serious_in_both_themes

pytestmark = pytest.mark.browser

BOARD = "/w/studio-aalto/boards/"
SECOND = 1_000


@pytest.fixture(scope="module", autouse=True)
def gate(site: Site) -> None:
    """Nobody may enter Script without somebody who works on it."""
    site.python(
        "Gate.objects.get_or_create(workspace=workspace, stage=stages['script'],"
        " label='Somebody works on it', check_kind='count', counted='assignees')"
    )


def a_card(site: Site, title: str, stage: str = "script") -> str:
    """The key of a card that Ben works on."""
    return site.python(
        f"item = items.create(board, title={title!r}, seat=seats['ben'], at=now,"
        " values={'assignees': [seats['ben'].user]})\n"
        f"moves.move(item, to=stages[{stage!r}], seat=seats['ben'], at=now)\n"
        "print(item.key)"
    ).splitlines()[-1]


def column(page: Page, name: str) -> Locator:
    return page.locator(f'.stage[data-name="{name}"]')


def card_in(page: Page, name: str, title: str) -> Locator:
    return column(page, name).locator(".card", has_text=title)


def drag(page: Page, card: Locator, to: Locator) -> None:
    start, end = card.bounding_box(), to.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 90, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(start["x"] + 110, start["y"] + 45, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 60, steps=10)
    expect(page.locator(".flying")).to_be_visible()
    page.wait_for_timeout(150)
    page.mouse.up()


def test_by_mouse_created_refused_mended_moved_and_undone(window: Open) -> None:
    page = window("ben", BOARD).page
    page.get_by_role("link", name=re.compile("New card C")).click()
    page.get_by_placeholder("Title, then Enter").fill("Drawn by mouse")
    page.keyboard.press("Enter")
    expect(card_in(page, "Idea", "Drawn by mouse")).to_be_visible()
    page.keyboard.press("Escape")

    drag(page, card_in(page, "Idea", "Drawn by mouse"), column(page, "Script"))
    refusal = page.locator("#dialog [data-refused]")
    expect(refusal).to_contain_text("Script still needs: Somebody works on it.")
    expect(card_in(page, "Idea", "Drawn by mouse")).to_be_visible()

    refusal.get_by_role("link", name="Fix…").click()
    page.get_by_label("Ben Laine").check()
    page.get_by_role("button", name="Assign").click()
    expect(card_in(page, "Idea", "Drawn by mouse").locator("abbr.who")).to_have_text("BL")

    drag(page, card_in(page, "Idea", "Drawn by mouse"), column(page, "Script"))
    expect(card_in(page, "Script", "Drawn by mouse")).to_be_visible()
    expect(card_in(page, "Script", "Drawn by mouse")).not_to_have_attribute("data-pending", "")
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(card_in(page, "Idea", "Drawn by mouse")).to_be_visible()


def test_by_keyboard_alone_created_refused_mended_moved_and_undone(window: Open) -> None:
    page = window("ben", BOARD).page
    focused = page.locator(".card:focus-within")
    page.keyboard.press("c")
    expect(page.get_by_placeholder("Title, then Enter")).to_be_focused()
    page.keyboard.type("Typed with keys")
    page.keyboard.press("Enter")
    expect(card_in(page, "Idea", "Typed with keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(focused).to_contain_text("Typed with keys")

    page.keyboard.press("]")
    expect(page.locator("#dialog [data-refused]")).to_contain_text("Somebody works on it")
    page.keyboard.press("Escape")
    expect(focused).to_contain_text("Typed with keys")

    page.keyboard.press("a")
    box = page.get_by_label("Ben Laine")
    expect(box).to_be_visible()
    while not box.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(focused).to_contain_text("Typed with keys")

    page.keyboard.press("]")
    expect(card_in(page, "Script", "Typed with keys")).to_be_visible()
    expect(focused).to_contain_text("Typed with keys")
    expect(page.locator("#live")).to_contain_text("moved to Script")
    page.keyboard.press("z")
    expect(card_in(page, "Idea", "Typed with keys")).to_be_visible()


def test_by_touch_on_a_phone(window: Open) -> None:
    made = window("ben", BOARD, width=360, touch=True)
    page = made.page
    page.locator(".stage[data-shown] .add").tap()
    page.get_by_placeholder("Title, then Enter").fill("Under the thumb")
    page.keyboard.press("Enter")
    expect(card_in(page, "Idea", "Under the thumb")).to_be_visible()
    page.get_by_role("button", name="Done Esc").tap()

    press_and_drag(
        made, card_in(page, "Idea", "Under the thumb"), page.locator("[data-show]").nth(1)
    )
    refusal = page.locator("#dialog [data-refused]")
    expect(refusal).to_contain_text("Somebody works on it")
    refusal.get_by_role("link", name="Fix…").tap()
    page.get_by_label("Ben Laine").check()
    page.get_by_role("button", name="Assign").tap()
    expect(page.locator("#dialog[open]")).to_have_count(0)

    card_in(page, "Idea", "Under the thumb").locator(".move").tap()
    page.locator(".choice", has_text="Script").tap()
    page.get_by_role("button", name="Move", exact=True).tap()
    expect(page.locator("#toasts")).to_contain_text("moved to Script")
    page.locator("[data-show]").nth(1).tap()
    expect(card_in(page, "Script", "Under the thumb")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").last.tap()
    expect(card_in(page, "Script", "Under the thumb")).to_have_count(0)
    page.locator("[data-show]").nth(0).tap()
    expect(card_in(page, "Idea", "Under the thumb")).to_be_visible()


def press_and_drag(made: Any, card: Locator, to: Locator) -> None:
    """A long press lifts the card, the finger takes it to the stage in the switcher."""
    start, end = card.bounding_box(), to.bounding_box()
    assert start and end
    touches = made.context.new_cdp_session(made.page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    x, y = start["x"] + 120, start["y"] + 30
    send("touchStart", {"x": x, "y": y})
    expect(made.page.locator(".flying")).to_be_visible()
    for step in range(1, 9):
        goal_x, goal_y = end["x"] + end["width"] / 2, end["y"] + end["height"] / 2
        send("touchMove", {"x": x + (goal_x - x) * step / 8, "y": y + (goal_y - y) * step / 8})
        made.page.wait_for_timeout(30)
    send("touchEnd")


def test_a_colleagues_move_appears_within_a_second(site: Site, window: Open) -> None:
    key = a_card(site, "Seen by both")
    ann, ben = window("ann", BOARD).page, window("ben", BOARD).page
    expect(card_in(ann, "Script", "Seen by both")).to_be_visible()
    ann.wait_for_timeout(500)

    ben.locator(f"#{key} h3 a").focus()
    ben.keyboard.press("]")

    expect(card_in(ann, "Shoot", "Seen by both")).to_be_visible(timeout=SECOND)
    expect(card_in(ben, "Shoot", "Seen by both")).to_be_visible()
    expect(ann.locator(f"#{key}")).to_have_count(1)


def test_without_a_network_it_goes_back_and_then_catches_up(site: Site, window: Open) -> None:
    key = a_card(site, "Through the tunnel")
    other = a_card(site, "Moved meanwhile")
    made = window("ann", BOARD)
    ann, ben = made.page, window("ben", BOARD).page
    expect(card_in(ann, "Script", "Moved meanwhile")).to_be_visible()
    ann.wait_for_timeout(500)
    made.context.set_offline(True)

    ann.locator(f"#{key} h3 a").focus()
    ann.keyboard.press("]")
    expect(card_in(ann, "Script", "Through the tunnel")).to_contain_text("cannot be reached")
    ben.locator(f"#{other} h3 a").focus()
    ben.keyboard.press("]")
    expect(card_in(ben, "Shoot", "Moved meanwhile")).to_be_visible()
    ann.wait_for_timeout(1_500)
    expect(card_in(ann, "Script", "Moved meanwhile")).to_be_visible()
    made.context.set_offline(False)

    expect(card_in(ann, "Shoot", "Moved meanwhile")).to_be_visible()


def test_escape_puts_a_lifted_card_back(site: Site, window: Open) -> None:
    key = a_card(site, "Not after all")
    page = window("ben", BOARD).page
    box = page.locator(f"#{key}").bounding_box()
    assert box
    page.mouse.move(box["x"] + 90, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 60, steps=6)
    expect(page.locator(".flying")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator(".flying")).to_have_count(0)
    expect(page.locator(".why")).to_have_count(0)
    page.mouse.up()
    expect(card_in(page, "Script", "Not after all")).to_be_visible()
    assert page.url.endswith(BOARD)


def test_arrows_walk_the_cards_and_shift_reorders(site: Site, window: Open) -> None:
    first = a_card(site, "Walk one", "edit")
    second = a_card(site, "Walk two", "edit")
    page = window("ben", BOARD).page
    page.locator(f"#{first} h3 a").focus()

    page.keyboard.press("ArrowDown")
    expect(page.locator(".card:focus-within")).to_have_id(second)
    page.keyboard.press("Shift+ArrowUp")
    cards = column(page, "Edit").locator(".card")
    expect(cards.first).to_have_id(second)
    page.reload()

    expect(cards.first).to_have_id(second)
    expect(page.locator("#live-now")).to_be_empty()


def test_picked_cards_are_archived_together_and_come_back(site: Site, window: Open) -> None:
    keys = [a_card(site, f"Bundle {number}", "shoot") for number in (1, 2)]
    page = window("ben", BOARD).page
    for key in keys:
        page.locator(f"#{key} h3 a").focus()
        page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("2 selected")

    page.locator("#bulk").get_by_role("button", name="Archive").click()
    expect(card_in(page, "Shoot", "Bundle")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()

    expect(card_in(page, "Shoot", "Bundle")).to_have_count(2)


def test_words_in_the_filter_line_become_the_address(window: Open, site: Site) -> None:
    a_card(site, "Only this one")
    page = window("ben", BOARD).page
    page.keyboard.press("/")
    page.keyboard.type("@ben only")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"assignee=usr_\w+"))
    expect(page.locator(".card")).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(re.compile(f"{BOARD}$"))


def test_without_script_a_card_is_moved_and_the_move_taken_back(site: Site, chromium: Any) -> None:
    key = a_card(site, "No script at all")
    context = chromium.new_context(java_script_enabled=False, base_url=site.url)
    context.add_cookies([{"name": "sessionid", "value": site.sessions["ben"], "url": site.url}])
    page = context.new_page()
    page.goto(BOARD)

    page.locator(f"#{key} .move").click(force=True)
    page.locator(".choice", has_text="Shoot").locator("input").check()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(card_in(page, "Shoot", "No script at all")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(card_in(page, "Script", "No script at all")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(
    "path",
    [
        BOARD,
        f"{BOARD}?lanes=assignee",
        "/w/studio-aalto/my/",
        "/w/studio-aalto/reviews/",
        "/w/studio-aalto/activity/",
        "/w/studio-aalto/inbox/",
        "/w/studio-aalto/search/?q=one",
    ],
)
def test_nothing_serious_for_axe(window: Open, path: str, width: int) -> None:
    page = window("ann", path, width=width).page

    assert serious_in_both_themes(page) == []


def test_nothing_serious_for_axe_in_the_dialogs(site: Site, window: Open) -> None:
    key = a_card(site, "For the dialogs")
    page = window("ann", BOARD).page

    for letter in ("m", "a", "b", "?"):
        page.locator(f"#{key} h3 a").focus()
        page.keyboard.press(letter)
        expect(page.locator("#dialog[open]")).to_be_visible()
        assert serious_in_both_themes(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#dialog[open]")).to_have_count(0)
