from datetime import timedelta

import pytest

from production import comments
from production.errors import Invalid, NotAllowed, Refused
from production.mentions import mentioned
from production.models import Assignment, Comment, Event, Notice, User
from tests.people import NOON, World

NAMES = ["Ann Koski", "Anna Salo", "Ben Laine", "Ben Niemi", "Åke Öhman"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Hi @ann, look", ["Ann Koski"]),
        ("@Ann Koski and @Ben L", ["Ann Koski", "Ben Laine"]),
        ("@ben", ["Ben Laine", "Ben Niemi"]),
        ("@Åke?", ["Åke Öhman"]),
        ("@åk", ["Åke Öhman"]),
        ("@an", []),  # Ann and Anna: nobody knows who
        ("mail ben@aalto.example", []),
        ("@nobody", []),
        ("@b", []),
        ("@Ann @ann", ["Ann Koski"]),
    ],
)
def test_who_is_meant(text: str, meant: list[str]) -> None:
    assert mentioned(text, NAMES) == meant


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("reason", flat=True))


def test_a_comment_is_stored_logged_and_tells_whom_it_mentions(world: World) -> None:
    item = world.item()

    comment = comments.add(item, "@Ann, shorter?", by=world.ben, at=NOON)

    assert (comment.author, comment.text, comment.created_at) == (world.ben, "@Ann, shorter?", NOON)
    event = Event.objects.get(type="comment.added")
    assert event.data == {"comment": comment.public_id, "mentions": [world.ann.public_id]}
    assert "shorter" not in str(event.data)
    assert told(world.ann) == ["mention"]
    assert told(world.vera) == []


def test_mentioning_oneself_tells_nobody(world: World) -> None:
    comments.add(world.item(), "note to @ben", by=world.ben, at=NOON)

    assert told(world.ben) == []


def test_otto_is_told_only_about_cards_that_are_his(world: World) -> None:
    item = world.item(stage="edit")

    comments.add(item, "@Otto, please", by=world.ben, at=NOON)
    assert told(world.otto) == []

    Assignment.objects.create(item=item, user=world.otto)
    comments.add(item, "@Otto, please", by=world.ben, at=NOON)
    assert told(world.otto) == ["mention"]


def test_a_stranger_is_never_mentioned(world: World, strangers: World) -> None:
    comments.add(world.item(), "@Eve, look", by=world.ben, at=NOON)

    assert told(strangers.eve) == []


@pytest.mark.parametrize("text", ["", "  \n", "a\x00", "x" * 10_001])
def test_an_unusable_comment_is_refused(world: World, text: str) -> None:
    with pytest.raises(Invalid):
        comments.add(world.item(), text, by=world.ben, at=NOON)

    assert not Comment.objects.exists()


def test_an_edit_tells_only_the_newly_mentioned(world: World) -> None:
    item = world.item()
    comment = comments.add(item, "@Ann?", by=world.ben, at=NOON)

    edited = comments.edit(comment, "@Ann and @Vera?", by=world.ben, at=NOON + timedelta(hours=1))

    assert edited.edited_at == NOON + timedelta(hours=1)
    assert (told(world.ann), told(world.vera)) == (["mention"], ["mention"])
    assert Event.objects.filter(type="comment.edited").count() == 1


def test_nobody_edits_somebody_elses_words_not_even_the_owner(world: World) -> None:
    comment = comments.add(world.item(), "mine", by=world.ben, at=NOON)

    with pytest.raises(NotAllowed):
        comments.edit(comment, "yours", by=world.ann, at=NOON)

    comment.refresh_from_db()
    assert comment.text == "mine"


def test_a_deleted_comment_leaves_a_tombstone_without_words(world: World) -> None:
    comment = comments.add(world.item(), "@Ann secret", by=world.ben, at=NOON)

    comments.delete(comment, seat=world.seat("ben"), at=NOON)

    comment.refresh_from_db()
    assert (comment.text, comment.deleted_at) == ("", NOON)
    assert comment.mentions.count() == 0
    assert Event.objects.filter(type="comment.deleted").count() == 1
    with pytest.raises(Refused):
        comments.edit(comment, "back", by=world.ben, at=NOON)
    comments.delete(comment, seat=world.seat("ben"), at=NOON)
    assert Event.objects.filter(type="comment.deleted").count() == 1


def test_the_owner_deletes_any_comment_and_vera_only_her_own(world: World) -> None:
    item = world.item()
    comment = comments.add(item, "one", by=world.ben, at=NOON)
    with pytest.raises(NotAllowed):
        comments.delete(comment, seat=world.seat("vera"), at=NOON)

    own = comments.add(item, "two", by=world.vera, at=NOON)
    comments.delete(own, seat=world.seat("vera"), at=NOON)
    comments.delete(comment, seat=world.seat("ann"), at=NOON)

    assert Comment.objects.filter(deleted_at=None).count() == 0
