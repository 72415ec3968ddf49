"""How the workspace reckons its flow."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from production import flowsettings
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.flow import FlowForm
from production.models import Workspace
from production.permissions import Seat


@seated("flow.change")
def flow(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Clock, target, promise, calendar, and the stages in which cards only wait."""
    # The form writes into its instance; the page around it shows what is stored.
    instance = Workspace.objects.get(pk=seat.workspace.pk)
    stages = flowsettings.stages(seat)
    form = FlowForm(request.POST or None, instance=instance, stages=stages)
    if request.method == "POST" and form.is_valid():
        try:
            flowsettings.change(form.changes, waiting=form.waiting, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-flow", seat.workspace.slug)
    return render(request, "production/people/flow.html", {"form": form})
