"""The one way to ready: signed by a second person, done, measured, tracked, and in its window."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from production import items, publishing, reviews, scripts
from production.errors import Invalid, Refused
from production.models import (
    Asset,
    Event,
    Gate,
    KpiDefinition,
    Publication,
    Review,
    TrackedLink,
    UtmTemplate,
    Window,
)
from tests.people import NOON, World

HOUR = timedelta(hours=1)


def fresh(publication: Publication) -> Publication:
    return Publication.objects.select_related("item__workspace", "channel").get(pk=publication.pk)


def codes(publication: Publication) -> list[str]:
    return [refusal.code for refusal in publishing.missing(fresh(publication))]


def sign(world: World, publication: Publication) -> None:
    asked = reviews.request(publication.item, by=world.ben, at=NOON)
    reviews.sign(asked, by=world.vera, at=NOON, facts=True, brand=True, cta=True)


def test_a_bare_draft_is_told_everything_it_lacks(world: World) -> None:
    draft = publishing.draft(world.item(), by=world.ben, at=NOON)

    with pytest.raises(Refused) as refused:
        publishing.mark_ready(draft, by=world.ben, at=NOON)

    assert [each.code for each in refused.value.refusals] == [
        *("needs_channel", "needs_content", "needs_primary_kpi", "needs_time", "needs_review"),
    ]
    assert fresh(draft).state == "draft"
    assert not Event.objects.filter(type="publication.ready").exists()


def test_signed_and_complete_it_is_ready_by_itself(world: World) -> None:
    draft = world.publication(state="draft")
    asked = reviews.request(draft.item, by=world.ben, at=NOON)
    assert fresh(draft).state == "in_review"

    reviews.sign(asked, by=world.vera, at=NOON, facts=True, brand=True, cta=True)

    assert fresh(draft).state == "ready"
    event = Event.objects.get(type="publication.ready")
    assert (event.data["publication"], event.data["digest"]) == (
        draft.public_id,
        fresh(draft).content_digest,
    )


def test_signed_but_not_complete_it_waits_and_somebody_says_so(world: World) -> None:
    draft = world.publication(state="draft")
    Publication.objects.update(publish_local="", publish_at=None)
    sign(world, draft)
    assert fresh(draft).state == "in_review"

    with pytest.raises(Refused) as refused:
        publishing.mark_ready(draft, by=world.ben, at=NOON)
    assert [each.code for each in refused.value.refusals] == ["needs_time"]

    Publication.objects.update(publish_local="2026-03-17T18:00", publish_at=NOON + 30 * HOUR)
    assert publishing.mark_ready(draft, by=world.ben, at=NOON).state == "ready"
    assert publishing.mark_ready(draft, by=world.ben, at=NOON).state == "ready"
    assert Event.objects.filter(type="publication.ready").count() == 1


def test_sent_back_it_is_a_draft_again(world: World) -> None:
    draft = world.publication(state="draft")
    asked = reviews.request(draft.item, by=world.ben, at=NOON)

    reviews.request_changes(asked, by=world.vera, at=NOON, comment="The number is wrong.")

    assert fresh(draft).state == "draft"


@pytest.mark.parametrize(
    "edit",
    [
        lambda w, p: items.edit(p.item, {"title": "Other"}, by=w.ann, at=NOON),
        lambda w, p: publishing.change(p, {"caption": "Other"}, by=w.ann, at=NOON),
        lambda w, p: publishing.change(p, {"hashtags": ["new"]}, by=w.ann, at=NOON),
        lambda w, p: scripts.save(p.item, "Other", version=0, by=w.ann, at=NOON),
        lambda w, p: publishing.use_media(p, [], by=w.ann, at=NOON) and publishing.change(
            p, {"first_comment": "Look"}, by=w.ann, at=NOON
        ),
    ],
)  # fmt: skip
def test_any_later_edit_invalidates(world: World, edit) -> None:
    publication = world.publication()
    before = publication.content_digest

    edit(world, publication)

    row = fresh(publication)
    assert row.state == "draft"
    assert row.content_digest != before
    assert row.version > publication.version
    assert "needs_review" in codes(row)


def test_an_edit_of_another_publication_leaves_this_one_ready(world: World) -> None:
    first = world.publication()
    second = publishing.draft(first.item, by=world.ben, at=NOON, caption="A re-run")
    publishing.change(second, {"caption": "A better re-run"}, by=world.ben, at=NOON)

    assert fresh(first).state == "ready"
    assert codes(first) == []
    assert "needs_review" in codes(second)


def test_what_a_tool_has_becomes_a_new_version_and_stays_with_it(world: World) -> None:
    publication = world.publication()
    Publication.objects.update(state="leased")

    items.edit(publication.item, {"title": "Other"}, by=world.ann, at=NOON)

    row = fresh(publication)
    assert (row.state, row.version) == ("leased", publication.version + 1)
    event = Event.objects.filter(type="publication.changed").latest("seq")
    assert event.data["changes"] == {
        "content_digest": [publication.content_digest, row.content_digest]
    }


def test_the_last_editor_does_not_count(world: World) -> None:
    publication = world.publication()
    item = publication.item
    items.edit(item, {"promise": "x"}, by=world.vera, at=NOON)
    items.edit(item, {"promise": ""}, by=world.vera, at=NOON)

    assert Review.objects.filter(reviewer=world.vera).exists()
    assert codes(publication) == ["needs_review"]


def test_an_open_gate_of_the_definition_of_done_is_named(world: World) -> None:
    gate = Gate.objects.create(
        workspace=world.workspace, stage=world.stages["publish"], label="Rights are clear"
    )
    publication = world.publication()

    assert publication.state == "in_review"
    (refusal,) = publishing.missing(publication)
    assert (refusal.code, refusal.params["gate_id"]) == ("gate_open", gate.public_id)


def test_the_gates_of_learning_are_not_asked_before_it_is_out(world: World) -> None:
    Gate.objects.create(
        workspace=world.workspace, stage=world.stages["learn"], label="Numbers are in"
    )

    assert world.publication().state == "ready"


def test_the_link_goes_out_tracked(world: World) -> None:
    UtmTemplate.objects.create(workspace=world.workspace, campaign="{year}Q{quarter} Launch")
    publication = world.publication(link_url="https://example.fi/opas?x=1#top", variant="B")

    link = TrackedLink.objects.get()
    assert publication.state == "ready"
    assert link.url == (
        "https://example.fi/opas?x=1&utm_source=tiktok&utm_medium=social"
        f"&utm_campaign=2026q1-launch&utm_content={publication.public_id}#top"
    )


def test_no_bare_link_becomes_ready(world: World) -> None:
    publication = world.publication(caption="Read https://example.fi/opas now")

    assert publication.state == "in_review"
    (refusal,) = publishing.missing(publication)
    assert refusal.params == {"url": "https://example.fi/opas"}


def test_outside_its_windows_it_needs_a_waiver(world: World) -> None:
    publication = world.publication(state="draft")
    Window.objects.create(
        workspace=world.workspace, channel=publication.channel, weekdays=[2],
        begins=time(7), ends=time(9), created_at=NOON,
    )  # fmt: skip
    sign(world, publication)
    assert codes(publication) == ["outside_window"]

    Publication.objects.update(waived_reason="The fair is that evening", waived_by=world.ann)
    assert codes(publication) == []


def test_inside_a_window_it_needs_none(world: World) -> None:
    publication = world.publication(state="draft")
    Window.objects.create(
        workspace=world.workspace, channel=publication.channel, weekdays=[2],
        begins=time(17), ends=time(19), created_at=NOON,
    )  # fmt: skip

    assert "outside_window" not in codes(publication)


def test_the_same_words_and_film_within_a_day_are_a_duplicate(world: World) -> None:
    first = world.publication()
    second = publishing.draft(first.item, by=world.ben, at=NOON, caption=first.caption)
    Publication.objects.filter(pk=second.pk).update(
        publish_local="2026-03-18T17:00", publish_at=first.publish_at + 23 * HOUR
    )

    assert "duplicate_content" in codes(second)
    publishing.change(second, {"allow_duplicate": True}, by=world.ben, at=NOON)
    assert "duplicate_content" not in codes(second)

    publishing.change(second, {"allow_duplicate": False}, by=world.ben, at=NOON)
    Publication.objects.filter(pk=second.pk).update(publish_at=first.publish_at + 25 * HOUR)
    assert "duplicate_content" not in codes(second)


def test_held_and_opened_again_it_is_ready_when_it_still_may_be(world: World) -> None:
    publication = world.publication()

    held = publishing.put_on_hold(publication, reason="Wait for the client", by=world.ben, at=NOON)
    assert (held.state, held.held_from) == ("on_hold", "ready")
    assert publishing.reopen(held, by=world.ben, at=NOON).state == "ready"

    publishing.put_on_hold(publication, reason="Again", by=world.ben, at=NOON)
    items.edit(publication.item, {"title": "Other"}, by=world.ann, at=NOON)
    assert publishing.reopen(publication, by=world.ben, at=NOON).state == "draft"


def test_a_hold_says_why(world: World) -> None:
    with pytest.raises(Invalid):
        publishing.put_on_hold(world.publication(), reason=" ", by=world.ben, at=NOON)


def test_what_is_cancelled_shows_nothing_and_can_be_opened_again(world: World) -> None:
    publication = world.publication()
    publishing.cancel(publication, by=world.ben, at=NOON, reason="Old news")

    with pytest.raises(Refused) as refused:
        publishing.change(publication, {"caption": "x"}, by=world.ben, at=NOON)
    assert refused.value.refusals[0].code == "publication_cancelled"
    assert publishing.reopen(publication, by=world.ben, at=NOON).state == "draft"


def test_only_a_person_with_evidence_ends_unconfirmed(world: World) -> None:
    publication = world.publication()
    Publication.objects.update(state="unconfirmed")

    with pytest.raises(Refused):
        publishing.mark_ready(publication, by=world.ben, at=NOON)
    with pytest.raises(Invalid):
        publishing.it_is_out(publication, by=world.ben, at=NOON + 48 * HOUR)
    with pytest.raises(Invalid):
        publishing.it_is_not_out(publication, evidence=" ", by=world.ben, at=NOON)

    back = publishing.it_is_not_out(
        publication, evidence="Not on the profile", by=world.ben, at=NOON
    )
    assert back.state == "ready"

    Publication.objects.update(state="unconfirmed")
    out = publishing.it_is_out(
        publication, evidence="Seen on the profile", by=world.ben, at=NOON + 48 * HOUR
    )
    assert (out.state, out.published_at) == ("published", publication.publish_at)
    assert fresh(publication).item.published_at == publication.publish_at


def test_tags_are_one_word_each_with_their_sign(world: World) -> None:
    publication = world.publication(state="draft", hashtags=["cta", "#Hook", "cta"], mentions=["a"])
    assert (publication.hashtags, publication.mentions) == (["#cta", "#Hook"], ["@a"])

    with pytest.raises(Invalid) as invalid:
        publishing.change(publication, {"hashtags": ["two words"]}, by=world.ben, at=NOON)
    assert list(invalid.value.errors) == ["hashtags"]


def test_the_files_that_go_out_are_the_items_own(world: World) -> None:
    publication = world.publication(state="draft")
    clip = Asset.objects.create(
        item=publication.item, name="Clip", url="https://cdn.example/1", role="main", added_at=NOON
    )
    before = publication.content_digest

    used = publishing.use_media(
        publication, [{"asset": clip.public_id, "alt_text": "A chair"}], by=world.ben, at=NOON
    )
    assert used.content_digest != before
    assert used.media.get().alt_text == "A chair"

    for uses in ([{"asset": "ast_none"}], [{"asset": clip.public_id}] * 2):
        with pytest.raises(Invalid):
            publishing.use_media(publication, uses, by=world.ben, at=NOON)
    assert publication.media.count() == 1
    assert KpiDefinition.objects.exists()
