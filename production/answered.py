"""What has changed in an item's content since somebody last answered on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from production import contentdiff, digests
from production.models import (
    Asset,
    Channel,
    ContentItem,
    Event,
    GuestReviewer,
    PublicationMedia,
    Review,
    User,
)
from production.worddiff import Piece

LABELS = {
    "title": gettext_lazy("Title"),
    "hook": gettext_lazy("Opening"),
    "promise": gettext_lazy("Promise"),
    "script": gettext_lazy("Script"),
    "cta": gettext_lazy("Call to action"),
    "url": gettext_lazy("Address"),
    "channel": gettext_lazy("Channel"),
    "sources": gettext_lazy("Sources"),
    "image_sources": gettext_lazy("Sources of pictures"),
    "ai_used_for": gettext_lazy("What AI did"),
    "caption": gettext_lazy("Caption"),
    "hashtags": gettext_lazy("Hashtags"),
    "mentions": gettext_lazy("Mentions"),
    "first_comment": gettext_lazy("First comment"),
    "link": gettext_lazy("Link"),
    "settings": gettext_lazy("Settings of the platform"),
    "media": gettext_lazy("Files"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field in words: its pieces, or what came and what went by name."""

    label: str
    pieces: tuple[Piece, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """The answer that is compared with, whether it is the reader's own, and what differs since."""

    answer: Review
    is_own: bool
    lines: tuple[Line, ...]


def since(item: ContentItem, *, by: User | GuestReviewer | None = None) -> Since | None:
    """What differs since `by` last answered, or anybody where they never did.

    None where nobody has, or where the last answer was on exactly this content.
    """
    rows = Review.objects.filter(item=item).select_related("request", "reviewer", "guest")
    rows = rows.order_by("-at", "-id")
    own = rows.filter(_own(by)).first() if by is not None else None
    answer = own or rows.first()
    if answer is None or answer.digest == item.content_digest or not answer.request.content:
        return None
    found = contentdiff.changes(answer.request.content, digests.content_of(item))
    names = _Names(item)
    lines = tuple(names.line(each) for each in found)
    return Since(answer, own is not None, lines) if lines else None


def _own(by: User | GuestReviewer) -> Q:
    if isinstance(by, User):
        return Q(reviewer=by)
    same = Q(guest=by)
    return same | Q(guest__email=by.email) if by.email else same


class _Names:
    """Channels and files by name; files that are gone as the log remembers them."""

    def __init__(self, item: ContentItem) -> None:
        self.item = item

    def line(self, change: contentdiff.Change) -> Line:
        label = str(LABELS.get(change.field, change.field))
        if change.variant:
            label = _("%(field)s, variant %(variant)s") % {
                "field": label,
                "variant": change.variant,
            }
        name = self._channel if change.field == "channel" else self._file
        came, went = (tuple(name(each) for each in side) for side in (change.came, change.went))
        return Line(label, tuple(change.pieces), came, went)

    def _channel(self, public_id: str) -> str:
        rows = Channel.objects.filter(workspace=self.item.workspace_id, public_id=public_id)
        return rows.values_list("name", flat=True).first() or public_id

    def _file(self, medium: Mapping[str, Any]) -> str:
        """`clip.mp4 · 9f2c41d8`, or the address of a link; with its use and alternative text."""
        sha256, url = medium.get("sha256") or "", medium.get("url") or ""
        known = Asset.objects.filter(item=self.item, sha256=sha256, url=url)
        name = known.values_list("name", flat=True).first() or self._remembered(sha256)
        said = [name or urlsplit(url).hostname or "", sha256[:8] or url]
        role = dict(PublicationMedia.Role.choices)
        said += [str((dict(Asset.Role.choices) | role).get(str(medium.get("role")), ""))]
        if medium.get("alt"):
            said.append(f"“{medium['alt']}”")
        return " · ".join(each for each in said if each)

    def _remembered(self, sha256: str) -> str:
        if not sha256:
            return ""
        rows = Event.objects.filter(
            workspace=self.item.workspace_id,
            subject=self.item.public_id,
            type="asset.added",
            data__sha256=sha256,
        )
        added = rows.order_by("-seq").first()
        return str(added.data.get("name", "")) if added else ""
