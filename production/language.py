"""Every page speaks the signed-in person's language and tells time in their zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PersonalLanguage:
    """Follows the person when there is one; visitors keep what their browser asks for.

    Stands behind the sign-in and inside `LocaleMiddleware`, which announces the language used.
    The pages of a workspace fall back to its zone for whoever has chosen none (`doors.seated`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        with timezone.override(request.user.time_zone or None):
            return self.get_response(request)
