"""Claims: one at a time, fenced, for a while; and what a late holder says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from production import clock, leases, publishing, reports
from production.errors import Invalid, Refused, Stale
from production.leases import Client, Wish
from production.models import Event, Gate, Lease, Notice, Publication, Report
from production.publications import due
from production.reports import Said
from tests.people import NOON, World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOMORROW = NOON + 30 * HOUR
N8N, POSTIZ = Client("n8n@studio", "run 7"), Client("postiz@studio")


def fresh(publication: Publication) -> Publication:
    return Publication.objects.select_related("item__workspace", "channel").get(pk=publication.pk)


def claim(world: World, publication: Publication, client: Client = N8N, at=NOON, **more) -> Lease:
    return leases.claim(publication, seat=world.seat("ben"), client=client, at=at, **more)


def report(world: World, lease: Lease, status: str, at=NOON, **said: Any) -> reports.Heard:
    said = {"report_id": status, "occurred_at": at} | said
    return reports.receive(
        lease, fence=lease.fence, said=Said(status, **said), seat=world.seat("ben"), at=at
    )


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusals[0].code


def test_who_claims_it_has_it_and_nobody_else(world: World) -> None:
    publication = world.publication()

    lease = claim(world, publication)

    assert (lease.fence, lease.expires_at) == (1, NOON + 15 * MINUTE)
    assert fresh(publication).state == "leased"
    with pytest.raises(Refused) as refused:
        claim(world, publication, POSTIZ)
    assert refused.value.refusals[0].params["holder"] == "n8n@studio"
    event = Event.objects.get(type="publication.leased")
    assert (event.data["lease"], event.data["fence"]) == (lease.public_id, 1)


def test_a_claim_names_the_version_it_means(world: World) -> None:
    publication = world.publication()

    with pytest.raises(Stale) as stale:
        claim(world, publication, version=publication.version - 1)

    assert stale.value.current == publication.version
    assert claim(world, publication, version=publication.version)


@pytest.mark.parametrize(
    ("state", "expected"), [("on_hold", "on_hold"), ("cancelled", "not_ready"),
                            ("published", "not_ready"), ("unconfirmed", "not_ready")],
)  # fmt: skip
def test_only_what_is_ready_can_be_claimed(world: World, state: str, expected: str) -> None:
    publication = world.publication()
    Publication.objects.update(state=state, published_at=NOON, hold_reason="Wait")

    with pytest.raises(Refused) as refused:
        claim(world, publication)

    assert code(refused) == expected


def test_what_is_not_ready_says_what_is_missing(world: World) -> None:
    with pytest.raises(Refused) as refused:
        claim(world, world.publication(state="draft"))

    assert code(refused) == "needs_review"


def test_a_claim_that_runs_out_is_ready_for_others(world: World) -> None:
    publication = world.publication()
    first = claim(world, publication, seconds=60)

    with pytest.raises(Refused):
        claim(world, publication, POSTIZ, at=NOON + 59 * timedelta(seconds=1))
    second = claim(world, publication, POSTIZ, at=NOON + MINUTE)

    assert (second.fence, Lease.objects.get(pk=first.pk).state) == (2, "expired")
    assert Event.objects.get(type="publication.released").data["reason"] == "expired"


def test_the_sweep_gives_back_what_ran_out(world: World) -> None:
    publication = world.publication()
    claim(world, publication, seconds=60)

    assert due.sweep(NOON + 30 * timedelta(seconds=1))["expired"] == 0
    assert due.sweep(NOON + MINUTE)["expired"] == 1
    assert due.sweep(NOON + MINUTE)["expired"] == 0
    assert fresh(publication).state == "ready"


def test_a_claim_can_be_held_longer_and_given_back(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication, seconds=60)

    longer = leases.extend(lease, at=NOON + 50 * timedelta(seconds=1), seconds=600)
    assert longer.expires_at == NOON + timedelta(seconds=650)
    leases.release(lease, at=NOON + 2 * MINUTE)

    assert fresh(publication).state == "ready"
    for verb in (leases.extend, leases.release):
        with pytest.raises(Refused) as refused:
            verb(lease, at=NOON + 3 * MINUTE)
        assert code(refused) == "lease_over"


@pytest.mark.parametrize("seconds", [0, 9, 3601])
def test_a_claim_lasts_neither_a_moment_nor_a_day(world: World, seconds: int) -> None:
    with pytest.raises(Invalid):
        claim(world, world.publication(), seconds=seconds)


def test_the_next_few_are_claimed_in_the_order_of_their_time(world: World) -> None:
    late, soon, last = (world.publication() for _ in range(3))
    for publication, hours in ((late, 40), (soon, 30), (last, 90)):
        Publication.objects.filter(pk=publication.pk).update(publish_at=NOON + hours * HOUR)
    wish = Wish(due_before=NOON + 80 * HOUR)

    got, skipped = leases.claim_next(
        wish, seat=world.seat("ben"), client=N8N, at=NOON, most=5, seconds=300
    )

    assert [lease.publication for lease in got] == [soon, late]
    assert skipped == []


def test_what_lacks_something_by_now_is_skipped_and_a_draft_again(world: World) -> None:
    publication = world.publication()
    Gate.objects.create(workspace=world.workspace, stage=world.stages["publish"], label="Rights")

    got, skipped = leases.claim_next(Wish(), seat=world.seat("ben"), client=N8N, at=NOON)

    assert got == []
    assert skipped[0].refusals[0].code == "gate_open"
    assert fresh(publication).state == "draft"


def test_scheduled_it_is_the_tools_for_good_and_then_out(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication, seconds=60)

    report(world, lease, "scheduled", tool_name="postiz", tool_ref="cm8")
    assert due.sweep(NOON + HOUR)["expired"] == 0
    report(world, lease, "publishing", at=TOMORROW)
    heard = report(
        world, lease, "published", at=TOMORROW, published_at=TOMORROW, external_id="179",
        permalink="https://www.instagram.com/reel/1/",
    )  # fmt: skip

    row = fresh(publication)
    assert (row.state, row.published_at, row.external_id) == ("published", TOMORROW, "179")
    assert (row.mode, row.tool_name, row.tool_ref) == ("automatic", "postiz", "cm8")
    assert row.item.published_at == TOMORROW
    assert (heard.stale, heard.warnings) == (False, [])


def test_the_same_report_twice_is_one(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)
    first = report(world, lease, "published", external_id="1")

    again = report(world, lease, "published", external_id="1")
    other = report(world, lease, "published", report_id="another", external_id="1")

    assert again.report == first.report
    assert other.warnings == ["already_published"]
    assert Event.objects.filter(type="publication.published").count() == 1


def test_a_number_from_an_earlier_claim_changes_nothing(world: World) -> None:
    publication = world.publication()
    first = claim(world, publication, seconds=60)
    claim(world, publication, POSTIZ, at=NOON + HOUR)
    before = Event.objects.count()

    heard = report(world, first, "scheduled", at=NOON + HOUR)

    assert (heard.stale, heard.report) == (True, None)
    assert Event.objects.count() == before
    assert not Report.objects.exists()


def test_but_that_it_did_happen_is_kept_and_the_second_holder_is_stopped(world: World) -> None:
    publication = world.publication()
    first = claim(world, publication, seconds=60)
    second = claim(world, publication, POSTIZ, at=NOON + HOUR)

    heard = report(world, first, "published", at=NOON + HOUR, external_id="1")

    assert heard.stale
    assert heard.report is not None and not heard.report.accepted
    assert fresh(publication).state == "unconfirmed"
    assert Notice.objects.filter(reason="alarm", user=world.ann).exists()
    assert report(world, second, "scheduled", at=NOON + HOUR).stale
    assert due.sweep(NOON + 100 * HOUR)["retried"] == 0
    assert fresh(publication).state == "unconfirmed"


def test_posted_by_both_is_said_aloud_and_counted_once(world: World) -> None:
    publication = world.publication()
    first = claim(world, publication, seconds=60)
    second = claim(world, publication, POSTIZ, at=NOON + HOUR)
    report(world, second, "published", at=NOON + HOUR, external_id="2")

    report(world, first, "published", at=NOON + HOUR, external_id="1")

    assert fresh(publication).external_id == "2"
    assert Event.objects.filter(type="publication.posted_twice").count() == 1
    assert Event.objects.filter(type="publication.published").count() == 1


def test_a_claim_that_ran_out_unnoticed_is_over_all_the_same(world: World) -> None:
    lease = claim(world, world.publication(), seconds=60)

    assert report(world, lease, "scheduled", at=NOON + HOUR).stale


def test_no_word_after_its_time_is_unconfirmed_and_never_ready(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)
    report(world, lease, "scheduled")
    confirm_by = publication.publish_at + HOUR

    assert due.sweep(confirm_by - MINUTE)["unconfirmed"] == 0
    assert due.sweep(confirm_by)["unconfirmed"] == 1
    assert due.sweep(confirm_by + 1000 * HOUR) == {
        "expired": 0, "unconfirmed": 0, "retried": 0, "overdue": 0,
    }  # fmt: skip
    assert fresh(publication).state == "unconfirmed"

    late = report(world, lease, "published", at=confirm_by + HOUR, published_at=confirm_by)
    assert (late.stale, fresh(publication).state) == (False, "published")


def test_while_it_is_being_published_silence_is_an_alarm_sooner(world: World) -> None:
    lease = claim(world, world.publication())
    report(world, lease, "publishing")

    assert due.sweep(NOON + 14 * MINUTE)["unconfirmed"] == 0
    assert due.sweep(NOON + 15 * MINUTE)["unconfirmed"] == 1


def test_an_unknown_outcome_is_never_a_failure(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)

    report(world, lease, "failed", outcome_known=False, retryable=True, reason={"code": "timeout"})

    assert fresh(publication).state == "unconfirmed"


def test_a_failure_worth_another_try_is_ready_again_in_time(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)

    report(
        world, lease, "failed", retryable=True, retry_after=NOON + HOUR,
        reason={"code": "rate_limited"},
    )  # fmt: skip

    assert (fresh(publication).state, fresh(publication).attempts) == ("failed", 1)
    assert due.sweep(NOON + 59 * MINUTE)["retried"] == 0
    assert due.sweep(NOON + HOUR)["retried"] == 1
    assert claim(world, publication, at=NOON + HOUR).fence == 2


def test_a_failure_for_good_waits_for_somebody(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)

    report(world, lease, "failed", reason={"code": "token_expired", "message": "Reconnect"})

    row = fresh(publication)
    assert (row.state, row.failure["code"]) == ("needs_attention", "token_expired")
    assert row.channel is not None and row.channel.disconnected_reason == "Reconnect"
    assert Event.objects.filter(type="channel.disconnected").count() == 1
    assert Notice.objects.filter(reason="alarm", user=world.ann).exists()


def test_what_went_out_in_another_version_is_out_and_said(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)
    publishing.change(publication, {"caption": "Corrected"}, by=world.ann, at=NOON)

    heard = report(world, lease, "published")

    assert heard.warnings == ["published_stale_version"]
    assert fresh(publication).reported_digest == publication.content_digest
    assert fresh(publication).state == "published"


def test_one_id_on_a_platform_is_one_publication(world: World) -> None:
    first, second = world.publication(), world.publication()
    report(world, claim(world, first), "published", external_id="1")
    lease = claim(world, second)

    with pytest.raises(Invalid):
        report(world, lease, "published", external_id="1")

    assert fresh(second).state == "leased"


def test_the_id_may_come_later(world: World) -> None:
    publication = world.publication()
    seat = world.seat("ben")
    with pytest.raises(Refused):
        reports.add_external(publication, external_id="1", permalink="", seat=seat, at=NOON)
    report(
        world, claim(world, publication), "published", external_id_pending=True,
        publish_handle="v_pub_url~1",
    )  # fmt: skip
    assert fresh(publication).external_id_pending

    reports.add_external(
        publication,
        external_id="75",
        permalink="https://tiktok.com/@a/video/75",
        seat=seat,
        at=NOON,
    )

    row = fresh(publication)
    assert (row.external_id, row.external_id_pending) == ("75", False)


def test_held_and_cancelled_end_the_claim(world: World) -> None:
    for verb in (
        lambda p: publishing.put_on_hold(p, reason="Wait", by=world.ann, at=NOON),
        lambda p: publishing.cancel(p, by=world.ann, at=NOON),
    ):
        publication = world.publication()
        lease = claim(world, publication)
        verb(publication)
        assert report(world, lease, "scheduled").stale


def test_posted_by_hand_ends_the_claim_and_is_a_report_too(world: World) -> None:
    publication = world.publication()
    lease = claim(world, publication)

    publishing.i_posted_it(publication.item, by=world.ben, at=NOON, publication=publication)

    assert Report.objects.get().body["mode"] == "manual"
    assert Lease.objects.get(pk=lease.pk).state == "ended"


def test_nobody_claimed_it_and_its_time_is_past(world: World) -> None:
    publication = world.publication()

    assert due.sweep(publication.publish_at + HOUR)["overdue"] == 1
    assert due.sweep(publication.publish_at + 2 * HOUR)["overdue"] == 0
    assert Event.objects.filter(type="publication.overdue").count() == 1


def test_the_clock_of_the_database_knows_the_time(world: World) -> None:
    first, second = clock.database_now(), clock.database_now()

    assert first <= second
    assert first.tzinfo is not None
