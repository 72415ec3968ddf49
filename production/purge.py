"""What nobody will ask for any more: taken away each night, a little at a time. The log stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import Storage, default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from production import idempotency
from production.models import Asset, DigestMail, ImportRun, Invitation, Notice, WebhookDelivery
from production.webhooks import endpoints

INVITATIONS_FOR = timedelta(days=30)  # after they expired: who asks why the link is dead is told
NOTICES_FOR = timedelta(days=90)
DIGESTS_FOR = timedelta(days=90)
DELIVERIES_FOR = timedelta(days=30)
# A file is written before its row, so a young one may belong to an upload under way.
ORPHANS_FOR = timedelta(days=1)
AT_ONCE = 500


def purge(*, at: datetime) -> dict[str, int]:
    """Take away all of it; how many of each. Twice, or by two at once, is as good as once."""
    return {
        "answers": idempotency.forget(at=at),
        "invitations": _delete(
            Invitation.objects.filter(accepted_at=None, expires_at__lt=at - INVITATIONS_FOR)
        ),
        "notices": _delete(Notice.objects.filter(read_at__lt=at - NOTICES_FOR)),
        "digests": _delete(DigestMail.objects.filter(created_at__lt=at - DIGESTS_FOR)),
        "deliveries": _delete(
            WebhookDelivery.objects.exclude(done_at=None).filter(done_at__lt=at - DELIVERIES_FOR)
        ),
        "old secrets": endpoints.forget_old_secrets(at=at),
        "sessions": forget_sessions(),
        "files": delete_orphans(at=at),
    }


def forget_sessions() -> int:
    """Drop expired sessions, and the notes on where they came from."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    return _delete(UserSession.objects.filter(~Exists(alive)))


def delete_orphans(*, at: datetime, storage: Storage = default_storage) -> int:
    """Delete uploaded files that no row names and that are older than a day; how many."""
    gone = 0
    for folder, model in (("assets", Asset), ("imports", ImportRun)):
        for names in _in_batches(_files_below(folder, storage)):
            known = set(model.objects.filter(file__in=names).values_list("file", flat=True))
            for name in names:
                if name not in known and _is_older(name, storage, at - ORPHANS_FOR):
                    storage.delete(name)
                    gone += 1
    return gone


def _delete(rows: QuerySet) -> int:  # type: ignore[type-arg]
    """Delete in short transactions, leaving alone what somebody else holds."""
    gone = 0
    while taken := _delete_some(rows):
        gone += taken
    return gone


@transaction.atomic
def _delete_some(rows: QuerySet) -> int:  # type: ignore[type-arg]
    held = rows.order_by("pk").select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )
    keys = list(held.values_list("pk", flat=True)[:AT_ONCE])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


def _files_below(folder: str, storage: Storage) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from _files_below(f"{folder}/{name}", storage)


def _in_batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_older(name: str, storage: Storage, than: datetime) -> bool:
    try:
        return storage.get_modified_time(name) < than
    except FileNotFoundError:  # somebody else was quicker
        return False
