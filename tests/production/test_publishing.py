from datetime import datetime, timedelta

import pytest

from production import moves, publishing
from production.errors import Invalid, Refused, Stale
from production.models import ContentItem, Event, KpiDefinition, Publication
from production.replay import replay
from tests.people import NOON, World

HOUR = timedelta(hours=1)
ADDRESS = "https://www.tiktok.com/@aalto/video/7"


@pytest.fixture
def item(world: World) -> ContentItem:
    """A card that Ben has moved to Publish by the rules."""
    made = world.item(
        channel=world.workspace.channels.get(), primary_kpi=KpiDefinition.objects.get()
    )
    return moves.move(made, to=world.stages["publish"], seat=world.seat("ben"), at=NOON + HOUR).item


def fresh(item: ContentItem) -> ContentItem:
    return ContentItem.objects.get(pk=item.pk)


def assert_equal_to_replay(item: ContentItem) -> None:
    events = Event.objects.filter(workspace=item.workspace_id).order_by("seq").values()
    told = replay(events).items[item.public_id]
    row = fresh(item)
    for name in ("published_at", "last_published_at", "reopened_count", "rework_count"):
        assert getattr(told, name) == getattr(row, name), name


def post(world: World, item: ContentItem, at: datetime, **more: object) -> Publication:
    return publishing.i_posted_it(item, by=world.ben, at=at, **more)  # type: ignore[arg-type]


