"""What becomes of a message, whatever the receiver does with it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest
from django.core import mail
from standardwebhooks import Webhook

from production import items
from production.models import Event, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.webhooks import claims, delivery, endpoints, messages, outbox
from production.webhooks.schedule import WAITS
from tests.people import NOON, World
from tests.production.webhooks.receiver import Receiver, drips, receiver, says, stays_silent

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def told_of(world: World, hook: Receiver, *types: str) -> tuple[WebhookEndpoint, str]:
    return endpoints.add(hook.url, seat=world.seat("ann"), at=NOON, types=types)


def send(at: datetime = NOON, **more: Any) -> Counter[str]:
    return delivery.run(lambda: at, **more)


def retitle(world: World, item: Any, title: str) -> None:
    items.edit(item, {"title": title}, by=world.ben, at=NOON)


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def test_what_happens_arrives_signed_and_once(world: World, hook: Receiver) -> None:
    endpoint, secret = told_of(world, hook, "item.created")
    item = world.item("Why most hooks fail")

    told = send()
    again = send()

    (got,) = hook.got
    assert (told, again) == (Counter(delivered=1), Counter())
    message = got.message
    assert list(message) == ["type", "timestamp", "data"]
    assert (message["type"], message["timestamp"]) == ("item.created", "2026-03-16T12:00:00.000Z")
    event = Event.objects.get(type="item.created")
    assert message["data"] | {"details": None} == {
        "id": event.public_id,
        "workspace": world.workspace.public_id,
        "subject": item.public_id,
        "subject_seq": 1,
        "actor": "Ben Laine",
        "source": "system",
        "item": {
            "id": item.public_id,
            "key": item.key,
            "title": "Why most hooks fail",
            "stage": {
                "id": item.stage.public_id, "kind": "idea", "name": item.stage.name,
            },
            "version": item.version,
            "url": message["data"]["item"]["url"],
        },
        "details": None,
    }  # fmt: skip
    assert message["data"]["item"]["url"].endswith(f"/w/studio-aalto/items/{item.key}/")
    assert got.headers["content-type"] == "application/json"
    row = only()
    assert (row.state, row.attempts, row.last_status, row.done_at) == ("delivered", 1, 200, NOON)
    assert secret not in json.dumps(list(WebhookEndpoint.objects.values()), default=str)
    assert endpoint.seq < event.seq


def test_the_signature_is_what_the_public_library_expects(world: World, hook: Receiver) -> None:
    now = datetime.now(tz=NOON.tzinfo)  # the library refuses what is older than five minutes
    _endpoint, secret = told_of(world, hook, "item.created")
    world.item()

    send(now)

    (got,) = hook.got
    assert Webhook(secret).verify(got.body, got.headers)["type"] == "item.created"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(secret).verify(got.body + b" ", got.headers)


def test_a_rotated_secret_signs_beside_the_former_one_for_a_day(
    world: World, hook: Receiver
) -> None:
    now = datetime.now(tz=NOON.tzinfo)
    ann = world.seat("ann")
    endpoint, old = endpoints.add(hook.url, seat=ann, at=now, types=["item.created"])
    new = endpoints.rotate(endpoint, seat=ann, at=now - timedelta(hours=23))
    world.item()
    send(now)
    endpoints.rotate(endpoint, seat=ann, at=now - timedelta(hours=25))
    world.item()
    send(now)

    both, one = hook.got
    assert both.headers["webhook-signature"].count("v1,") == 2
    for secret in (old, new):
        assert Webhook(secret).verify(both.body, both.headers)
    assert one.headers["webhook-signature"].count("v1,") == 1


@pytest.mark.parametrize(
    ("mood", "status", "error"),
    [
        (says(500, "oops"), 500, ""),
        (says(404), 404, ""),
        (says(302, Location="http://127.0.0.1:1/"), 302, ""),
        (stays_silent(), None, "timeout"),
        (drips("HTTP/1.1 200 OK\r\nX-Slow: "), None, "timeout"),
        (lambda _got, connection: connection.sendall(b"SSH-2.0-x\r\n"), None, "not_http"),
        (lambda _got, _connection: None, None, "not_http"),
        (says(200, "", **{"X" * 30_000: "x"}), None, "not_http"),
    ],
)
def test_what_is_no_success_is_tried_again(
    world: World, hook: Receiver, mood: Any, status: int | None, error: str
) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = mood

    begun = monotonic()
    told = send(seconds=1)

    assert told == Counter(failed=1)
    assert monotonic() - begun < 5
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error, attempt.number) == (status, error, 1)
    row = only()
    assert (row.state, row.attempts, row.last_status) == ("pending", 1, status)
    assert NOON + 4 * SECOND <= row.next_at <= NOON + 6 * SECOND
    hook.mood = says(200)
    assert send(NOON + 3 * SECOND) == Counter()
    assert send(NOON + 6 * SECOND) == Counter(delivered=1)
    assert len({(got.id, got.body) for got in hook.got}) == 1


def test_a_redirect_is_not_followed(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created")
    world.item()
    with receiver() as inside:
        hook.mood = says(307, Location=inside.url)

        told = send()

        assert told == Counter(failed=1)
        assert inside.got == []


def test_a_success_whose_body_drips_is_a_success(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = drips("HTTP/1.1 200 OK\r\n\r\nthanks", every=0.01)

    told = send(seconds=10)

    assert told == Counter(delivered=1)
    attempt = WebhookAttempt.objects.get()
    assert attempt.excerpt.startswith("thanks")
    assert attempt.milliseconds < 5_000


def test_of_a_long_answer_four_kilobytes_are_kept(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = says(200, "ä\0" * 500_000)

    send()

    assert 1_000 < len(WebhookAttempt.objects.get().excerpt) <= 4_000


def test_nobody_listens(world: World) -> None:
    with receiver() as gone:
        told_of(world, gone, "item.created")
    world.item()

    assert send() == Counter(failed=1)
    assert WebhookAttempt.objects.get().error == "refused"


def test_a_receiver_that_is_down_for_six_hours_gets_it_once_afterwards(
    world: World, hook: Receiver
) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = says(503)
    at, until = NOON, NOON + 6 * HOUR
    while at < until:
        send(at)
        at = only().next_at
    refused = len(hook.got)
    hook.mood = says(200)

    while only().state == "pending":
        at = only().next_at
        send(at)
    send(at + HOUR)

    assert refused == 5  # at 0 s, 5 s, 5 min, 35 min and 2 h 35 min
    assert len(hook.got) == refused + 1
    assert len({(got.id, got.body) for got in hook.got}) == 1
    assert [each.status for each in WebhookAttempt.objects.order_by("number")] == [503] * 5 + [200]


def test_after_the_last_attempt_it_is_dead_and_the_queue_moves_on(
    world: World, hook: Receiver
) -> None:
    told_of(world, hook, "item.created", "item.edited")
    item = world.item()
    retitle(world, item, "Second")
    hook.mood = says(500)
    first, at, moments = WebhookDelivery.objects, NOON, []
    outbox.fill(at=NOON)
    head = first.order_by("id").first()
    while head.state == "pending":
        moments.append(at)
        assert send(at) in (Counter(failed=1), Counter(dead=1), Counter(failed=1, dead=1))
        head.refresh_from_db()
        at = head.next_at

    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert (head.state, head.attempts, len(moments)) == ("dead", 10, 10)
    for wait, planned in zip(waits, WAITS[1:], strict=True):
        assert planned * 0.8 <= wait <= planned * 1.2
    hook.mood = says(200)
    send(moments[-1] + HOUR)
    assert hook.got[-1].message["type"] == "item.edited"


def test_five_days_of_nothing_but_failures_stop_it_with_a_mail(
    world: World, hook: Receiver
) -> None:
    endpoint, _secret = told_of(world, hook, "item.created")
    hook.mood = says(500)
    world.item()
    send()
    world.item()
    send(NOON + timedelta(days=5) - SECOND)
    endpoint.refresh_from_db()
    before = endpoint.disabled_at
    world.item()
    send(NOON + timedelta(days=5))

    endpoint.refresh_from_db()
    assert before is None
    assert (endpoint.disabled_at, endpoint.disabled_reason) == (
        NOON + timedelta(days=5),
        "failing",
    )
    (letter,) = [each for each in mail.outbox if "stopped sending" in each.subject]
    assert letter.to == ["ann@aalto.example"]
    assert "127.0.0.1" in letter.subject
    assert f"/settings/webhooks/{endpoint.public_id}/" in letter.body
    event = Event.objects.latest("seq")
    assert (event.type, event.data["reason"]) == ("webhook.disabled", "failing")
    count = len(hook.got)
    send(NOON + timedelta(days=9))
    assert len(hook.got) == count


def test_the_letter_is_not_lost_while_the_mail_server_is_away(
    world: World, hook: Receiver, settings: Any
) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = says(410)
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    send()
    settings.EMAIL_BACKEND = works
    send(NOON + timedelta(minutes=5))
    too_early = len(mail.outbox)
    is_due = delivery.is_due(NOON + timedelta(minutes=11))
    send(NOON + timedelta(minutes=11))
    send(NOON + timedelta(minutes=30))

    assert (too_early, is_due) == (0, True)
    assert len(mail.outbox) == 1


def test_one_success_begins_the_five_days_anew(world: World, hook: Receiver) -> None:
    endpoint, _secret = told_of(world, hook, "item.created")
    world.item()
    hook.mood = says(500)
    send()
    hook.mood = says(200)
    send(NOON + timedelta(days=4))
    hook.mood = says(500)
    world.item()
    send(NOON + timedelta(days=6))

    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None
    assert endpoint.failing_since == NOON + timedelta(days=6)


def test_gone_stops_it_at_once_and_starting_it_again_sends_what_it_missed(
    world: World, hook: Receiver
) -> None:
    endpoint, _secret = told_of(world, hook, "item.created")
    first = world.item("First")
    hook.mood = says(410)
    send()
    endpoint.refresh_from_db()
    reason = endpoint.disabled_reason
    world.item("Second")
    send(NOON + HOUR)
    hook.mood = says(200)

    endpoints.enable(endpoint, seat=world.seat("ann"), at=NOON + 2 * HOUR)
    send(NOON + 2 * HOUR)

    assert reason == "gone"
    titles = [got.message["data"]["item"]["title"] for got in hook.got]
    assert (titles[0], sorted(titles[1:])) == ("First", ["First", "Second"])
    assert hook.got[0].message["data"]["subject"] == first.public_id


@pytest.mark.parametrize(
    ("answer", "least", "most"),
    [
        (says(429, Retry_After="7"), 7, 7),
        (says(429, Retry_After="86400"), 10, 10),  # twice the wait of five seconds
        (says(503, Retry_After="Mon, 16 Mar 2026 12:00:08 GMT"), 8, 8),
        (says(429, Retry_After="1"), 4, 6),
        (says(429, Retry_After="soon"), 4, 6),
        (says(500, Retry_After="9"), 4, 6),  # only those who are busy may ask for patience
    ],
)
def test_patience_is_granted_up_to_twice_the_wait(
    world: World, hook: Receiver, answer: Any, least: float, most: float
) -> None:
    told_of(world, hook, "item.created")
    world.item()
    hook.mood = answer

    send()

    assert NOON + least * SECOND <= only().next_at <= NOON + most * SECOND


def test_who_asks_for_a_break_gets_it_for_everything(world: World, hook: Receiver) -> None:
    endpoint, _secret = told_of(world, hook, "item.created")
    world.item("First")
    world.item("Second")
    outbox.fill(at=NOON)
    (claim,) = claims.take(endpoint.pk, 1, at=NOON)
    busy = delivery.Outcome(status=429, headers={"retry-after": "30"})

    delivery.settle(claim, busy, at=NOON)

    assert send(NOON + 9 * SECOND) == Counter()
    assert send(NOON + 30 * SECOND) == Counter(delivered=2)


def test_each_card_keeps_its_order_and_holds_up_no_other(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created", "item.edited")
    sick, well = world.item("Sick"), world.item("Well")
    for title in ("one", "two"):
        retitle(world, sick, f"Sick {title}")
        retitle(world, well, f"Well {title}")
        sick.refresh_from_db()
        well.refresh_from_db()

    def picky(got: Any, connection: Any) -> None:
        is_sick = got.message["data"]["subject"] == sick.public_id
        says(500 if is_sick else 200)(got, connection)

    hook.mood = picky
    send()
    numbers = {
        subject: [
            got.message["data"]["subject_seq"]
            for got in hook.got
            if got.message["data"]["subject"] == subject
        ]
        for subject in (sick.public_id, well.public_id)
    }
    hook.mood = says(200)
    send(NOON + HOUR)

    assert numbers == {sick.public_id: [1], well.public_id: [1, 2, 3]}
    later = [got.message["data"]["subject_seq"] for got in hook.got[4:]]
    assert later == [1, 2, 3]


def test_a_replay_repeats_id_and_bytes_and_says_so_in_the_log(world: World, hook: Receiver) -> None:
    endpoint, _secret = told_of(world, hook, "item.created")
    item = world.item("Before")
    send()
    retitle(world, item, "After")

    count = endpoints.replay(
        endpoint, WebhookDelivery.objects.all(), seat=world.seat("ann"), at=NOON + HOUR
    )
    told = send(NOON + HOUR)

    first, second = hook.got
    assert (count, told) == (1, Counter(delivered=1))
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    tries = list(WebhookAttempt.objects.order_by("number").values_list("number", "replay"))
    assert tries == [(1, False), (2, True)]


def test_a_worker_that_dies_leaves_the_message_to_the_next(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created")
    world.item()
    outbox.fill(at=NOON)
    (claim,) = claims.take(only().endpoint_id, 5, at=NOON)

    meanwhile = send(NOON + claims.HELD_FOR - SECOND)
    after = send(NOON + claims.HELD_FOR)

    assert (meanwhile, after) == (Counter(), Counter(delivered=1))
    tries = WebhookAttempt.objects.order_by("number").values_list("error", "status")
    assert list(tries) == [("interrupted", None), ("", 200)]
    late = delivery.settle(claim, delivery.Outcome(status=500), at=NOON + HOUR)
    assert (late, only().state) == ("lost", "delivered")


def test_a_message_that_kills_its_workers_is_given_up(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created", "item.edited")
    item = world.item()
    retitle(world, item, "After")
    outbox.fill(at=NOON)
    endpoint, at = WebhookDelivery.objects.first().endpoint_id, NOON
    for _time in range(10):
        assert len(claims.take(endpoint, 5, at=at)) == 1
        at += timedelta(days=2)

    told = send(at)

    states = list(WebhookDelivery.objects.order_by("id").values_list("state", "attempts"))
    assert states == [("dead", 10), ("delivered", 1)]
    assert told == Counter(delivered=1)


def test_a_long_text_does_not_make_a_long_message(world: World, hook: Receiver) -> None:
    told_of(world, hook, "item.created", "item.blocked")
    item = world.item("ä" * 200)
    items.block(item, reason="x" * 300, by=world.ben, at=NOON)

    send()

    assert len(hook.got) == 2
    assert all(len(got.body) < 20_000 for got in hook.got)


def test_an_event_with_a_mountain_of_data_keeps_its_ids(world: World, hook: Receiver) -> None:
    endpoint, _secret = told_of(world, hook)
    event = Event(
        workspace=world.workspace,
        seq=99,
        type="item.edited",
        subject="itm_x",
        subject_seq=1,
        occurred_at=NOON,
        data={f"field {number}": "x" * 250 for number in range(200)},
    )

    briefs = messages.Briefs(world.workspace, [event])
    body = messages.of_event(endpoint, event, briefs, at=NOON).body

    assert len(body) < 20_000
    assert json.loads(body)["data"]["details"] is None
    assert json.loads(body)["data"]["subject"] == "itm_x"


def test_everything_is_told_but_webhooks_themselves(world: World, hook: Receiver) -> None:
    endpoint, _secret = told_of(world, hook)
    endpoints.test(endpoint, seat=world.seat("ann"), at=NOON)
    world.item()

    send()

    assert sorted(hook.types) == ["item.created", "webhook.test"]


def test_strangers_events_are_not_told(world: World, strangers: World, hook: Receiver) -> None:
    told_of(world, hook)
    strangers.item("Theirs")
    mine = world.item("Mine")

    send()

    assert [got.message["data"]["subject"] for got in hook.got] == [mine.public_id]
