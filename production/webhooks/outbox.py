"""The reader of the log for each endpoint: it turns events into messages, each exactly once.

An endpoint keeps the number up to which it has read; messages and number are written in one
transaction, so a reader that dies has either done both or nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from production.models import Event, WebhookDelivery, WebhookEndpoint
from production.webhooks import messages

AT_ONCE = 200
# What is told of webhooks themselves has to be asked for by name, or each replay would tell itself.
ABOUT_WEBHOOKS = "webhook."


def behind() -> QuerySet[WebhookEndpoint]:
    """The endpoints whose workspace's log has grown since they read it."""
    return WebhookEndpoint.objects.filter(
        disabled_at=None, removed_at=None, seq__lt=F("workspace__last_seq")
    )


def fill(*, at: datetime) -> int:
    """Write the messages of what is new, due at once, of each endpoint at most 200; how many.

    Two at once do the work once. Whether there is more, `behind` says.
    """
    there = list(behind().order_by("id").values_list("pk", flat=True))
    return sum(_fill_stretch(endpoint_id, at) for endpoint_id in there)


@transaction.atomic
def _fill_stretch(endpoint_id: int, at: datetime) -> int:
    held = behind().select_for_update(
        no_key=True, of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    endpoint = held.select_related("workspace").filter(pk=endpoint_id).first()
    if endpoint is None:
        return 0
    last = endpoint.workspace.last_seq
    news = list(
        Event.objects.after(endpoint.workspace_id, endpoint.seq)
        .filter(_asked_for(endpoint), seq__lte=last)
        .order_by("seq")[:AT_ONCE]
    )
    briefs = messages.Briefs(endpoint.workspace, news)
    WebhookDelivery.objects.bulk_create(
        messages.of_event(endpoint, event, briefs, at=at) for event in news
    )
    endpoint.seq = news[-1].seq if len(news) == AT_ONCE else last
    endpoint.save(update_fields=["seq"])
    return len(news)


def _asked_for(endpoint: WebhookEndpoint) -> Q:
    if endpoint.types:
        return Q(type__in=endpoint.types)
    return ~Q(type__startswith=ABOUT_WEBHOOKS)
