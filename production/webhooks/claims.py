"""Which messages are to be sent now, and who sends them.

The head of each queue, one queue per endpoint and subject: what happened to one card arrives in
order, and a queue that is stuck holds up no other. A claim is written before anything is sent: it
counts the attempt and says when the next one is due, so a worker that dies costs one wait, and a
message that kills workers is given up like any other.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from production import faults
from production.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.sealing import Unreadable
from production.webhooks import endpoints, signing
from production.webhooks.schedule import WAITS, next_attempt

PENDING, DEAD = WebhookDelivery.State.PENDING, WebhookDelivery.State.DEAD
# Longer than a request may take; after it somebody else may try.
HELD_FOR = timedelta(seconds=40)
INTERRUPTED = "interrupted"
_random = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Claim:
    """One message that this worker, and nobody else, sends now."""

    delivery_id: int
    endpoint_id: int
    attempt_id: int
    made: int  # attempts since it was written or last replayed, this one included
    taken_until: datetime
    url: str
    headers: Mapping[str, str]
    body: bytes
    problem: str = ""  # why it cannot be sent at all


def due(at: datetime) -> QuerySet[WebhookDelivery]:
    """The heads of the queues whose time has come and that nobody works on."""
    earlier = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        subject=OuterRef("subject"),
        state=PENDING,
        pk__lt=OuterRef("pk"),
    )
    return WebhookDelivery.objects.filter(
        ~Exists(earlier) if not faults.is_on("no-webhook-order") else Q(),
        Q(taken_until=None) | Q(taken_until__lte=at),
        state=PENDING,
        next_at__lte=at,
        endpoint__disabled_at=None,
        endpoint__removed_at=None,
    )


def waiting_endpoints(at: datetime) -> list[tuple[int, bool, int]]:
    """Endpoints with something due: id, whether it has been failing, how many messages."""
    rows = due(at).values("endpoint", "endpoint__failing_since").annotate(count=Count("pk"))
    return [
        (row["endpoint"], row["endpoint__failing_since"] is not None, row["count"]) for row in rows
    ]


@transaction.atomic
def take(endpoint_id: int, room: int, *, at: datetime) -> list[Claim]:
    """Claim up to `room` messages of the endpoint; two workers never get the same one."""
    while True:
        rows = list(_held(endpoint_id, at)[:room])
        spent = [each for each in rows if each.attempts >= len(WAITS)]
        for delivery in spent:  # its last attempt never came back
            _give_up(delivery, at)
        if len(spent) < len(rows) or not spent:
            return [_take(each, at) for each in rows if each not in spent]


def _held(endpoint_id: int, at: datetime) -> QuerySet[WebhookDelivery]:
    held = due(at).select_for_update(
        of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    return held.filter(endpoint=endpoint_id).select_related("endpoint").order_by("next_at", "pk")


def _take(delivery: WebhookDelivery, at: datetime) -> Claim:
    tries = delivery.tries.count()
    attempt = WebhookAttempt.objects.create(
        delivery=delivery,
        number=tries + 1,
        at=at,
        error=INTERRUPTED,
        replay=tries > delivery.attempts,
    )
    delivery.attempts += 1
    delivery.taken_until = at + HELD_FOR
    delivery.next_at = next_attempt(delivery.attempts, at=at, draw=_random.random()) or at
    delivery.save(update_fields=["attempts", "taken_until", "next_at"])
    body = bytes(delivery.body)
    headers, problem = _headers(delivery.endpoint, delivery.message_id, body, at)
    return Claim(
        delivery_id=delivery.pk,
        endpoint_id=delivery.endpoint_id,
        attempt_id=attempt.pk,
        made=delivery.attempts,
        taken_until=delivery.taken_until,
        url=delivery.endpoint.url,
        headers=headers,
        body=body,
        problem=problem,
    )


def _headers(
    endpoint: WebhookEndpoint, message_id: str, body: bytes, at: datetime
) -> tuple[dict[str, str], str]:
    named = {
        "Content-Type": "application/json",
        "User-Agent": "Putki-Webhooks/1.0",
        "Accept": "*/*",
    }
    try:
        secrets = endpoints.secrets_of(endpoint, at=at)
    except Unreadable:
        return named, "secret_unreadable"
    return named | signing.headers(secrets, message_id, body, at=at), ""


def _give_up(delivery: WebhookDelivery, at: datetime) -> None:
    delivery.state, delivery.done_at, delivery.taken_until = DEAD, at, None
    delivery.save(update_fields=["state", "done_at", "taken_until"])
