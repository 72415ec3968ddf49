"""Sending what is due, and writing down what came of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import OperationalError, transaction

from production import events, faults
from production.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.webhooks import claims, client, letters, outbox
from production.webhooks.addresses import Resolver, look_up
from production.webhooks.claims import Claim
from production.webhooks.client import Outcome
from production.webhooks.schedule import (
    DISABLED_AFTER,
    GONE,
    SLOW_DOWN,
    next_attempt,
    read_retry_after,
)

log = structlog.get_logger("putki.webhooks")

AT_ONCE = 32  # requests that one worker has open
OF_ONE = 4  # of these to one endpoint
OF_FAILING = 12  # of these to endpoints that failed last time, one each: the others are not kept
TURN = 60.0  # seconds after which a run takes on nothing new
LOOK_AGAIN = 0.5
TRIES = 3
LONGEST_PAUSE = timedelta(minutes=1)
BY = "Putki"
GONE_REASON, FAILING_REASON = "gone", "failing"
_random = random.SystemRandom()

Clock = Callable[[], datetime]


def is_due(at: datetime) -> bool:
    """Whether there is anything to send, or to write down for sending."""
    return outbox.behind().exists() or claims.due(at).exists() or letters.due(at).exists()


def run(
    clock: Clock, *, resolver: Resolver = look_up, seconds: float = client.SECONDS
) -> Counter[str]:
    """Send everything that is due and whatever becomes due meanwhile; how many went which way.

    Slow receivers are waited for side by side. Ends when nothing is due any more, or after a
    minute with what is open then.
    """
    letters.send_due(clock())
    begun, told = monotonic(), Counter[str]()
    open_ones: dict[Future[Outcome], Claim] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            made = 0
            if monotonic() - begun < TURN:
                made = outbox.fill(at=clock())
                for claim in _take(open_ones.values(), at=clock()):
                    open_ones[pool.submit(_send, claim, resolver, seconds)] = claim
            if not open_ones and not made:
                return told
            done, _open = wait(open_ones, LOOK_AGAIN, FIRST_COMPLETED)
            for each in done:
                told[_settled(open_ones.pop(each), each.result(), clock)] += 1


def _take(open_ones: Iterable[Claim], *, at: datetime) -> list[Claim]:
    """As much as there is room for, so that no endpoint takes the room of another."""
    busy = Counter(claim.endpoint_id for claim in open_ones)
    waiting = claims.waiting_endpoints(at)
    failing = {endpoint for endpoint, is_failing, _count in waiting if is_failing}
    failing_open = sum(busy[endpoint] for endpoint in failing)
    taken: list[Claim] = []
    _random.shuffle(waiting)
    for endpoint, is_failing, _count in sorted(waiting, key=lambda each: each[1]):
        room = AT_ONCE - sum(busy.values()) - len(taken)
        most = min(1, OF_FAILING - failing_open) if is_failing else OF_ONE
        room = min(room, most - busy[endpoint])
        if room > 0:
            found = claims.take(endpoint, room, at=at)
            failing_open += len(found) if is_failing else 0
            taken += found
    return taken


def _send(claim: Claim, resolver: Resolver, seconds: float) -> Outcome:
    """The request alone; runs beside others and touches no row."""
    if claim.problem:
        return Outcome(error=claim.problem)
    try:
        outcome = client.post(
            claim.url,
            claim.headers,
            claim.body,
            allow_private=settings.WEBHOOK_ALLOW_PRIVATE,
            ports=tuple(settings.WEBHOOK_PORTS),
            resolver=resolver,
            seconds=seconds,
        )
    except Exception:  # nobody foresaw it: this message failed, the others go on
        log.exception("a request failed", delivery=claim.delivery_id)
        return Outcome(error="internal")
    faults.point("webhook-sent")
    return outcome


def _settled(claim: Claim, outcome: Outcome, clock: Clock) -> str:
    """As `settle`; a database that is busy for a moment must not make anything be sent twice."""
    for tries_left in reversed(range(TRIES)):
        try:
            return settle(claim, outcome, at=clock())
        except OperationalError:
            if not tries_left:
                raise
    raise AssertionError


def settle(claim: Claim, outcome: Outcome, *, at: datetime) -> str:
    """Write down what came of it: `delivered`, `failed`, `dead`, or `lost` to another worker."""
    with transaction.atomic():
        WebhookAttempt.objects.filter(pk=claim.attempt_id).update(
            status=outcome.status,
            error=outcome.error,
            excerpt=outcome.excerpt,
            milliseconds=outcome.milliseconds,
        )
        if outcome.status is not None and 200 <= outcome.status < 300:
            return _delivered(claim, outcome, at)
        word, is_stopped = _failed(claim, outcome, at)
    if is_stopped:
        letters.send_due(at)
    return word


def _delivered(claim: Claim, outcome: Outcome, at: datetime) -> str:
    endpoint = WebhookEndpoint.objects.filter(pk=claim.endpoint_id)
    endpoint.exclude(failing_since=None).update(failing_since=None)
    waiting = WebhookDelivery.objects.filter(pk=claim.delivery_id, state=claims.PENDING)
    is_first = waiting.update(
        state=WebhookDelivery.State.DELIVERED,
        last_status=outcome.status,
        taken_until=None,
        done_at=at,
    )
    return "delivered" if is_first else "lost"


def _failed(claim: Claim, outcome: Outcome, at: datetime) -> tuple[str, bool]:
    """What became of the message, and whether that was one failure too many."""
    # Held before its messages, as the verbs do.
    held = WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",))
    endpoint = held.select_related("workspace").get(pk=claim.endpoint_id)
    is_stopped = _note_failure(endpoint, outcome, at)
    patience = None
    if outcome.status in SLOW_DOWN:
        patience = read_retry_after(outcome.headers.get("retry-after"), at=at)
        _leave_alone(claim, patience, at)
    again = next_attempt(claim.made, at=at, draw=_random.random(), retry_after=patience)
    if outcome.status == GONE:
        again = again or at  # kept, in case somebody enables the endpoint again
    is_mine = WebhookDelivery.objects.filter(
        pk=claim.delivery_id, taken_until=claim.taken_until, state=claims.PENDING
    ).update(
        state=claims.PENDING if again else claims.DEAD,
        last_status=outcome.status,
        taken_until=None,
        next_at=again or at,
        done_at=None if again else at,
    )
    word = ("failed" if again else "dead") if is_mine else "lost"
    return word, is_stopped


def _leave_alone(claim: Claim, patience: timedelta | None, at: datetime) -> None:
    """Let the other messages wait too: it is the endpoint that asks for a break."""
    if patience:
        until = at + min(patience, LONGEST_PAUSE)
        others = WebhookDelivery.objects.filter(endpoint=claim.endpoint_id, state=claims.PENDING)
        others.filter(next_at__lt=until).exclude(pk=claim.delivery_id).update(next_at=until)


def _note_failure(endpoint: WebhookEndpoint, outcome: Outcome, at: datetime) -> bool:
    """Whether the endpoint is stopped by it."""
    if endpoint.failing_since is None:
        endpoint.failing_since = at
        endpoint.save(update_fields=["failing_since"])
    is_gone = outcome.status == GONE
    if endpoint.disabled_at or endpoint.removed_at:
        return False
    if not is_gone and at - endpoint.failing_since < DISABLED_AFTER:
        return False
    _disable(endpoint, GONE_REASON if is_gone else FAILING_REASON, at)
    return True


def _disable(endpoint: WebhookEndpoint, reason: str, at: datetime) -> None:
    endpoint.disabled_at, endpoint.disabled_reason, endpoint.letter_at = at, reason, at
    endpoint.version += 1
    endpoint.save(update_fields=["disabled_at", "disabled_reason", "letter_at", "version"])
    workspace = endpoint.workspace
    host = urlsplit(endpoint.url).hostname or ""
    events.record_many(
        [
            events.Line(
                "webhook.disabled",
                workspace.public_id,
                at,
                {"endpoint": endpoint.public_id, "host": host, "reason": reason},
                actor_name=BY,
            )
        ],
        workspace_id=workspace.pk,
    )
