"""One item as a guest sees it: what the public will see, and what it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from production import answered, digests, scripts
from production.guests import Standing, Visit
from production.itemview import sources
from production.itemview.sources import Source
from production.markdown import render
from production.models import Asset, Comment, Hook, Publication, TrackedLink


@dataclass(frozen=True, slots=True)
class Medium:
    """A file or a link that goes out, where the guest gets it, and what it shows."""

    asset: Asset
    url: str
    alt_text: str
    label: str

    @property
    def kind(self) -> str:
        """image, video, audio, or other: how a page shows it."""
        kind = self.asset.mime.partition("/")[0] if self.asset.file else ""
        return kind if kind in ("image", "video", "audio") else "other"


@dataclass(frozen=True, slots=True)
class Appearance:
    """One publication: its words, its link with the parameters of the campaign, its own files."""

    publication: Publication
    link: TrackedLink | None
    media: tuple[Medium, ...]


class GuestPage:
    """Reads what the page shows, once; nothing but the one item."""

    def __init__(self, visit: Visit, secret: str, now: datetime) -> None:
        self.visit, self.secret, self.now = visit, secret, now
        self.item, self.guest, self.asked = visit.item, visit.guest, visit.asked

    @property
    def is_changing(self) -> bool:
        return self.visit.standing == Standing.CHANGING

    @cached_property
    def appearances(self) -> list[Appearance]:
        rows = Publication.objects.filter(item=self.item).exclude(state__in=digests.GONE)
        rows = rows.select_related("channel").prefetch_related("links", "media__asset")
        return [
            Appearance(each, next(iter(each.links.all()), None), tuple(self._own(each)))
            for each in rows.order_by("publish_at", "id")
        ]

    @cached_property
    def media(self) -> list[Medium]:
        """The item's own files that the public gets."""
        roles = (Asset.Role.MAIN, Asset.Role.THUMBNAIL, Asset.Role.CAPTIONS)
        rows = Asset.objects.filter(item=self.item, role__in=roles).order_by("id")
        return [self._medium(each, each.alt_text, each.get_role_display()) for each in rows]

    def file(self, public_id: str) -> Asset | None:
        """The file with this id among those that are shown."""
        shown = [*self.media, *(each for one in self.appearances for each in one.media)]
        return next(
            (each.asset for each in shown if each.asset.public_id == public_id and each.asset.file),
            None,
        )

    @cached_property
    def opening(self) -> str:
        chosen = Hook.objects.filter(item=self.item, chosen=True).first()
        return chosen.text if chosen else ""

    @cached_property
    def script_html(self) -> str:
        return render(scripts.of(self.item).text, below=3)

    @property
    def sources(self) -> list[Source]:
        return sources.read(self.item.sources)

    @property
    def image_sources(self) -> list[Source]:
        return sources.read(self.item.image_sources)

    @property
    def ai_used_for(self) -> list[Source]:
        return sources.read(self.item.ai_used_for)

    @cached_property
    def since(self) -> answered.Since | None:
        return answered.since(self.item, by=self.guest)

    @cached_property
    def comments(self) -> list[Comment]:
        """What the guest has said here; nobody else's words."""
        rows = Comment.objects.filter(item=self.item, guest=self.guest, deleted_at=None)
        return list(rows.order_by("created_at", "id"))

    def _own(self, publication: Publication) -> list[Medium]:
        rows = sorted(publication.media.all(), key=lambda each: (each.position, each.pk))
        return [
            self._medium(each.asset, each.alt_text or each.asset.alt_text, each.get_role_display())
            for each in rows
        ]

    def _medium(self, asset: Asset, alt_text: str, label: Any) -> Medium:
        url = asset.url
        if asset.file:
            url = reverse("guest-file", args=[self.secret, asset.public_id])
        return Medium(asset, url, alt_text, str(label))
