"""A channel that no tool could publish to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from production import plan
from production.doors import seated, url_asked
from production.models import Channel
from production.permissions import Seat


@require_http_methods(["GET", "HEAD", "POST"])
@seated("channel.reconnect")
def reconnect(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Asks, and notes that a tool can publish there again."""
    rows = Channel.objects.filter(workspace=seat.workspace, public_id=public_id)
    channel = rows.first()
    if channel is None:
        raise Http404
    back = url_asked(request) or reverse("settings-channels", args=[seat.workspace.slug])
    if request.method != "POST":
        context = {"channel": channel, "back": back}
        return render(request, "production/plan/reconnect.html", context)
    plan.reconnect(channel, seat=seat, at=timezone.now())
    messages.success(request, _("%(name)s is connected.") % {"name": channel.name})
    return redirect(back)
