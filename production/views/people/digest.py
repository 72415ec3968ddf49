"""When the daily e-mail of this workspace comes to oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from production import members
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.people import DigestForm
from production.models import Membership
from production.permissions import Seat


@seated("workspace.see")
def digest(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Never, on weekdays or every day; at which hour; and when it must be quiet."""
    own = Membership.objects.get(workspace=seat.workspace, user=seat.user, removed_at=None)
    form = DigestForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            members.set_digest(form.cleaned_data, seat=seat)
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-digest", seat.workspace.slug)
    about = {"form": form, "zone": timezone.get_current_timezone_name()}
    return render(request, "production/people/digest.html", about)
