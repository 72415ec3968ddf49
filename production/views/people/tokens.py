"""API tokens: make one, see it once, revoke it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from production import tokens
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.people import TokenForm
from production.models import ApiToken, Channel
from production.permissions import Seat


@never_cache
@sensitive_variables("plain")
@seated("token.own")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One's own keys, an owner's also everybody else's; a new one is shown this once."""
    is_owner = seat.may("token.all")
    in_use = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
    names = dict(in_use.order_by("role", "position", "id").values_list("public_id", "name"))
    offered = partial(TokenForm, is_owner=is_owner, channels=list(names.items()))
    form, plain = offered(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        now, days = timezone.now(), form.cleaned_data["days"]
        try:
            _token, plain = tokens.create(
                seat=seat,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                at=now,
                expires_at=now + timedelta(days=days) if days else None,
                channels=form.cleaned_data.get("channels", ()),
            )
        except Invalid as invalid:
            show(form, invalid)
        else:
            form = offered()
    there = ApiToken.objects.filter(workspace=seat.workspace).select_related("user")
    if not is_owner:
        there = there.filter(user=seat.user)
    return render(
        request,
        "production/people/tokens.html",
        {
            "form": form,
            "plain": plain,
            "tokens": _described(there.filter(revoked_at=None), seat),
            "revoked": there.exclude(revoked_at=None).order_by("-revoked_at", "-id")[:20],
            "now": timezone.now(),
        },
    )


def _described(rows: QuerySet[ApiToken], seat: Seat) -> list[tuple[ApiToken, list[str]]]:
    """The newest first, with the names of the channels that each is limited to."""
    every = Channel.objects.filter(workspace=seat.workspace)
    names = dict(every.values_list("public_id", "name"))
    return [
        (each, [names.get(channel, channel) for channel in each.channels])
        for each in rows.order_by("-created_at", "-id")
    ]


@seated("token.own")
@require_POST
def revoke(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """End a key."""
    mine = ApiToken.objects.filter(workspace=seat.workspace, public_id=public_id)
    if not seat.may("token.all"):
        mine = mine.filter(user=seat.user)
    token = mine.first()
    if token is None:
        raise Http404
    tokens.revoke(token, seat=seat, at=timezone.now())
    messages.info(request, _("%(name)s opens nothing any more.") % {"name": token.name})
    return redirect("settings-tokens", seat.workspace.slug)
