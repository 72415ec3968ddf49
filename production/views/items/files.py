"""Files and links of a card: brought, described, removed, and served so that they do no harm."""

from __future__ import annotations

import re
from datetime import datetime
from typing import IO

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from production import assets
from production.assets import signed
from production.doors import item_by_key, seated
from production.errors import Invalid
from production.forms.items import AssetForm
from production.models import Asset, ContentItem
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("files", "gates", "review", "history")
_INLINE = {kind.mime for kind in assets.KINDS.values() if kind.inline}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@acting("asset.add", *_PANELS)
def add(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    """A file, or a link when there is none."""
    role = request.POST.get("role", Asset.Role.REFERENCE)
    alt_text = request.POST.get("alt_text", "")
    file = request.FILES.get("file")
    if file is not None:
        assets.add_file(item, file, by=seat.user, at=at, role=role, alt_text=alt_text)
    elif url := request.POST.get("url", "").strip():
        name = request.POST.get("name", "")
        assets.add_link(item, url, by=seat.user, at=at, name=name, role=role, alt_text=alt_text)
    else:
        raise Invalid({"file": [("required", gettext("Choose a file or paste a link."))]})


@require_http_methods(["GET", "HEAD", "POST"])
@seated("asset.add")
def describe(request: HttpRequest, seat: Seat, key: str, asset: str) -> HttpResponse:
    """Name, role, alternative text."""
    item = item_to_change(seat, key, "asset.add")
    found = part_of(Asset.objects.filter(item=item), asset)
    initial = {"name": found.name, "role": found.role, "alt_text": found.alt_text}
    form = AssetForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> None:
        assets.describe(found, form.cleaned_data, by=seat.user, at=timezone.now())

    return form_page(
        request,
        seat,
        item,
        form,
        title=gettext("Describe %(name)s") % {"name": found.name},
        submit=gettext("Save"),
        panels=_PANELS,
        save=save,
    )


@acting("asset.add", *_PANELS)
def remove(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, asset: str) -> None:
    assets.remove(part_of(Asset.objects.filter(item=item), asset), by=seat.user, at=at)


@require_safe
@seated("item.see")
def serve(request: HttpRequest, seat: Seat, key: str, asset: str) -> HttpResponseBase:
    """The file itself, to those who see the card.

    Pictures, sound and video may be shown in place; all else is downloaded, and nothing runs.
    """
    item = item_by_key(seat, key)
    return answer_with(request, part_of(Asset.objects.filter(item=item).exclude(file=""), asset))


@require_safe
def signed_file(request: HttpRequest, signed_id: str) -> HttpResponseBase:
    """The file under the address that a tool was given to post it; the signature is the key."""
    found = signed.asset_of(signed_id)
    if found is None:
        raise Http404
    return answer_with(request, found)


def answer_with(request: HttpRequest, found: Asset) -> HttpResponseBase:
    """The file of somebody who may have it; pictures, sound and video in place."""
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = _answer(request, file, found.bytes)
    inline = found.mime in _INLINE and "download" not in request.GET
    response["Content-Type"] = found.mime if inline else "application/octet-stream"
    disposition = content_disposition_header(not inline, found.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    response["ETag"] = f'"{found.sha256}"'
    response["Accept-Ranges"] = "bytes"
    return response


def _answer(request: HttpRequest, file: IO[bytes], size: int) -> HttpResponseBase:
    """The whole file, or the one range of it that a player asks for."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", ""):
        return FileResponse(file)
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = FileResponse(Stretch(file, start, end - start + 1), status=206)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


class Stretch:
    """A part of a file, read as if it were the whole."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()
