"""What a visitor sees when a page broke: whether trying again helps, and never why it broke."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

TRY_AGAIN_AFTER = "5"


def broken(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, locked or full; 500 for everything else."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        body = loader.render_to_string("503.html")
        return HttpResponse(body, status=503, headers={"Retry-After": TRY_AGAIN_AFTER})
    return HttpResponse(loader.render_to_string("500.html"), status=500)
