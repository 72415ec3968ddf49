"""The card in a real browser: it saves itself, shows both sides of a conflict, and stays quiet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, Site, serious_in_both_themes

pytestmark = pytest.mark.browser


def a_card(site: Site, title: str, stage: str = "edit", more: str = "") -> str:
    """The address of a card of Ben's in that stage."""
    key = site.python(
        f"item = items.create(board, title={title!r}, seat=seats['ben'], at=now,"
        " values={'channel': Channel.objects.get(workspace=workspace),"
        " 'primary_kpi': KpiDefinition.objects.get(workspace=workspace),"
        " 'promise': 'You will look better', 'assignees': [seats['otto'].user]})\n"
        f"item = moves.move(item, to=stages[{stage!r}], seat=seats['ben'], at=now).item\n"
        f"from production import comments, hooks, reviews, scripts\n{more}\n"
        "print(item.key)"
    ).splitlines()[-1]
    return f"/w/studio-aalto/items/{key}/"


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 40), "teal").save(stream, "PNG")
    return stream.getvalue()


def editor(page: Page):
    return page.get_by_label("Script in Markdown")


def state(page: Page):
    return page.locator("#script [data-state]")


def test_the_script_saves_itself(site: Site, window: Open) -> None:
    url = a_card(site, "Autosave")
    page = window("ben", url).page

    editor(page).fill("## Hook\nTurn the chair to the window.")
    expect(state(page)).to_have_text("Not saved yet")
    expect(page.locator("[data-words]")).to_have_text("7 words")
    expect(state(page)).to_have_text("All changes saved", timeout=6_000)
    editor(page).press("End")
    editor(page).type(" Now.")
    expect(state(page)).to_have_text("All changes saved", timeout=6_000)

    page.reload()
    expect(editor(page)).to_have_value("## Hook\nTurn the chair to the window. Now.")
    expect(page.locator("#history")).to_contain_text("wrote version 1 of the script")


def test_a_version_is_kept_compared_and_brought_back(site: Site, window: Open) -> None:
    url = a_card(site, "Versions")
    page = window("ben", url).page
    editor(page).fill("turn the chair")
    page.get_by_role("button", name="Keep this version").click()
    expect(page.locator("#script > header")).to_contain_text("Version 1 kept")
    editor(page).fill("turn the lamp")

    page.locator("#script > header [data-pane=compare]").click()
    expect(page.locator("#script del")).to_have_text("chair")
    expect(page.locator("#script ins")).to_have_text("lamp")
    page.locator("#script > header [data-pane=preview]").click()
    expect(page.locator("#script .prose")).to_have_text("turn the lamp")
    page.locator("#script > header [data-pane=write]").click()
    expect(state(page)).to_have_text("All changes saved", timeout=6_000)

    page.locator("#script > header [data-pane=compare]").click()
    page.get_by_role("button", name="Bring back v1").click()
    expect(editor(page)).to_have_value("turn the chair")


@pytest.mark.parametrize("take", ["Save yours", "Take theirs", "Put both in the editor"])
def test_a_stale_script_shows_both_texts_and_loses_neither(
    site: Site, window: Open, take: str
) -> None:
    url = a_card(site, f"Conflict, {take}")
    ann, ben = window("ann", url).page, window("ben", url).page
    editor(ben).focus()
    editor(ann).fill("Ann's words")
    expect(state(ann)).to_have_text("All changes saved", timeout=6_000)

    editor(ben).fill("Ben's words")

    clash = ben.locator("[data-clash]")
    expect(clash).to_contain_text("Ann Koski changed the script while you wrote", timeout=8_000)
    expect(clash.get_by_label("Theirs")).to_have_value("Ann's words")
    expect(clash.get_by_label("Yours")).to_have_value("Ben's words")
    clash.get_by_text(take).click()
    expect(clash).to_have_count(0)
    expect(state(ben)).to_have_text("All changes saved", timeout=6_000)
    ben.reload()
    text = editor(ben).input_value()
    assert ("Ann's words" in text) == (take != "Save yours")
    assert ("Ben's words" in text) == (take != "Take theirs")


