import pytest

from production import gates, hooks, items, notices, reviews, scripts, signatures
from production.errors import Invalid, Refused
from production.models import (
    ContentItem,
    Event,
    Gate,
    Notice,
    Review,
    ReviewRequest,
    User,
    Workspace,
)
from tests.people import NOON, World

ALL = {"facts": True, "brand": True, "cta": True}


@pytest.fixture
def item(world: World) -> ContentItem:
    made = world.item(stage="edit", cta="Turn your chair")
    scripts.save(made, "Light beats pixels.", version=0, by=world.ben, at=NOON)
    made.refresh_from_db()
    return made


@pytest.fixture
def asked(world: World, item: ContentItem) -> ReviewRequest:
    return reviews.request(item, by=world.ben, at=NOON, reviewer=world.vera, note="Price is new")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refused.value.refusals]


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("reason", flat=True))


def gate(world: World) -> Gate:
    return Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["publish"],
        label="Signed",
        check_kind="review",
    )


def test_a_request_holds_exactly_this_content_and_tells_the_reviewer(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    assert asked.state == "open"
    assert asked.digest == item.content_digest
    assert asked.content["script"] == "Light beats pixels."
    event = Event.objects.get(type="review.requested")
    assert event.data["reviewer"] == world.vera.public_id
    assert "Price" not in str(event.data)
    assert told(world.vera) == ["review"]


def test_without_a_reviewer_those_whose_role_it_is_are_told(
    world: World, item: ContentItem
) -> None:
    reviews.request(item, by=world.ben, at=NOON)

    assert told(world.vera) == ["review"]
    assert told(world.ann) == []


def test_vera_signs_all_three_and_the_gate_opens(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    signed = gate(world)
    assert not gates.lines(item, [signed])[0].state.met

    answer = reviews.sign(asked, by=world.vera, at=NOON, **ALL)

    asked.refresh_from_db()
    assert (asked.state, asked.closed_at) == ("approved", NOON)
    assert (answer.reviewer, answer.digest) == (world.vera, asked.digest)
    assert gates.lines(item, [signed])[0].state.met
    event = Event.objects.get(type="review.approved")
    assert (event.data["signatures"], event.data["needed"]) == (1, 1)
    assert told(world.ben) == ["answered"]


def test_a_later_edit_makes_the_signature_count_no_more(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    signed = gate(world)
    reviews.sign(asked, by=world.vera, at=NOON, **ALL)

    items.edit(item, {"cta": "Buy a lamp"}, by=world.ben, at=NOON)

    item.refresh_from_db()
    assert not gates.lines(item, [signed])[0].state.met
    assert not signatures.on_item(item).complete


def test_an_edit_that_nobody_will_see_leaves_the_signature(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    reviews.sign(asked, by=world.vera, at=NOON, **ALL)

    items.edit(item, {"description": "a note to ourselves"}, by=world.ben, at=NOON)

    item.refresh_from_db()
    assert signatures.on_item(item).complete


def test_the_last_editor_cannot_sign(world: World, item: ContentItem) -> None:
    asked = reviews.request(item, by=world.ann, at=NOON)
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.ben, at=NOON, **ALL)

    assert codes(refused) == ["own_edit"]
    assert not Review.objects.exists()
    assert Event.objects.count() == before


def test_the_last_editor_cannot_be_asked(world: World, item: ContentItem) -> None:
    with pytest.raises(Invalid) as invalid:
        reviews.request(item, by=world.ann, at=NOON, reviewer=world.ben)

    assert invalid.value.errors["reviewer"][0][0] == "last_editor"


@pytest.mark.parametrize("name", ["kim", "otto"])
def test_who_may_not_sign_cannot_be_asked(world: World, item: ContentItem, name: str) -> None:
    with pytest.raises(Invalid):
        reviews.request(item, by=world.ann, at=NOON, reviewer=world.seat(name).user)


def test_a_stranger_cannot_be_asked(world: World, strangers: World, item: ContentItem) -> None:
    with pytest.raises(Invalid):
        reviews.request(item, by=world.ann, at=NOON, reviewer=strangers.eve)


@pytest.mark.parametrize("missing", ["facts", "brand", "cta"])
def test_two_of_three_are_not_a_signature(world: World, asked: ReviewRequest, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, **(ALL | {missing: False}))

    assert codes(refused) == ["needs_all_three"]


def test_content_that_changed_since_the_request_is_not_signed(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    hook = hooks.add(item, text="Which one?", by=world.ben, at=NOON)
    hooks.choose(hook, reason="It holds", by=world.ben, at=NOON)

    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, **ALL)

    assert codes(refused) == ["review_outdated"]


def test_what_the_reviewer_saw_must_be_what_is_there(world: World, asked: ReviewRequest) -> None:
    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, digest="sha256:other", **ALL)

    assert codes(refused) == ["review_outdated"]


def test_every_reason_is_given_at_once(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    items.edit(item, {"cta": "Buy a lamp"}, by=world.vera, at=NOON)

    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, facts=True, brand=False, cta=True)

    assert codes(refused) == ["own_edit", "needs_all_three", "review_outdated"]


def test_two_signatures_where_two_are_needed(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    Workspace.objects.update(min_reviewers=2)

    reviews.sign(asked, by=world.vera, at=NOON, **ALL)
    asked.refresh_from_db()
    assert asked.state == "open"
    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, **ALL)
    assert codes(refused) == ["already_answered"]

    reviews.sign(asked, by=world.ann, at=NOON, **ALL)
    asked.refresh_from_db()
    assert asked.state == "approved"


def test_sending_back_needs_words_and_ends_the_request(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    with pytest.raises(Refused) as refused:
        reviews.request_changes(asked, by=world.vera, at=NOON, comment=" ")
    assert codes(refused) == ["needs_comment"]

    answer = reviews.request_changes(asked, by=world.vera, at=NOON, comment="The price is old")

    asked.refresh_from_db()
    assert asked.state == "changes_requested"
    assert answer.verdict == "changes_requested"
    event = Event.objects.get(type="review.changes_requested")
    assert "price" not in str(event.data)
    assert told(world.ben) == ["answered"]
    with pytest.raises(Refused) as refused:
        reviews.sign(asked, by=world.vera, at=NOON, **ALL)
    assert codes(refused) == ["review_closed"]


def test_a_withdrawn_request_is_closed(world: World, asked: ReviewRequest) -> None:
    reviews.withdraw(asked, by=world.ben, at=NOON)

    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    with pytest.raises(Refused):
        reviews.withdraw(asked, by=world.ben, at=NOON)


def test_asking_again_about_new_content_ends_the_old_request(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    same = reviews.request(item, by=world.ben, at=NOON, reviewer=world.vera)
    assert same == asked
    items.edit(item, {"cta": "Buy a lamp"}, by=world.ben, at=NOON)

    fresh = reviews.request(item, by=world.ben, at=NOON, reviewer=world.vera)

    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert fresh.digest != asked.digest
    assert ReviewRequest.objects.filter(item=item, state="open").get() == fresh


def test_what_is_signed_is_not_asked_about_again(
    world: World, item: ContentItem, asked: ReviewRequest
) -> None:
    reviews.sign(asked, by=world.vera, at=NOON, **ALL)

    with pytest.raises(Refused) as refused:
        reviews.request(item, by=world.ben, at=NOON)

    assert codes(refused) == ["already_signed"]


def test_the_inbox_is_read_in_one_go(world: World, asked: ReviewRequest) -> None:
    assert notices.read_all(world.vera, world.workspace.pk, at=NOON) == 1
