from datetime import timedelta

import pytest

from production import scripts
from production.errors import Invalid, Stale
from production.models import ContentItem, Event, Script, ScriptVersion
from tests.people import NOON, World

MINUTE = timedelta(minutes=1)


def saved_events(item: ContentItem) -> list[Event]:
    return list(Event.objects.filter(type="script.saved", subject=item.public_id).order_by("seq"))


def test_the_first_text_is_kept_as_version_one_and_logged(world: World) -> None:
    item = world.item()

    saved = scripts.save(item, "Turn the chair.\r\n", version=0, by=world.ben, at=NOON)

    assert (saved.script.text, saved.script.version) == ("Turn the chair.\n", 1)
    [version] = scripts.versions(item)
    assert (version.number, version.text, version.by) == (1, "Turn the chair.\n", world.ben)
    [event] = saved_events(item)
    assert event.data == {"version": 1, "words": 3}
    assert event.actor == world.ben


def test_saving_again_within_ten_minutes_keeps_nothing_and_logs_nothing(world: World) -> None:
    item = world.item()
    scripts.save(item, "one", version=0, by=world.ben, at=NOON)

    saved = scripts.save(item, "one two", version=1, by=world.ben, at=NOON + 9 * MINUTE)

    assert saved.script.version == 2
    assert [v.number for v in scripts.versions(item)] == [1]
    assert len(saved_events(item)) == 1


def test_after_ten_minutes_what_stood_there_is_kept(world: World) -> None:
    item = world.item()
    scripts.save(item, "one", version=0, by=world.ben, at=NOON)
    scripts.save(item, "one two", version=1, by=world.ben, at=NOON + 9 * MINUTE)

    scripts.save(item, "one two three", version=2, by=world.ben, at=NOON + 11 * MINUTE)

    assert [(v.number, v.text) for v in scripts.versions(item)] == [(2, "one two"), (1, "one")]
    assert saved_events(item)[-1].data == {"version": 2, "words": 2}
    assert saved_events(item)[-1].occurred_at == NOON + 9 * MINUTE


def test_when_the_author_changes_the_words_of_the_first_are_kept_under_their_name(
    world: World,
) -> None:
    item = world.item()
    scripts.save(item, "Ben wrote", version=0, by=world.ben, at=NOON)
    scripts.save(item, "Ben wrote this", version=1, by=world.ben, at=NOON + MINUTE)

    scripts.save(item, "Ann cut it", version=2, by=world.ann, at=NOON + 2 * MINUTE)

    newest = scripts.versions(item)[0]
    assert (newest.text, newest.by) == ("Ben wrote this", world.ben)
    assert saved_events(item)[-1].actor == world.ben


def test_a_stale_text_is_refused_with_what_it_says_now_and_nothing_changes(world: World) -> None:
    item = world.item()
    scripts.save(item, "Ben's words", version=0, by=world.ben, at=NOON)
    before = Event.objects.count()

    with pytest.raises(Stale) as stale:
        scripts.save(item, "Ann's words", version=0, by=world.ann, at=NOON)

    assert stale.value.current == 1
    assert stale.value.values == {"text": "Ben's words"}
    assert Script.objects.get(item=item).text == "Ben's words"
    assert Event.objects.count() == before


def test_the_same_text_is_no_change_whatever_the_version(world: World) -> None:
    item = world.item()
    scripts.save(item, "same", version=0, by=world.ben, at=NOON)

    saved = scripts.save(item, "same", version=0, by=world.ann, at=NOON)

    assert not saved.changed
    assert saved.script.version == 1


@pytest.mark.parametrize("text", ["a\x00b", "x" * 200_001, "\ud800"])
def test_what_is_no_text_is_refused(world: World, text: str) -> None:
    item = world.item()

    with pytest.raises(Invalid) as invalid:
        scripts.save(item, text, version=0, by=world.ben, at=NOON)

    assert list(invalid.value.errors) == ["text"]
    assert not Script.objects.filter(item=item).exists()


def test_right_to_left_text_and_emoji_come_back_as_they_were(world: World) -> None:
    item = world.item()
    text = "שלום 👩🏽‍🎤 e\u0301"

    scripts.save(item, text, version=0, by=world.ben, at=NOON)

    assert Script.objects.get(item=item).text == text


def test_keeping_a_version_twice_keeps_it_once(world: World) -> None:
    item = world.item()
    scripts.save(item, "one", version=0, by=world.ben, at=NOON)
    scripts.save(item, "two", version=1, by=world.ben, at=NOON)

    first = scripts.keep(item, by=world.ben, at=NOON)
    again = scripts.keep(item, by=world.ben, at=NOON)

    assert first == again
    assert [v.text for v in scripts.versions(item)] == ["two", "one"]
    assert len(saved_events(item)) == 2


def test_restoring_keeps_what_stood_there_and_makes_a_new_version(world: World) -> None:
    item = world.item()
    scripts.save(item, "first", version=0, by=world.ben, at=NOON)
    scripts.save(item, "second", version=1, by=world.ben, at=NOON)

    saved = scripts.restore(item, 1, by=world.ann, at=NOON + MINUTE)

    assert saved.script.text == "first"
    assert saved.script.version == 3
    assert [(v.number, v.text) for v in scripts.versions(item)] == [
        (3, "first"),
        (2, "second"),
        (1, "first"),
    ]
    assert [event.data["version"] for event in saved_events(item)] == [1, 2, 3]


def test_a_version_that_never_was_cannot_be_restored(world: World) -> None:
    item = world.item()

    with pytest.raises(ScriptVersion.DoesNotExist):
        scripts.restore(item, 7, by=world.ann, at=NOON)


def test_a_save_makes_the_writer_the_last_editor_of_the_content(world: World) -> None:
    item = world.item()
    scripts.save(item, "one", version=0, by=world.ben, at=NOON)
    item.refresh_from_db()
    before = item.content_digest

    scripts.save(item, "two", version=1, by=world.ann, at=NOON)

    item.refresh_from_db()
    assert item.content_digest != before
    assert item.content_edited_by == world.ann


def test_two_versions_are_compared_word_by_word(world: World) -> None:
    item = world.item()
    scripts.save(item, "turn the chair", version=0, by=world.ben, at=NOON)
    scripts.save(item, "turn the lamp", version=1, by=world.ben, at=NOON)

    pieces = scripts.compare(item, 1)

    assert [(piece.op, piece.text) for piece in pieces] == [
        ("same", "turn the "),
        ("removed", "chair"),
        ("added", "lamp"),
    ]


def test_headings_are_not_spoken() -> None:
    assert scripts.words("## Hook (0:00)\nit's a re-run") == 6
    assert scripts.spoken_seconds("## Hook\n" + "word " * 150) == 60
    assert scripts.spoken_seconds("sana " * 110, "fi") == 60
