"""Settings → Export: the whole workspace, to take away."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from production import exports
from production.doors import seated
from production.permissions import Seat

_TYPES = {"json": "application/json", "zip": "application/zip", "csv": "text/csv; charset=utf-8"}


@seated("export.make")  # type: ignore[arg-type]  # a stream is a response too
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Says what each form holds; a POST makes the file, for the log notes it."""
    if request.method != "POST":
        return render(request, "production/imports/export.html")
    kind = request.POST.get("kind", "")
    if kind not in exports.FORMATS:
        return HttpResponseBadRequest()
    # Closed by the response, when it has been sent.
    file = tempfile.SpooledTemporaryFile(exports.IN_MEMORY)  # noqa: SIM115
    now = timezone.now()
    exports.make(kind, file, seat=seat, at=now)
    file.seek(0)
    name = exports.file_name(kind, seat.workspace, at=now)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_TYPES[kind])
