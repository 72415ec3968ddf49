import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from production import comments, hooks, items, reviews, scripts
from production.models import (
    Asset,
    Assignment,
    ChecklistEntry,
    Comment,
    ContentItem,
    Event,
    Format,
    Gate,
    GatePass,
    Hook,
    KpiDefinition,
    Publication,
    Review,
    ReviewRequest,
    Script,
    User,
)
from tests.people import NOON, World

ALL_SIX = ("ann", "ben", "vera", "kim", "otto", "eve")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def everyone(world: World, strangers: World) -> dict[str, User]:
    return {name: seat.user for name, seat in world.seats.items()} | {"eve": strangers.eve}


@pytest.fixture
def item(world: World) -> ContentItem:
    """A card in Edit with a bit of everything; Otto's is another one."""
    made = world.item(
        "Myth vs fact: 4K",
        stage="edit",
        channel=world.workspace.channels.get(),
        primary_kpi=KpiDefinition.objects.get(workspace=world.workspace),
        promise="You will look better",
        sources=["EBU review https://tech.ebu.ch/x", "Own light test"],
    )
    Gate.objects.create(
        workspace=world.workspace, stage=world.stages["publish"], label="Captions are burnt in"
    )
    Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["publish"],
        label="Signed",
        check_kind="review",
        position=1,
    )
    scripts.save(made, "## Hook\nTurn the chair.", version=0, by=world.ben, at=NOON)
    hook = hooks.add(made, text="Which one?", by=world.ben, at=NOON)
    hooks.choose(hook, reason="It holds", by=world.ben, at=NOON)
    comments.add(made, "@Ann, shorter? <script>alert(1)</script>", by=world.ben, at=NOON)
    items.derive(made, [{"title": "Turn the chair"}], seat=world.seat("ben"), at=NOON)
    reviews.request(made, by=world.ben, at=NOON, reviewer=world.vera)
    made.refresh_from_db()
    return made


def page(item: ContentItem, name: str = "item", *args: object, slug: str = "studio-aalto") -> str:
    return reverse(name, args=[slug, item.key, *args])


def visit(client: Client, user: User, url: str, **headers: str) -> int:
    client.force_login(user)
    return client.get(url, **headers).status_code


@pytest.mark.parametrize(
    ("name", "status"),
    [("ann", 200), ("ben", 200), ("vera", 200), ("kim", 200), ("otto", 404), ("eve", 404)],
)
def test_who_sees_the_card(
    client: Client, item: ContentItem, everyone: dict[str, User], name: str, status: int
) -> None:
    assert visit(client, everyone[name], page(item)) == status
    assert visit(client, everyone[name], page(item, "item-history")) == status


def test_otto_sees_the_card_that_is_his(client: Client, world: World, item: ContentItem) -> None:
    Assignment.objects.create(item=item, user=world.otto)

    assert visit(client, world.otto, page(item)) == 200


def test_a_visitor_is_asked_to_sign_in(client: Client, item: ContentItem) -> None:
    response = client.get(page(item))

    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("key", ["VID-0", "VID-99", "RIV-1", "nonsense", "VID-1١", "vid-1%00"])
def test_what_does_not_exist_does_not_exist(
    client: Client, world: World, item: ContentItem, key: str
) -> None:
    assert visit(client, world.ann, f"/w/studio-aalto/items/{key}/") == 404


def test_the_page_shows_the_work_and_nothing_runs(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)

    text = client.get(page(item)).content.decode()

    for shown in (
        "Myth vs fact: 4K", "Turn the chair.", "Which one?", "It holds", "You will look better",
        "EBU review", "https://tech.ebu.ch/x", "Captions are burnt in", "1 of 5 to 12",
        '<b class="mention">@Ann</b>', "2 missing",
    ):  # fmt: skip
        assert shown in text, shown
    assert "<script>alert" not in text
    assert " style=" not in text


# What each person may do: the control is there, and the door agrees.

