"""A digest as an e-mail: text, and the same as HTML; with the one-click way out of RFC 8058."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from production.digestmail.compose import Digest
from production.digestmail.tokens import token_of
from production.models import DigestMail, Membership


def message(digest: Digest, row: DigestMail) -> EmailMultiAlternatives:
    """The mail of the row, in the active language and zone."""
    membership = row.membership
    slug = membership.workspace.slug
    off = unsubscribe_url(membership)
    subject = _subject(digest)
    about = {
        "digest": digest,
        "workspace": membership.workspace,
        "day": row.day,
        "base": settings.SITE_URL.rstrip("/"),
        "inbox_url": _whole(reverse("inbox", args=[slug])),
        "reviews_url": _whole(reverse("reviews", args=[slug])),
        "list_url": _whole(reverse("today" if digest.headline else "my-work", args=[slug])),
        "settings_url": _whole(reverse("settings-digest", args=[slug])),
        "unsubscribe_url": off,
        "subject": subject,
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("production/mail/digest.txt", about),
        to=[membership.user.email],
        headers={
            # The same for every attempt: a mail server that has it already may drop the second.
            "Message-ID": f"<{row.public_id}@{urlsplit(settings.SITE_URL).hostname or 'putki'}>",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-ID": f"<digest.{membership.workspace.public_id.lower()}.putki>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("production/mail/digest.html", about), "text/html")
    return mail


def unsubscribe_url(membership: Membership) -> str:
    """The whole address that ends the digests, without signing in."""
    return _whole(reverse("digest-off", args=[token_of(membership)]))


def _subject(digest: Digest) -> str:
    name = digest.seat.workspace.name
    count = digest.today.count
    if digest.headline is not None and count:
        text = ngettext(
            "%(name)s: %(count)s thing needs somebody today",
            "%(name)s: %(count)s things need somebody today",
            count,
        )
    elif count:
        text = ngettext(
            "%(name)s: %(count)s card of yours needs you today",
            "%(name)s: %(count)s cards of yours need you today",
            count,
        )
    elif digest.reviews:
        count = len(digest.reviews)
        text = ngettext(
            "%(name)s: %(count)s review waits for you",
            "%(name)s: %(count)s reviews wait for you",
            count,
        )
    else:
        text = gettext("%(name)s: what is new for you")
    return " ".join((text % {"name": name, "count": count}).split())


def _whole(path: str) -> str:
    return urljoin(settings.SITE_URL, path)
