"""What is answered when an address asks for something that means nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from production.errors import Invalid


def not_understood(request: HttpRequest, invalid: Invalid) -> HttpResponse:
    """Every parameter at fault in words, and the way back to the page without any."""
    problems = [
        (name, sentence) for name, found in invalid.errors.items() for _code, sentence in found
    ]
    context = {"problems": problems, "plain_url": request.path}
    return render(request, "production/boards/not_understood.html", context, status=400)