POSTS = {
    "item-hooks": {"text": "Another"},
    "item-checklist": {"text": "Counter at 4K"},
    "item-comments": {"text": "Hi"},
    "item-files": {"url": "https://aalto.example/x"},
    "item-archive": {},
    "item-block": {"reason": "Music rights"},
    "item-script": {"text": "New words", "version": "1"},
    "item-posted": {"permalink": "https://www.tiktok.com/@aalto/video/7"},
    "item-publications": {"caption": "One"},
    "item-review": {"note": "Again"},
}
MAKERS = {"ann", "ben"}
MAY = {
    "item-comments": MAKERS | {"vera", "otto"},
    "item-hooks": MAKERS | {"otto"},
    "item-checklist": MAKERS | {"otto"},
    "item-files": MAKERS | {"otto"},
    "item-block": MAKERS | {"otto"},
    "item-script": MAKERS | {"otto"},
}


@pytest.mark.parametrize("name", ALL_SIX)
@pytest.mark.parametrize("url", POSTS)
def test_each_act_by_each_person(
    client: Client,
    world: World,
    item: ContentItem,
    everyone: dict[str, User],
    url: str,
    name: str,
) -> None:
    Assignment.objects.create(item=item, user=world.otto)
    client.force_login(everyone[name])
    before = Event.objects.count()

    response = client.post(page(item, url), POSTS[url])

    may = name in MAY.get(url, MAKERS)
    if name == "eve":
        assert response.status_code == 404
    elif may and url != "item-review":
        assert response.status_code == 302, response.content
    elif may:
        # Ben made the request a moment ago; asking again without a reviewer opens a new one.
        assert response.status_code == 302
    else:
        assert response.status_code == 403
    assert (Event.objects.count() > before) == may


def test_otto_works_only_in_his_stages(client: Client, world: World, item: ContentItem) -> None:
    Assignment.objects.create(item=item, user=world.otto)
    ContentItem.objects.filter(pk=item.pk).update(stage=world.stages["publish"])
    client.force_login(world.otto)

    assert client.get(page(item)).status_code == 200
    assert client.post(page(item, "item-hooks"), {"text": "x"}).status_code == 403
    assert client.post(page(item, "item-comments"), {"text": "x"}).status_code == 403


def test_kim_sees_no_control(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.kim)

    main = client.get(page(item)).content.decode().split("<main")[1].split("</main>")[0]

    assert "<form" not in main
    assert "<button" not in main
    assert "<textarea" not in main


def test_the_parts_of_another_card_are_not_of_this_one(
    client: Client, world: World, item: ContentItem
) -> None:
    other = world.item("Another", stage="edit")
    hook = hooks.add(other, text="Elsewhere", by=world.ben, at=NOON)
    comment = comments.add(other, "there", by=world.ben, at=NOON)
    client.force_login(world.ben)

    for url in (
        page(item, "item-hook-remove", hook.public_id),
        page(item, "item-hook-up", hook.public_id),
        page(item, "item-comment-delete", comment.public_id),
        page(item, "item-review-withdraw", "rev_nothing"),
        page(item, "item-gate", "gat_nothing"),
        page(item, "item-line-remove", "chk_nothing"),
        page(item, "item-file-remove", "ast_nothing"),
        page(item, "item-publication-ready", "pub_nothing"),
    ):
        assert client.post(url).status_code == 404, url
    assert client.get(page(item, "item-hook", hook.public_id)).status_code == 404
    assert Hook.objects.filter(pk=hook.pk).exists()


# Fields


def edit(client: Client, item: ContentItem, group: str, **values: str) -> object:
    url = page(item, "item-edit", group)
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.names}
    data = {name: "" if value is None else value for name, value in data.items()}
    return client.post(url, data | {"base": form["base"].value()} | values)


def test_only_what_was_changed_is_sent_on(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.ben)

    response = edit(client, item, "details", hypothesis="Questions hold", target_value="48,5")

    assert response.status_code == 302
    event = Event.objects.filter(type="item.edited").latest("seq")
    assert event.data["changes"] == {
        "hypothesis": ["", "Questions hold"],
        "target_value": [None, "48.5"],
    }