def test_a_picture_is_uploaded_and_shown(site: Site, window: Open) -> None:
    page = window("ben", a_card(site, "Upload")).page

    page.set_input_files("#file", {"name": "still.png", "mimeType": "x/y", "buffer": picture()})
    page.locator("#file-role").select_option("thumbnail")
    page.locator("#files").get_by_role("button", name="Add").click()

    shown = page.locator("#files img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 64)
    page.set_input_files(
        "#file", {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload=alert(1)>"}
    )
    page.locator("#files").get_by_role("button", name="Add").click()
    expect(page.locator("#files [role=alert]")).to_contain_text("not accepted")
    expect(shown).to_have_count(1)


@pytest.fixture
def openings_gate(site: Site) -> Iterator[None]:
    """Into Publish only with three openings, one of them chosen; gone again afterwards."""
    site.python(
        "Gate.objects.create(workspace=workspace, stage=stages['publish'],"
        " label='First two seconds', check_kind='openings', at_least=3)"
    )
    yield
    site.python("Gate.objects.filter(label='First two seconds').delete()")


@pytest.mark.usefixtures("openings_gate")
def test_three_openings_one_chosen_with_a_reason(site: Site, window: Open) -> None:
    page = window("ben", a_card(site, "Openings")).page
    gates = page.locator("#gates")
    expect(gates).to_contain_text("0 of 3")

    for text in ("Which one?", "Not the camera.", "Four times more."):
        page.locator("#hook-text").fill(text)
        page.locator("#hook-text").press("Enter")
        expect(page.locator("#hooks .choice", has_text=text)).to_be_visible()
    expect(gates).to_contain_text("none chosen yet with a reason")
    page.locator("#hooks .choice", has_text="Not the camera.").click()
    page.get_by_label("Why this one").fill("It makes people pick a side")
    page.locator("#hooks").get_by_role("button", name="Choose", exact=True).click()

    expect(page.locator("#hooks .choice", has_text="Not the camera.")).to_contain_text("Chosen")
    expect(gates).to_contain_text("1 of 1")


def test_a_second_person_signs_and_the_first_sees_it_at_once(site: Site, window: Open) -> None:
    url = a_card(
        site, "Review", more="scripts.save(item, 'Words', version=0, by=seats['ben'].user, at=now)"
    )
    ben = window("ben", url).page
    ben.get_by_role("link", name="Ask for a review…").click()
    ben.get_by_label("Reviewer").select_option(label="Vera Salo")
    ben.get_by_role("button", name="Ask", exact=True).click()
    expect(ben.locator("#review")).to_contain_text("You made the last edit yourself")
    expect(ben.locator("#dialog")).not_to_be_visible()

    vera = window("vera", url).page
    review = vera.locator("#review")
    review.get_by_role("button", name="Sign").click()
    expect(review.get_by_role("alert")).to_contain_text("Tick facts, brand and call to action")
    for name in ("Facts", "Brand", "Call to action"):
        review.get_by_label(name).check()
    review.get_by_role("button", name="Sign").click()

    expect(review).to_contain_text("Signed by Vera Salo")
    expect(ben.locator("#review")).to_contain_text("Signed by Vera Salo", timeout=3_000)
    expect(ben.locator("#toasts")).to_contain_text("Vera Salo changed this card.")


def test_i_posted_it_from_the_phone(site: Site, window: Open) -> None:
    url = a_card(site, "Posted", stage="publish")
    page = window("ben", url, width=360, touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.get_by_role("link", name="I posted it…").tap()
    page.get_by_label("Where it is").fill("tiktok.com/7")
    page.get_by_role("button", name="It is out").tap()
    expect(page.locator("#dialog")).to_contain_text("https://")
    page.get_by_label("Where it is").fill("https://www.tiktok.com/@aalto/video/7")
    page.get_by_role("button", name="It is out").tap()

    expect(page.locator("#publication")).to_contain_text("Published")
    expect(page.locator("#publication")).to_contain_text("tiktok.com/@aalto/video/7")
    expect(page.locator("#head")).to_contain_text("Published in")


def test_whoever_fits_is_offered_while_one_types_their_name(site: Site, window: Open) -> None:
    url = a_card(site, "Names")
    page = window("ben", url).page
    say, people = page.get_by_label("Write a comment"), page.get_by_role("listbox", name="People")

    say.press_sequentially("Hello @v")
    expect(people.get_by_role("option")).to_have_text(["Vera Salo"])
    say.press("Enter")
    expect(say).to_have_value("Hello @Vera Salo ")
    expect(people).to_be_hidden()

    say.press_sequentially("and @")
    say.press("ArrowDown")
    say.press("Escape")
    expect(people).to_be_hidden()
    say.press_sequentially("ann")
    people.get_by_role("option", name="Ann").click()
    expect(say).to_be_focused()
    page.keyboard.press("Control+Enter")

    expect(page.locator("#comments .mention")).to_have_text(["@Vera Salo", "@Ann Koski"])


def test_what_others_do_comes_in_without_taking_the_pen(site: Site, window: Open) -> None:
    url = a_card(site, "Live")
    ann, ben = window("ann", url).page, window("ben", url).page
    editor(ann).click()
    editor(ann).type("Half a sent")

    ben.locator("#hook-text").fill("Which one?")
    ben.locator("#hook-text").press("Enter")
    ben.get_by_label("Write a comment").fill("@Ann, look")
    ben.get_by_role("button", name="Comment", exact=True).click()

    expect(ann.locator("#hooks")).to_contain_text("Which one?", timeout=3_000)
    expect(ann.locator("#comments .mention")).to_have_text("@Ann")
    expect(ann.locator("#toasts")).to_contain_text("Ben Laine changed this card.")
    editor(ann).type("ence")
    expect(editor(ann)).to_have_value("Half a sentence")
    assert ann.evaluate("document.activeElement.id") == "script-text"


def test_the_same_field_changed_twice_shows_both_values(site: Site, window: Open) -> None:
    url = a_card(site, "Fields")
    ann, ben = window("ann", url).page, window("ben", url).page
    for page in (ann, ben):
        page.locator("#hooks > header").get_by_role("link", name=re.compile("Edit")).click()
        expect(page.get_by_role("textbox", name="Promise")).to_be_visible()

    ann.get_by_role("textbox", name="Promise").fill("Better in five minutes")
    ann.get_by_role("button", name="Save", exact=True).click()
    expect(ann.locator("#hooks")).to_contain_text("Better in five minutes")
    ben.get_by_role("textbox", name="Promise").fill("Better at once")
    ben.get_by_role("button", name="Save", exact=True).click()

    panel = ben.locator("#message")
    expect(panel).to_contain_text("Ann Koski wrote meanwhile: “Better in five minutes”")
    expect(ben.get_by_role("textbox", name="Promise")).to_have_value("Better at once")
    ben.get_by_role("button", name="Save", exact=True).click()
    expect(ben.locator("#hooks")).to_contain_text("Better at once")
    ben.locator("#toasts").get_by_role("button", name=re.compile("Undo")).click()
    expect(ben.locator("#hooks")).to_contain_text("Better in five minutes")


def test_everything_works_without_script(site: Site, chromium: Browser) -> None:
    url = a_card(site, "No script")
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": site.sessions["ben"], "url": site.url}])
    page = context.new_page()
    page.goto(url)

    editor(page).fill("Plain words")
    page.locator("#script").get_by_role("button", name="Save").click()
    expect(editor(page)).to_have_value("Plain words")
    page.locator("#hook-text").fill("Which one?")
    page.locator("#hooks").get_by_role("button", name="Add").click()
    page.locator("#hooks .choice", has_text="Which one?").click()
    page.get_by_label("Why this one").fill("It holds")
    page.locator("#hooks").get_by_role("button", name="Choose", exact=True).click()
    expect(page.locator("#hooks")).to_contain_text("It holds")
    page.locator("#sources").get_by_role("link", name="Edit Facts").click()
    page.get_by_label("What it is").first.fill("EBU review")
    page.get_by_role("button", name="More rows").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#sources")).to_contain_text("EBU review")
    page.locator("#details").get_by_role("link", name="Edit").click()
    page.get_by_label("Hypothesis").fill("Questions hold")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#details")).to_contain_text("Questions hold")
    context.close()


@pytest.mark.parametrize(("person", "width"), [("ben", 1440), ("vera", 360), ("kim", 1440)])
def test_nothing_serious_stands_in_anybodys_way(
    site: Site, window: Open, person: str, width: int
) -> None:
    url = a_card(
        site,
        "Everything",
        more=(
            "ben = seats['ben'].user\n"
            "scripts.save(item, '## Hook\\nWords', version=0, by=ben, at=now)\n"
            "hook = hooks.add(item, text='Which one?', by=ben, at=now)\n"
            "hooks.choose(hook, reason='It holds', by=ben, at=now)\n"
            "comments.add(item, '@Ann?', by=ben, at=now)\n"
            "items.derive(item, [{'title': 'Cut'}], seat=seats['ben'], at=now)\n"
            "items.block(item, reason='Music rights', by=ben, at=now)\n"
            "reviews.request(item, by=ben, at=now)"
        ),
    )
    page = window(person, url, width=width).page
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.reload()
    expect(page.locator("#comments")).to_be_visible()

    assert serious_in_both_themes(page) == []
    assert not said
    assert page.evaluate("document.documentElement.scrollWidth") <= width
