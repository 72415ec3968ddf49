"""How the workspace publishes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from production import workspaces
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.people import PublishingForm
from production.models import Workspace
from production.permissions import Seat


@seated("workspace.change")
def publishing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How many sign, and how long silence is no alarm."""
    # The form writes into its instance; the page around it shows what is stored.
    instance = Workspace.objects.get(pk=seat.workspace.pk)
    form = PublishingForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            workspaces.change(form.cleaned_data, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-publishing", seat.workspace.slug)
    return render(request, "production/people/publishing.html", {"form": form})
