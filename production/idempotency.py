"""A request sent twice under one key has one effect, and both get the same answer.

The key, the effect and the answer are written in one transaction: a twin that comes meanwhile waits
on the unique key and then finds the answer, and a crash leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction

from production.models import IdempotencyRecord

KEPT_FOR = timedelta(hours=72)
# Answers that say nothing about what a second try would give.
_NOT_KEPT = frozenset({401, 403, 404, 409, 412, 429})
_KEY = re.compile(r"[ -~]{1,255}", re.ASCII)


class BadKey(Exception):
    """The key is empty, longer than 255 or not printable ASCII."""


class KeyReused(Exception):
    """The key came before, with another body."""


class InProgress(Exception):
    """The first request with this key has not ended."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what, under which key. `body` is the same for every spelling of one value."""

    workspace_id: int
    caller: str
    key: str
    method: str
    path: str
    body: bytes

    @property
    def scope(self) -> str:
        """At most 64 characters: one caller, one address."""
        place = hashlib.sha256(f"{self.caller} {self.method} {self.path}".encode())
        return place.hexdigest()

    @property
    def fingerprint(self) -> str:
        whole = b"\n".join([self.method.encode(), self.path.encode(), self.body])
        return hashlib.sha256(whole).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    stands: bool = False  # it says no, and what was done meanwhile is kept all the same


def is_kept(status: int) -> bool:
    """Whether a second request gets this answer again; the others are tried anew."""
    return status < 500 and status not in _NOT_KEPT


def once(call: Call, run: Callable[[], Answer], *, at: datetime) -> tuple[Answer, bool]:
    """What `run` answers, or what it answered the first time; and whether it is the latter.

    `run` raises for what is not kept: then nothing at all has happened. Raises BadKey, KeyReused,
    InProgress.
    """
    if not _KEY.fullmatch(call.key):
        raise BadKey
    with transaction.atomic():
        if not _is_first(call, at):
            return _known(call), True
        with transaction.atomic():
            answer = run()
            if answer.status >= 400 and not answer.stands:
                transaction.set_rollback(True)
        _mine(call).update(status=answer.status, headers=answer.headers, body=answer.body)
    return answer, False


def forget(*, at: datetime) -> int:
    """Drop the answers that nobody will ask for any more; how many there were."""
    dropped, _ = IdempotencyRecord.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return dropped


def _is_first(call: Call, at: datetime) -> bool:
    """Take the key. A concurrent twin waits here until the first one has committed."""
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "INSERT INTO production_idempotencyrecord "
                "(workspace_id, scope, key, fingerprint, status, headers, body, created_at) "
                "VALUES (%s, %s, %s, %s, 0, %s, '', %s) ON CONFLICT DO NOTHING",
                [call.workspace_id, call.scope, call.key, call.fingerprint, "{}", moment],
            )
        except OperationalError as error:
            raise InProgress from error
        return cursor.rowcount == 1


def _known(call: Call) -> Answer:
    record = _mine(call).first()
    if record is None or not record.status:
        raise InProgress
    if record.fingerprint != call.fingerprint:
        raise KeyReused
    return Answer(record.status, record.headers, record.body)


def _mine(call: Call):  # type: ignore[no-untyped-def]
    return IdempotencyRecord.objects.filter(
        workspace=call.workspace_id, scope=call.scope, key=call.key
    )
