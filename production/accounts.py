"""People and their accounts: what a person sets for themselves, and how they get in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from production.checks import check
from production.models import User

OWN = ("name", "language", "time_zone", "theme", "dense", "single_key_shortcuts")
_YEAR = 365 * 24 * 3600


def change(person: User, changes: Mapping[str, Any]) -> User:
    """Change what the person may set for themselves. Raises Invalid."""
    if unknown := set(changes) - set(OWN):
        raise ValueError(f"not to be changed: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        setattr(person, name, value)
    check(person, only=list(changes))
    person.save(update_fields=list(changes))
    return person


def keep_look(response: HttpResponse, person: User, *, secure: bool) -> HttpResponse:
    """Give the browser the person's theme, density and keys, so that the first paint has them."""
    look = {
        "putki_theme": "" if person.theme == User.Theme.AUTO else person.theme,
        "putki_density": "compact" if person.dense else "",
        "putki_keys": "" if person.single_key_shortcuts else "off",
    }
    for name, value in look.items():
        response.set_cookie(
            name, value, max_age=_YEAR if value else 0, secure=secure, samesite="Lax"
        )
    return response


class Adapter(DefaultAccountAdapter):
    """How allauth behaves here: back to the invitation, in one's own language."""

    def new_user(self, request: HttpRequest) -> User:
        user = super().new_user(request)
        user.language = (translation.get_language() or "en")[:2]
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return _waiting_invitation(request) or super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return _waiting_invitation(request) or super().get_signup_redirect_url(request)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        request = self.request
        if request.user.is_authenticated:
            return _waiting_invitation(request) or reverse("home")
        return super().get_email_verification_redirect_url(email_address)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links begin with the installation's own address, whatever host the visitor asked."""
        asked = self.request.get_host() if self.request else ""
        said = {
            name: f"{settings.SITE_URL}{value.partition(asked)[2]}"
            if asked and isinstance(value, str) and urlsplit(value).netloc == asked
            else value
            for name, value in context.items()
        }
        super().send_mail(template_prefix, email, said)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        return keep_look(response, user, secure=request.is_secure())


def remember_invitation(request: HttpRequest, url: str) -> None:
    """Where to go on once the visitor has signed in or signed up."""
    request.session["invitation"] = url


def _waiting_invitation(request: HttpRequest) -> str | None:
    url = request.session.pop("invitation", None)
    return url if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None) else None