def test_different_fields_merge_and_the_same_one_shows_both(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    url = page(item, "item-edit", "message")
    base = client.get(url).context["form"]["base"].value()
    items.edit(item, {"cta": "Buy a lamp"}, by=world.ann, at=NOON)

    merged = client.post(url, {"base": base, "promise": "Better in 5 minutes", "cta": ""})
    assert merged.status_code == 302
    item.refresh_from_db()
    assert (item.promise, item.cta) == ("Better in 5 minutes", "Buy a lamp")

    clash = client.post(url, {"base": base, "promise": "You will look better", "cta": "Turn it"})
    text = clash.content.decode()
    assert clash.status_code == 409
    assert "Buy a lamp" in text
    assert "Turn it" in text
    assert "Ann Koski" in text or "Ben Laine" in text
    item.refresh_from_db()
    assert item.cta == "Buy a lamp"

    base = clash.context["form"]["base"].value()
    again = client.post(url, {"base": base, "promise": "Better in 5 minutes", "cta": "Turn it"})
    assert again.status_code == 302
    item.refresh_from_db()
    assert item.cta == "Turn it"


@pytest.mark.parametrize("base", ["", "{", "[]", "[" * 5000, '{"cta": 7, "due_at": "x"}'])
def test_a_broken_base_breaks_nothing(
    client: Client, world: World, item: ContentItem, base: str
) -> None:
    client.force_login(world.ben)

    response = client.post(page(item, "item-edit", "message"), {"base": base, "cta": "Turn it"})

    assert response.status_code in (302, 409)


@pytest.mark.parametrize(
    ("group", "field", "value"),
    [
        ("details", "channel", "chn_of_nobody"),
        ("details", "target_value", "many"),
        ("details", "target_value", "1" * 40),
        ("details", "due_at", "9999-12-31T23:59"),
        ("details", "due_at", "yesterday"),
        ("details", "url", "javascript:alert(1)"),
        ("details", "cost", "NaN"),
        ("message", "length_actual_seconds", "-1"),
        ("message", "promise", "x" * 301),
        ("message", "cta", "a\x00b"),
        ("outcome", "decision", "maybe"),
        ("title", "title", " "),
    ],
)
def test_bad_values_are_told_at_their_field(
    client: Client, world: World, item: ContentItem, group: str, field: str, value: str
) -> None:
    client.force_login(world.ben)
    before = Event.objects.count()

    response = edit(client, item, group, **{field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Event.objects.count() == before


def test_rows_of_another_workspace_do_not_exist(
    client: Client, world: World, strangers: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    foreign = strangers.workspace.channels.get()

    response = edit(client, item, "details", channel=foreign.public_id)

    assert response.status_code == 422
    assert foreign.public_id not in client.get(page(item, "item-edit", "details")).content.decode()


def test_otto_changes_words_but_not_the_plan(
    client: Client, world: World, item: ContentItem
) -> None:
    Assignment.objects.create(item=item, user=world.otto)
    client.force_login(world.otto)

    form = client.get(page(item, "item-edit", "details")).context["form"]

    assert set(form.names) == {"hypothesis", "url", "description"}
    assert client.get(page(item, "item-edit", "outcome")).status_code == 403
    assert client.get(page(item, "item-edit", "title")).status_code == 404


def test_lengths_are_written_in_seconds_or_minutes(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)

    edit(client, item, "message", length_min_seconds="75", length_max_seconds="1:30")

    item.refresh_from_db()
    assert (item.length_min_seconds, item.length_max_seconds) == (75, 90)


def test_an_edit_by_script_answers_with_the_panels_and_a_way_back(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    url = page(item, "item-edit", "message")
    base = client.get(url).context["form"]["base"].value()

    response = client.post(url, {"base": base, "promise": "New", "cta": ""}, **HTMX)

    assert response.status_code == 200
    assert response["HX-Reswap"] == "none"
    told = json.loads(response["HX-Trigger"])
    assert told["putki:toast"]["undo"].startswith("/w/studio-aalto/undo/")
    text = response.content.decode()
    assert 'id="hooks"' in text
    assert "<html" not in text
    undone = client.post(told["putki:toast"]["undo"], HTTP_ACCEPT="application/json")
    assert undone.status_code == 200
    item.refresh_from_db()
    assert item.promise == "You will look better"


# The parts, through their doors


def test_a_gate_is_ticked_and_taken_back(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.ben)
    gate = Gate.objects.get(label="Captions are burnt in")

    client.post(page(item, "item-gate", gate.public_id), {"evidence": "Watched it"})
    assert GatePass.objects.get().evidence == "Watched it"

    client.post(page(item, "item-gate-untick", gate.public_id))
    assert not GatePass.objects.exists()


def test_a_gate_that_checks_itself_is_not_ticked(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    gate = Gate.objects.get(label="Signed")

    assert client.post(page(item, "item-gate", gate.public_id)).status_code == 404


def test_a_choice_without_a_reason_is_refused_with_what_was_picked(
    client: Client, world: World, item: ContentItem
) -> None:
    other = hooks.add(item, text="Not the camera", by=world.ben, at=NOON)
    client.force_login(world.ben)

    response = client.post(page(item, "item-hook-choose"), {"hook": other.public_id, "reason": ""})

    assert response.status_code == 422
    assert Hook.objects.get(chosen=True).text == "Which one?"


def test_vera_signs_and_ben_may_not(client: Client, world: World, item: ContentItem) -> None:
    asked = ReviewRequest.objects.get(state="open")
    url = page(item, "item-review-answer", asked.public_id)
    ticks = {"facts": "1", "brand": "1", "cta": "1", "verdict": "sign"}

    client.force_login(world.ben)
    refused = client.post(url, ticks)
    assert refused.status_code == 409
    assert "second person" in refused.content.decode()

    client.force_login(world.vera)
    assert client.post(url, ticks | {"digest": item.content_digest}).status_code == 302
    assert Review.objects.get().reviewer == world.vera


def test_the_script_is_saved_quietly_and_a_stale_one_shows_both_texts(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ann)
    url = page(item, "item-script")

    saved = client.post(
        url, {"text": "One two three", "version": "1"}, HTTP_ACCEPT="application/json"
    )
    assert saved.json()["version"] == 2
    assert saved.json()["words"] == 3

    stale = client.post(url, {"text": "Mine", "version": "1"}, HTTP_ACCEPT="application/json")
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "Mine" in text
    assert "One two three" in text
    assert "<html" not in text
    assert Script.objects.get().text == "One two three"

    without_script = client.post(url, {"text": "Mine", "version": "1"})
    assert without_script.status_code == 409
    assert "<html" in without_script.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
def test_a_nonsense_version_is_a_stale_one(
    client: Client, world: World, item: ContentItem, version: str
) -> None:
    client.force_login(world.ann)

    response = client.post(page(item, "item-script"), {"text": "Mine", "version": version})

    assert response.status_code == 409


def test_a_version_is_kept_compared_and_brought_back(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ann)
    scripts.save(item, "Second words", version=1, by=world.ann, at=NOON)

    compared = client.post(
        page(item, "item-script-compare"), {"old": "1", "text": "Turn the lamp."}
    )
    assert "<del>" in compared.content.decode()
    assert "<ins>" in client.get(page(item) + "?view=compare&old=1").content.decode()
    assert client.post(page(item, "item-script-keep")).status_code == 302
    assert client.post(page(item, "item-script-restore", 1)).status_code == 302
    assert Script.objects.get().text == "## Hook\nTurn the chair."
    assert client.post(page(item, "item-script-restore", 77)).status_code == 404
    assert client.post(page(item, "item-script-compare"), {"old": "77"}).status_code == 404


def test_the_preview_is_safe(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.kim)

    response = client.post(
        page(item, "item-script-preview"), {"text": "**bold** <script>alert(1)</script>"}
    )

    assert "<strong>bold</strong>" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_i_posted_it_with_the_address_from_the_phone(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)

    response = client.post(page(item, "item-posted"), {"permalink": "https://youtu.be/k2Vd"})

    assert response.status_code == 302
    assert Publication.objects.get().permalink == "https://youtu.be/k2Vd"
    bad = client.post(page(item, "item-posted"), {"permalink": "javascript:alert(1)"})
    assert bad.status_code == 422
    assert "permalink" in bad.context["form"].errors


def test_a_publication_is_drafted_changed_and_removed(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    client.post(page(item, "item-publications"), {"caption": "One"})
    draft = Publication.objects.get()

    client.post(page(item, "item-publication", draft.public_id), {"caption": "Two"})
    unsigned = client.post(page(item, "item-publication-ready", draft.public_id))
    draft.refresh_from_db()
    assert (draft.caption, draft.state, unsigned.status_code) == ("Two", "draft", 409)

    client.post(page(item, "item-publication-remove", draft.public_id), {"reason": ""})
    assert not Publication.objects.exists()


def test_a_comment_is_edited_by_its_author_alone(
    client: Client, world: World, item: ContentItem
) -> None:
    comment = Comment.objects.get()
    url = page(item, "item-comment", comment.public_id)

    client.force_login(world.ann)
    assert client.get(url).status_code == 403
    client.force_login(world.ben)
    assert client.post(url, {"text": "@Ann, longer?"}).status_code == 302
    assert client.post(page(item, "item-comment-delete", comment.public_id)).status_code == 302
    assert Comment.objects.get().deleted_at is not None


def test_the_list_is_ticked(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.ben)
    client.post(page(item, "item-checklist"), {"text": "Counter", "group": "B-roll"})
    entry = ChecklistEntry.objects.get()

    client.post(page(item, "item-line", entry.public_id), {"done": "1"})
    assert ChecklistEntry.objects.get().done
    client.post(page(item, "item-line", entry.public_id), {})
    assert not ChecklistEntry.objects.get().done
    client.post(page(item, "item-line-remove", entry.public_id))
    assert not ChecklistEntry.objects.exists()


def lines(*rows: tuple[str, str], seen: list[str]) -> dict[str, object]:
    data: dict[str, object] = {
        "line-TOTAL_FORMS": len(rows), "line-INITIAL_FORMS": len(rows), "seen": json.dumps(seen)
    }  # fmt: skip
    for number, (text, link) in enumerate(rows):
        data |= {f"line-{number}-text": text, f"line-{number}-link": link}
    return data


def test_sources_are_rows_and_emptied_ones_go(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    url = page(item, "item-lines", "sources")
    seen = list(item.sources)

    rows = [("EBU review", "https://tech.ebu.ch/y"), ("", ""), ("Survey", "")]
    assert client.post(url, lines(*rows, seen=seen)).status_code == 302
    item.refresh_from_db()
    assert item.sources == ["EBU review https://tech.ebu.ch/y", "Survey"]

    stale = client.post(url, lines(("Mine", ""), seen=seen))
    assert stale.status_code == 409
    bad = client.post(url, lines(("x", "javascript:1"), seen=list(item.sources)))
    assert bad.status_code == 422
    item.refresh_from_db()
    assert len(item.sources) == 2


def test_more_rows_keep_what_was_typed(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.ben)
    url = page(item, "item-lines", "sources")

    response = client.post(url, lines(("Half typed", ""), seen=item.sources) | {"more": "1"})

    assert "Half typed" in response.content.decode()
    assert len(response.context["rows"].forms) == 4


def test_cuts_are_derived_and_rows_without_a_title_left_out(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    data = {"piece-TOTAL_FORMS": 3, "piece-INITIAL_FORMS": 3}
    data |= {"piece-0-title": "Cut one", "piece-0-length": "0:22", "piece-0-hook": "Look"}
    data |= {"piece-2-title": "Cut two", "piece-1-title": ""}

    response = client.post(page(item, "item-derive"), data)

    assert response.status_code == 302
    assert item.derivatives.count() == 3
    cut = item.derivatives.get(title="Cut one")
    assert (cut.length_max_seconds, cut.promise) == (22, "You will look better")
    assert client.post(page(cut, "item-derive"), data).status_code == 409


def test_archived_cards_show_it_and_come_back(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)

    client.post(page(item, "item-archive"))
    text = client.get(page(item)).content.decode()
    assert "This card is archived" in text
    assert 'id="script-text"' not in text

    before = Event.objects.count()
    refused = client.post(page(item, "item-hooks"), {"text": "Late"})
    assert refused.status_code == 409
    assert "Restore it first" in refused.content.decode()
    for url in ("item-block", "item-posted", "item-script", "item-derive"):
        assert client.post(page(item, url), {"reason": "x", "text": "x"}).status_code == 403, url
    assert client.post(page(item, "item-edit", "title"), {"title": "x"}).status_code == 403
    assert Event.objects.count() == before

    client.post(page(item, "item-restore"))
    item.refresh_from_db()
    assert item.archived_at is None


def test_a_new_card_needs_only_a_title(client: Client, world: World) -> None:
    client.force_login(world.ben)
    url = reverse("item-new", args=["studio-aalto"])
    kpi = KpiDefinition.objects.get(workspace=world.workspace)

    assert client.get(url).status_code == 200
    response = client.post(url, {"title": "An idea", "primary_kpi": kpi.public_id})

    made = ContentItem.objects.get(title="An idea")
    assert response["Location"] == page(made)
    assert made.primary_kpi == kpi
    assert client.post(url, {"title": ""}).status_code == 422


def test_a_new_card_from_a_format_has_what_its_template_says(client: Client, world: World) -> None:
    template = Format.objects.create(
        workspace=world.workspace, name="Myth vs fact", cta="Try it", b_roll=["Counter at 4K"],
        title_formula="Myth vs fact: {claim}", script_template="## Hook",
    )  # fmt: skip
    client.force_login(world.ben)
    url = reverse("item-new", args=["studio-aalto"])

    assert (
        "Myth vs fact: {claim}" in client.get(f"{url}?format={template.public_id}").content.decode()
    )
    client.post(url, {"title": "Myth vs fact: 4K", "format": template.public_id})

    made = ContentItem.objects.get(title="Myth vs fact: 4K")
    assert (made.format, made.cta) == (template, "Try it")
    assert ChecklistEntry.objects.get(item=made).text == "Counter at 4K"
    assert Script.objects.get(item=made).text == "## Hook"


# Files as they are served


def upload(client: Client, item: ContentItem, name: str, content: bytes) -> Asset:
    client.post(page(item, "item-files"), {"file": SimpleUploadedFile(name, content)})
    return Asset.objects.get(item=item)


WEBM = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x42\x82\x84webm" + bytes(range(256)) * 4


def test_video_is_shown_in_place_and_in_ranges(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    asset = upload(client, item, "cut.webm", WEBM)
    url = page(item, "item-file", asset.public_id)

    whole = client.get(url)
    assert b"".join(whole.streaming_content) == WEBM
    assert whole["Content-Type"] == "video/webm"
    assert whole["Content-Disposition"].startswith("inline")
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole["Content-Security-Policy"]

    part = client.get(url, HTTP_RANGE="bytes=10-19")
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == WEBM[10:20]
    assert part["Content-Range"] == f"bytes 10-19/{len(WEBM)}"
    tail = client.get(url, HTTP_RANGE="bytes=-5")
    assert b"".join(tail.streaming_content) == WEBM[-5:]
    assert client.get(url, HTTP_RANGE=f"bytes={len(WEBM)}-").status_code == 416


def test_what_could_run_is_only_downloaded(client: Client, world: World, item: ContentItem) -> None:
    client.force_login(world.ben)
    asset = upload(client, item, "notes.txt", b"plain words")

    response = client.get(page(item, "item-file", asset.public_id))

    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    response.close()


def test_files_are_for_those_who_see_the_card(
    client: Client, world: World, item: ContentItem, everyone: dict[str, User]
) -> None:
    client.force_login(world.ben)
    asset = upload(client, item, "notes.txt", b"plain words")
    other = world.item("Another")

    url = page(item, "item-file", asset.public_id)
    assert [visit(client, everyone[name], url) for name in ALL_SIX] == [
        200, 200, 200, 200, 404, 404,
    ]  # fmt: skip
    client.force_login(world.ben)
    assert client.get(page(other, "item-file", asset.public_id)).status_code == 404


# What others did meanwhile


def test_news_brings_the_panels_that_changed_and_says_who(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ann)
    since = Event.objects.latest("seq").seq
    hooks.add(item, text="Ben's new one", by=world.ben, at=NOON)

    response = client.get(page(item, "item-news"), {"since": since}, **HTMX)

    text = response.content.decode()
    assert "Ben&#x27;s new one" in text
    assert 'id="script"' not in text
    told = json.loads(response["HX-Trigger"])["putki:others"]
    assert told == {"text": "Ben Laine changed this card.", "missed": []}

    busy = client.get(page(item, "item-news"), {"since": since, "busy": "hooks"}, **HTMX)
    assert 'id="hooks"' not in busy.content.decode()
    assert json.loads(busy["HX-Trigger"])["putki:others"]["missed"] == ["hooks"]


def test_ones_own_acts_are_no_news_by_others(
    client: Client, world: World, item: ContentItem
) -> None:
    client.force_login(world.ben)
    since = Event.objects.latest("seq").seq
    hooks.add(item, text="Mine", by=world.ben, at=NOON)

    response = client.get(page(item, "item-news"), {"since": since}, **HTMX)

    assert "HX-Trigger" not in response
    assert client.get(page(item, "item-news"), {"since": "x" * 50}, **HTMX).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_comments(
    client: Client, world: World, item: ContentItem, django_assert_max_num_queries
) -> None:
    client.force_login(world.ben)
    for number in range(30):
        comments.add(item, f"@Ann {number}", by=world.ben, at=NOON)

    with django_assert_max_num_queries(50):
        client.get(page(item))
