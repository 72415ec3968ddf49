"""Sending what is due: never twice, again when the mail server says later.

A row is claimed, the mail written, the server reached; then the row is marked as handed over and
only after that the mail is given to the server. Whoever dies before the mark loses the claim and
the digest goes out later; whoever dies after it leaves a row that is not tried again, since the
server may have taken the mail: a digest may be lost in that moment, but never comes twice.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.translation import override

from production import faults
from production.digestmail import rows, rules
from production.digestmail.compose import digest_for
from production.digestmail.mail import message
from production.models import DigestMail, Membership

log = structlog.get_logger("putki.digest")

LAST_TEMPORARY = 499  # SMTP: 4xx may work later, 5xx never will (RFC 5321, 4.2.1)
UNCONFIRMED = "unconfirmed"
LOOK_AGAIN = timedelta(minutes=30)


class _Away(Exception):
    """The mail server cannot be reached at all."""


def send_due(now: datetime) -> int:
    """Send some of the digests that are due and not claimed; how many are settled for their day.

    Stops when the mail server cannot be reached: the others would only wait for it too.
    """
    settled = 0
    for row in rows.waiting(now):
        try:
            settled += _send(row, now)
        except _Away:
            break
    return settled


def _send(row: DigestMail, now: datetime) -> bool:
    membership = row.membership
    if membership.removed_at or membership.digest == Membership.Digest.OFF:
        _note(row, next_attempt_at=None)
        return False
    if rows.day_for(membership, now) != row.day:  # it has become quiet meanwhile
        _note(row, next_attempt_at=now + LOOK_AGAIN)
        return False
    if not rows.claim(row, now):
        return False
    faults.point("digest-claimed")
    with override(membership.user.language), timezone.override(rows.zone_of(membership)):
        digest = digest_for(membership, now)
        mail = None if digest.is_empty else message(digest, row)
    if mail is None:
        _note(row, empty=True, next_attempt_at=None)
        return True
    return _deliver(row, mail, now)


def _deliver(row: DigestMail, mail: EmailMultiAlternatives, now: datetime) -> bool:
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        _failed(row, error, now)
        raise _Away from error
    # From here on nobody may send it again, unless the server says that it did not take it.
    _note(row, next_attempt_at=None, error=UNCONFIRMED)
    try:
        server.send_messages([mail])
        faults.point("digest-given")
    except smtplib.SMTPException as error:
        return _refused(row, error, now)
    except OSError as error:
        log.warning("digest unconfirmed", digest=row.public_id, error=str(error))
        return False
    finally:
        _close(server)
    _note(row, sent_at=now, error="")
    return True


def _refused(row: DigestMail, error: smtplib.SMTPException, now: datetime) -> bool:
    codes = _codes(error)
    if not codes:  # the line broke: nobody knows
        log.warning("digest unconfirmed", digest=row.public_id, error=str(error))
        return False
    if max(codes) <= LAST_TEMPORARY:
        return _failed(row, error, now)
    _note(row, next_attempt_at=None, error=str(error)[:300])
    log.warning("digest refused", digest=row.public_id, error=str(error))
    return False


def _codes(error: smtplib.SMTPException) -> list[int]:
    """What the server answered, for each recipient; empty when it answered nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _failed(row: DigestMail, error: Exception, now: datetime) -> bool:
    """Try again later, a few times."""
    wait = rules.pause(row.attempts)
    _note(row, next_attempt_at=None if wait is None else now + wait, error=str(error)[:300])
    log.warning("digest not sent", digest=row.public_id, attempts=row.attempts, error=str(error))
    return False


def _note(row: DigestMail, **values: object) -> None:
    DigestMail.objects.filter(pk=row.pk).update(**values)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        pass