def test_i_posted_it_delivers_the_item_and_is_logged(world: World, item: ContentItem) -> None:
    publication = post(world, item, NOON + 2 * HOUR, permalink=ADDRESS)

    assert (publication.state, publication.channel) == ("published", item.channel)
    row = fresh(item)
    assert (row.published_at, row.last_published_at) == (NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert row.version == item.version + 1
    event = Event.objects.get(type="publication.published")
    assert event.data["permalink"] == ADDRESS
    assert event.data["mode"] == "manual"
    assert_equal_to_replay(item)


def test_it_may_be_said_later_and_lets_the_card_on(world: World, item: ContentItem) -> None:
    with pytest.raises(Refused):
        moves.move(item, to=world.stages["learn"], seat=world.seat("ben"), at=NOON + 5 * HOUR)

    post(world, item, NOON + 5 * HOUR, published_at=NOON + 2 * HOUR)
    moves.move(item, to=world.stages["learn"], seat=world.seat("ben"), at=NOON + 6 * HOUR)

    row = fresh(item)
    assert (row.published_at, row.learned_at) == (NOON + 2 * HOUR, NOON + 6 * HOUR)
    assert_equal_to_replay(item)


def test_a_second_appearance_keeps_the_first_delivery(world: World, item: ContentItem) -> None:
    post(world, item, NOON + 2 * HOUR)
    post(world, item, NOON + 50 * HOUR)

    row = fresh(item)
    assert (row.published_at, row.last_published_at) == (NOON + 2 * HOUR, NOON + 50 * HOUR)
    assert_equal_to_replay(item)


def test_the_open_draft_is_the_one_that_is_posted(world: World, item: ContentItem) -> None:
    draft = publishing.draft(item, by=world.ben, at=NOON + HOUR, title="4K", caption="Turn it")

    posted = post(world, item, NOON + 2 * HOUR)

    assert posted == draft
    assert Publication.objects.get() == draft


@pytest.mark.parametrize(
    ("published_at", "code"),
    [(NOON + 2 * HOUR + timedelta(minutes=6), "future"), (NOON - 2 * HOUR, "before_idea")],
)
def test_impossible_moments_are_refused(
    world: World, item: ContentItem, published_at: datetime, code: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        post(world, item, NOON + 2 * HOUR, published_at=published_at)

    assert invalid.value.errors["published_at"][0][0] == code
    assert not Publication.objects.exists()
    assert fresh(item).published_at is None


def test_a_clock_that_is_a_little_fast_is_forgiven(world: World, item: ContentItem) -> None:
    publication = post(
        world, item, NOON + 2 * HOUR, published_at=NOON + 2 * HOUR + timedelta(minutes=4)
    )

    assert publication.published_at == NOON + 2 * HOUR


@pytest.mark.parametrize("address", ["javascript:alert(1)", "tiktok.com/7", "https://", "x" * 501])
def test_only_web_addresses_are_addresses(world: World, item: ContentItem, address: str) -> None:
    with pytest.raises(Invalid) as invalid:
        post(world, item, NOON + 2 * HOUR, permalink=address)

    assert list(invalid.value.errors) == ["permalink"]


def test_one_address_is_one_publication(world: World, item: ContentItem) -> None:
    post(world, item, NOON + 2 * HOUR, permalink=ADDRESS)

    with pytest.raises(Invalid) as invalid:
        post(world, item, NOON + 3 * HOUR, permalink=ADDRESS)

    assert invalid.value.errors["permalink"][0][0] == "taken"
    assert Publication.objects.count() == 1
    assert fresh(item).last_published_at == NOON + 2 * HOUR


def test_the_address_of_what_is_out_can_be_corrected_and_nothing_else(
    world: World, item: ContentItem
) -> None:
    publication = post(world, item, NOON + 2 * HOUR)

    changed = publishing.change(
        publication, {"permalink": ADDRESS}, by=world.ben, at=NOON + 3 * HOUR
    )

    assert changed.permalink == ADDRESS
    assert Event.objects.get(type="publication.changed").data["changes"] == {
        "permalink": ["", ADDRESS]
    }
    with pytest.raises(Invalid):
        publishing.change(publication, {"caption": "Other"}, by=world.ben, at=NOON + 3 * HOUR)


def test_a_changed_draft_is_no_longer_ready_and_changes_the_content(
    world: World, item: ContentItem
) -> None:
    draft = ready = world.publication(item, caption="one")
    assert ready.state == "ready"
    before = fresh(item).content_digest

    changed = publishing.change(draft, {"caption": "two"}, by=world.ann, at=NOON)

    assert changed.state == "draft"
    assert fresh(item).content_digest != before
    assert fresh(item).content_edited_by == world.ann
    with pytest.raises(Stale) as stale:
        publishing.change(draft, {"caption": "x"}, by=world.ben, at=NOON, version=ready.version)
    assert stale.value.values == {"caption": "two"}


def test_a_slip_is_taken_back_within_half_a_minute(world: World, item: ContentItem) -> None:
    publication = post(world, item, NOON + 2 * HOUR)
    recorded = Event.objects.get(type="publication.published").recorded_at

    publishing.remove(publication, seat=world.seat("ben"), at=recorded + timedelta(seconds=20))

    assert fresh(item).published_at is None
    assert Event.objects.get(type="publication.removed").data["publication"]
    assert_equal_to_replay(item)


def test_later_only_an_owner_removes_it_and_says_why(world: World, item: ContentItem) -> None:
    first = post(world, item, NOON + 2 * HOUR)
    post(world, item, NOON + 4 * HOUR)
    recorded = Event.objects.filter(type="publication.published")[0].recorded_at
    later = recorded + timedelta(seconds=31)

    with pytest.raises(Refused) as refused:
        publishing.remove(first, seat=world.seat("ben"), at=later, reason="wrong")
    assert refused.value.refusals[0].code == "publication_is_out"
    with pytest.raises(Invalid):
        publishing.remove(first, seat=world.seat("ann"), at=later)

    publishing.remove(first, seat=world.seat("ann"), at=later, reason="Posted elsewhere")

    assert fresh(item).published_at == NOON + 4 * HOUR
    assert_equal_to_replay(item)


def test_without_any_record_the_board_tells_the_delivery_again(
    world: World, item: ContentItem
) -> None:
    publication = post(world, item, NOON + 2 * HOUR)
    moves.move(item, to=world.stages["learn"], seat=world.seat("ben"), at=NOON + 6 * HOUR)
    later = Event.objects.latest("seq").recorded_at + timedelta(minutes=1)

    publishing.remove(publication, seat=world.seat("ann"), at=later, reason="Never went out")

    assert fresh(item).published_at == NOON + 6 * HOUR
    assert_equal_to_replay(item)


def test_a_draft_goes_without_a_reason(world: World, item: ContentItem) -> None:
    draft = publishing.draft(item, by=world.ben, at=NOON, title="4K")

    publishing.remove(draft, seat=world.seat("ben"), at=NOON + 90 * HOUR)

    assert not Publication.objects.exists()
    assert_equal_to_replay(item)
