"""What the worker does. A job finds its work in the rows, so it may run twice or come late."""

from __future__ import annotations

from time import monotonic

import structlog
from celery import shared_task
from django.utils import timezone

from production import alerts, bands, clock, digestmail, doorbell, imports, stays
from production.models import Workspace
from production.publications import due
from production.purge import purge as purge_everything
from production.webhooks import delivery

log = structlog.get_logger("putki.tasks")

DIGESTS_TAKE = 60.0  # seconds after which the next minute goes on


@shared_task(name="production.sweep")
def sweep() -> None:
    """Whatever a lost wake-up would have done, every 30 seconds and after every commit."""
    if imports.is_waiting():
        doorbell.wake("apply_imports")
    if stays.behind():
        doorbell.wake("stays")
    if delivery.is_due(timezone.now()):
        doorbell.wake("webhooks")


@shared_task(name="production.apply_imports")
def apply_imports() -> None:
    """Bring in every file that was committed on a page or by the API."""
    imports.apply_waiting()


@shared_task(name="production.webhooks")
def send_webhooks() -> None:
    """Tell the endpoints what is new or due again, within seconds of every commit."""
    delivery.run(timezone.now)


@shared_task(name="production.stays")
def follow_stays() -> None:
    """Who stood where how long, within seconds of every move."""
    for workspace in stays.behind():
        stays.catch_up(workspace)


@shared_task(name="production.due")
def settle_what_is_due() -> None:
    """Claims that ran out, reports that stay away, retries that fall due; every five seconds."""
    due.sweep(clock.database_now())


@shared_task(name="production.bands")
def take_bands() -> None:
    """How old cards usually are in each stage, once a minute where something has happened."""
    for workspace in bands.behind():
        bands.catch_up(workspace)


@shared_task(name="production.alerts")
def raise_alerts() -> None:
    """Tell of cards that will miss the target or grow old in their stage, once a minute."""
    now = timezone.now()
    for workspace in list(Workspace.objects.order_by("id")):
        alerts.sweep(workspace, at=now)


@shared_task(name="production.digests")
def send_digests() -> None:
    """The daily e-mails whose hour has come, a few at a time."""
    digestmail.plan(timezone.now())
    until = monotonic() + DIGESTS_TAKE
    while digestmail.send_due(timezone.now()) and monotonic() < until:
        pass


@shared_task(name="production.purge")
def purge() -> None:
    """Take away what nobody will ask for any more, once a night."""
    log.info("purged", **purge_everything(at=timezone.now()))
