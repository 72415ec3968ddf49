"""Where an invitation's link leads."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from production import accounts, invitations, origin
from production.doors import request_id
from production.errors import Refused


@never_cache
@sensitive_variables("token")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Says who invites to what; a signed-in person joins, a visitor signs in or up first."""
    now = timezone.now()
    invitation = invitations.find(token, now)
    if invitation is None:
        return render(request, "production/home/join_gone.html", status=410)
    if not request.user.is_authenticated:
        translation.activate(invitation.workspace.language)
        accounts.remember_invitation(request, request.path)
    elif request.method == "POST":
        try:
            with origin.coming_from(origin.PAGE, request_id(request)):
                joined = invitations.accept(token, by=request.user, at=now)
        except Refused:
            return render(request, "production/home/join_gone.html", status=410)
        return redirect("workspace", joined.workspace.slug)
    answer = render(request, "production/home/join.html", {"invitation": invitation})
    if not request.user.is_authenticated:
        # Sign-up goes on in the team's language, and so does the account until it is changed.
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            invitation.workspace.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return answer
