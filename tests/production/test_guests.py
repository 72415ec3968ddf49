"""Reviewers without an account: what their link opens, what they may do, what closes it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from production import (
    assets,
    comments,
    guests,
    items,
    notices,
    noticewords,
    publishing,
    reviews,
    signatures,
)
from production.errors import Invalid, NotAllowed, Refused
from production.models import (
    Comment,
    ContentItem,
    Event,
    GuestReviewer,
    Notice,
    Publication,
    Review,
    Workspace,
)
from tests.people import World

ALL = {"facts": True, "brand": True, "cta": True}


@pytest.fixture
def item(world: World) -> ContentItem:
    made = world.item("Why chairs matter", cta="Turn your chair", sources=["A study https://a.fi"])
    publishing.draft(
        made,
        by=world.ben,
        at=timezone.now(),
        caption="Chairs, by daylight",
        link_url="https://a.fi",
    )
    return made


@pytest.fixture
def counting(world: World) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(guests_count=True)


def invite(world: World, item: ContentItem, **wish: Any) -> tuple[GuestReviewer, str]:
    wish = {"name": "Nina Client", "email": "nina@client.example"} | wish
    return guests.invite(item, seat=world.seat("ben"), at=timezone.now(), **wish)


def visit(secret: str) -> guests.Visit:
    found = guests.find(secret, timezone.now())
    assert found is not None
    return found


def sign(secret: str) -> Review:
    seen = visit(secret)
    assert seen.asked is not None
    return guests.sign(seen, at=timezone.now(), digest=seen.asked.digest, **ALL)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refused.value.refusals]


def opened(client: Client, secret: str) -> Any:
    return client.get(f"/g/{secret}/")


def test_an_invitation_asks_keeps_only_the_hash_and_is_in_the_log(
    world: World, item: ContentItem
) -> None:
    guest, secret = invite(world, item)

    assert guest.request.state == "open"
    assert secret not in str(GuestReviewer.objects.values().get())
    event = Event.objects.get(type="review.guest_invited")
    assert (event.data["name"], event.data["guest"]) == ("Nina Client", guest.public_id)
    assert "nina@client" not in str(event.data) and secret not in str(event.data)


@pytest.mark.parametrize("name", ["vera", "kim", "otto"])
def test_only_makers_invite_and_revoke(world: World, item: ContentItem, name: str) -> None:
    guest, _secret = invite(world, item)
    before = Event.objects.count()

    with pytest.raises(NotAllowed):
        guests.invite(item, name="X", seat=world.seat(name), at=timezone.now())
    with pytest.raises(NotAllowed):
        guests.revoke(guest, seat=world.seat(name), at=timezone.now())

    assert Event.objects.count() == before


def test_a_stranger_revokes_nothing(world: World, strangers: World, item: ContentItem) -> None:
    guest, secret = invite(world, item)

    with pytest.raises(NotAllowed):
        guests.revoke(guest, seat=strangers.seat("eve"), at=timezone.now())

    assert visit(secret).is_open


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": "VERA@aalto.example"}, "email"),
        ({"email": "no address"}, "email"),
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "expires_at"),
        ({"expires_at": timezone.now() + timedelta(days=91)}, "expires_at"),
    ],
)
def test_what_cannot_be_invited(
    world: World, item: ContentItem, wish: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        invite(world, item, **wish)

    assert list(invalid.value.errors) == [field]
    assert not GuestReviewer.objects.exists()


def test_a_second_link_to_one_address_ends_the_first(world: World, item: ContentItem) -> None:
    first, old = invite(world, item)
    _second, new = invite(world, item, email="NINA@client.example")

    assert visit(old).standing == "revoked"
    assert visit(new).standing == "open"
    assert Event.objects.filter(type="review.guest_invited").last().data["replaces"] == [
        first.public_id
    ]


def test_a_guest_signs_and_counts_where_the_workspace_says_so(
    world: World, item: ContentItem, counting: None
) -> None:
    _guest, secret = invite(world, item)

    answer = sign(secret)

    item.refresh_from_db()
    item.workspace.refresh_from_db()
    assert (answer.reviewer, answer.guest_name) == (None, "Nina Client")
    assert signatures.on_item(item).complete
    assert signatures.on_publication(Publication.objects.get()).complete
    event = Event.objects.get(type="review.approved")
    assert (event.actor, event.actor_name, event.data["signatures"]) == (None, "Nina Client", 1)
    assert Notice.objects.get(user=world.ben).reason == "answered"
    assert visit(secret).standing == "answered"


def test_elsewhere_the_answer_is_kept_and_somebody_of_the_team_still_signs(
    world: World, item: ContentItem
) -> None:
    guest, secret = invite(world, item)
    sign(secret)

    item.refresh_from_db()
    assert not signatures.on_item(item).complete
    assert not signatures.on_publication(Publication.objects.get()).complete
    guest.request.refresh_from_db()
    assert guest.request.state == "open"
    reviews.sign(guest.request, by=world.vera, at=timezone.now(), **ALL)
    assert signatures.on_item(item).complete


def test_two_links_of_one_guest_are_one_signature(
    world: World, item: ContentItem, counting: None
) -> None:
    Workspace.objects.update(min_reviewers=2)
    _one, first = invite(world, item)
    sign(first)
    _two, second = invite(world, item)
    sign(second)

    item.refresh_from_db()
    item.workspace.refresh_from_db()
    assert (signatures.on_item(item).have, signatures.on_item(item).need) == (1, 2)


def test_any_later_edit_ends_it_and_a_new_request_opens_the_link_again(
    world: World, item: ContentItem, counting: None
) -> None:
    _guest, secret = invite(world, item)
    sign(secret)
    items.edit(item, {"cta": "Buy a lamp"}, by=world.ben, at=timezone.now())
    item.refresh_from_db()
    item.workspace.refresh_from_db()
    assert not signatures.on_item(item).complete

    reviews.request(item, by=world.ben, at=timezone.now())

    assert visit(secret).standing == "open"
    sign(secret)
    item.refresh_from_db()
    assert signatures.on_item(item).complete


def test_other_files_of_a_publication_end_a_signature_too(
    world: World, item: ContentItem, counting: None
) -> None:
    _guest, secret = invite(world, item)
    clip = assets.add_link(item, "https://a.fi/clip", by=world.ben, at=timezone.now(), role="raw")
    sign(secret)

    publishing.use_media(
        Publication.objects.get(), [{"asset": clip.public_id}], by=world.ben, at=timezone.now()
    )

    item.refresh_from_db()
    item.workspace.refresh_from_db()
    assert not signatures.on_item(item).complete
    assert reviews.request(item, by=world.ben, at=timezone.now()).state == "open"


def test_a_signature_on_other_content_than_shown_is_refused(
    world: World, item: ContentItem
) -> None:
    _guest, secret = invite(world, item)
    seen = visit(secret)
    items.edit(item, {"cta": "Buy a lamp"}, by=world.ben, at=timezone.now())

    with pytest.raises(Refused) as refused:
        guests.sign(seen, at=timezone.now(), digest=seen.asked.digest, **ALL)  # type: ignore[union-attr]

    assert codes(refused) == ["review_outdated"]
    assert not Review.objects.exists()


def test_not_all_three_is_no_signature_and_sending_back_needs_words(
    world: World, item: ContentItem
) -> None:
    _guest, secret = invite(world, item)
    seen = visit(secret)
    said = {"at": timezone.now(), "digest": seen.asked.digest}  # type: ignore[union-attr]

    with pytest.raises(Refused) as half:
        guests.sign(seen, **said, **(ALL | {"cta": False}))
    with pytest.raises(Refused) as wordless:
        guests.request_changes(seen, comment=" ", **said)

    assert codes(half) == ["needs_all_three"]
    assert codes(wordless) == ["needs_comment"]
    assert not Review.objects.exists()


def test_sent_back_with_words(world: World, item: ContentItem) -> None:
    guest, secret = invite(world, item)
    seen = visit(secret)

    guests.request_changes(seen, at=timezone.now(), digest=seen.asked.digest, comment="Too long")  # type: ignore[union-attr]

    guest.request.refresh_from_db()
    assert guest.request.state == "changes_requested"
    assert Event.objects.get(type="review.changes_requested").data["guest"] == guest.public_id
    assert Publication.objects.get().state == "draft"


def test_a_comment_of_a_guest_tells_who_asked_and_mentions_nobody(
    world: World, item: ContentItem
) -> None:
    _guest, secret = invite(world, item)

    guests.comment(visit(secret), "Lovely, @Vera Salo", at=timezone.now())

    said = Comment.objects.get()
    assert (said.author, said.author_name) == (None, "Nina Client")
    assert Notice.objects.get(user=world.ben).reason == "commented"
    assert not Notice.objects.filter(user=world.vera, reason="mention").exists()


def test_a_revoked_link_takes_no_answer(world: World, item: ContentItem) -> None:
    guest, secret = invite(world, item)
    seen = visit(secret)
    guests.revoke(guest, seat=world.seat("ann"), at=timezone.now())
    guests.revoke(guest, seat=world.seat("ann"), at=timezone.now())

    with pytest.raises(Refused) as refused:
        guests.comment(seen, "Too late", at=timezone.now())

    assert codes(refused) == ["guest_link_closed"]
    assert Event.objects.filter(type="review.guest_revoked").count() == 1


# -- the page --------------------------------------------------------------------------------


def test_the_page_shows_the_one_item_and_is_kept_from_others(
    world: World, item: ContentItem, client: Client
) -> None:
    other = world.item("A secret of the studio")
    comments.add(item, "Between us: the client is late", by=world.ann, at=timezone.now())
    _guest, secret = invite(world, item)

    answer = opened(client, secret)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Chairs, by daylight" in text
    assert re.search(r"https://a.fi\?utm_source=tiktok|https://a.fi\?utm_", text)
    assert "A study" in text and "Turn your chair" in text
    assert other.title not in text and "Between us" not in text and "/w/" not in text
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert GuestReviewer.objects.get().seen_at is not None


def test_signing_on_the_page_closes_it(world: World, item: ContentItem, client: Client) -> None:
    _guest, secret = invite(world, item)
    digest = visit(secret).asked.digest  # type: ignore[union-attr]
    ticks = dict.fromkeys(ALL, "1")

    half = client.post(f"/g/{secret}/", {"verdict": "sign", "digest": digest, "facts": "1"})
    done = client.post(f"/g/{secret}/", {"verdict": "sign", "digest": digest, **ticks})
    again = client.post(f"/g/{secret}/", {"verdict": "sign", "digest": digest, **ticks})

    assert half.status_code == 409 and "Tick facts" in half.content.decode()
    assert done.status_code == 302
    assert again.status_code == 410
    assert Review.objects.get().digest == digest


@pytest.mark.parametrize("closed", ["revoked", "expired", "answered", "withdrawn"])
def test_a_closed_link_says_so_and_nothing_else(
    world: World, item: ContentItem, client: Client, closed: str
) -> None:
    guest, secret = invite(world, item)
    if closed == "revoked":
        guests.revoke(guest, seat=world.seat("ben"), at=timezone.now())
    elif closed == "expired":
        GuestReviewer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif closed == "answered":
        sign(secret)
    else:
        reviews.withdraw(guest.request, by=world.ben, at=timezone.now())

    answer = opened(client, secret)

    words = {
        "revoked": "This link was withdrawn",
        "expired": "This link has expired",
        "answered": "You have signed it",
        "withdrawn": "Nothing waits for you here",
    }
    text = answer.content.decode()
    assert answer.status_code == 410
    assert words[closed] in text
    for leak in (item.title, "Chairs, by daylight", world.workspace.name, "Ben Laine"):
        assert leak not in text


def test_changed_content_is_not_shown_until_somebody_asks_again(
    world: World, item: ContentItem, client: Client
) -> None:
    _guest, secret = invite(world, item)
    items.edit(item, {"cta": "Half a thought"}, by=world.ben, at=timezone.now())

    text = opened(client, secret).content.decode()

    assert "being changed right now" in text
    assert "Half a thought" not in text and "Chairs, by daylight" not in text


@pytest.mark.parametrize("secret", ["x", "a" * 43, "../../w", "é" * 43])
def test_a_link_that_never_was_is_not_found(db: None, client: Client, secret: str) -> None:
    assert client.get(f"/g/{secret}/").status_code == 404


def test_a_file_is_served_only_while_it_is_shown(
    world: World, item: ContentItem, client: Client
) -> None:
    now = timezone.now()
    words = SimpleUploadedFile("words.txt", b"1 hello", "text/plain")
    raw = SimpleUploadedFile("raw.txt", b"not for guests", "text/plain")
    shown = assets.add_file(item, words, by=world.ben, at=now, role="main")
    hidden = assets.add_file(item, raw, by=world.ben, at=now, role="raw")
    guest, secret = invite(world, item)

    seen = client.get(f"/g/{secret}/files/{shown.public_id}/")
    assert b"".join(seen.streaming_content) == b"1 hello"
    assert client.get(f"/g/{secret}/files/{hidden.public_id}/").status_code == 404
    guests.revoke(guest, seat=world.seat("ben"), at=now)
    assert client.get(f"/g/{secret}/files/{shown.public_id}/").status_code == 410


def test_somebody_of_the_team_looks_and_does_not_answer(
    world: World, item: ContentItem, client: Client
) -> None:
    _guest, secret = invite(world, item)
    digest = visit(secret).asked.digest  # type: ignore[union-attr]
    client.force_login(world.ben)

    seen = opened(client, secret)
    sent = client.post(f"/g/{secret}/", {"verdict": "sign", "digest": digest, **ALL})

    assert "This is what Nina Client sees" in seen.content.decode()
    assert sent.status_code == 403
    assert not Review.objects.exists()
    assert GuestReviewer.objects.get().seen_at is None


def test_the_page_asks_the_database_a_bounded_number_of_times(
    world: World, item: ContentItem, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        publishing.draft(item, by=world.ben, at=timezone.now(), caption=f"Variant {number}")
    _guest, secret = invite(world, item)
    opened(client, secret)

    with django_assert_max_num_queries(16):
        opened(client, secret)


# -- the card --------------------------------------------------------------------------------


def test_the_link_is_shown_once_mailed_and_revoked_on_the_card(
    world: World, item: ContentItem, client: Client
) -> None:
    client.force_login(world.ben)
    address = f"/w/studio-aalto/items/{item.key}/review/guests/"

    made = client.post(
        address, {"name": "Nina Client", "email": "nina@client.example", "days": "7"}
    )
    link = re.search(r"http://[^<\s]+/g/[\w-]{43}/", made.content.decode())
    card = client.get(f"/w/studio-aalto/items/{item.key}/").content.decode()
    guest = GuestReviewer.objects.get()

    assert made.status_code == 200 and link
    assert mail.outbox[0].to == ["nina@client.example"] and link[0] in mail.outbox[0].body
    assert "Nina Client" in card and link[0] not in card and "not opened yet" in card
    client.post(f"{address}{guest.public_id}/revoke/")
    guest.refresh_from_db()
    assert guest.revoked_at is not None


def test_eve_finds_no_door_to_invite(
    world: World, strangers: World, item: ContentItem, client: Client
) -> None:
    guest, _secret = invite(world, item)
    client.force_login(strangers.eve)
    address = f"/w/studio-aalto/items/{item.key}/review/guests/"

    assert client.get(address).status_code == 404
    assert client.post(f"{address}{guest.public_id}/revoke/").status_code == 404
    guest.refresh_from_db()
    assert guest.revoked_at is None


def test_a_guest_of_another_card_is_not_revoked_here(
    world: World, item: ContentItem, client: Client
) -> None:
    guest, _secret = invite(world, item)
    other = world.item("Another")
    client.force_login(world.ben)

    answer = client.post(
        f"/w/studio-aalto/items/{other.key}/review/guests/{guest.public_id}/revoke/"
    )

    assert answer.status_code == 404


def test_the_page_of_a_reviewer_says_what_changed_since_they_answered(
    world: World, item: ContentItem, client: Client
) -> None:
    asked = reviews.request(item, by=world.ben, at=timezone.now())
    reviews.request_changes(asked, by=world.vera, at=timezone.now(), comment="Say which chair")
    shown = Publication.objects.get()
    publishing.change(shown, {"caption": "Chairs, by candlelight"}, by=world.ben, at=timezone.now())
    reviews.request(item, by=world.ben, at=timezone.now())
    client.force_login(world.vera)

    text = client.get(f"/w/studio-aalto/items/{item.key}/").content.decode()

    assert "1 change since your answer" in text
    assert "<del>daylight</del><ins>candlelight</ins>" in text


def test_a_notice_of_a_guests_comment_has_its_name(world: World, item: ContentItem) -> None:
    _guest, secret = invite(world, item)
    guests.comment(visit(secret), "Lovely", at=timezone.now())

    notice = Notice.objects.select_related("item", "event").get(user=world.ben)
    assert noticewords.say(notice) == "Nina Client commented: Why chairs matter"
    assert notices.read_all(world.ben, world.workspace.pk, at=timezone.now()) == 1
