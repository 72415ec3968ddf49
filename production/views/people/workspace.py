"""Settings: the list of sections, and the workspace itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import workspaces
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.people import AddressForm, DeleteForm, WorkspaceForm
from production.models import Workspace
from production.permissions import OWNER, Seat
from production.sections import sections_of


@seated("people.see")
def settings(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The sections of the settings that the person may see."""
    return render(
        request,
        "production/people/settings.html",
        {"sections": sections_of(seat), "owner": seat.role == OWNER},
    )


@seated("workspace.change")
def workspace(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Name, language, zone, target and limits."""
    # The form writes into its instance; the page around it shows what is stored.
    instance = Workspace.objects.get(pk=seat.workspace.pk)
    form = WorkspaceForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            workspaces.change(form.cleaned_data, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-workspace", seat.workspace.slug)
    return _page(request, seat, form=form)


@seated("workspace.change")
@require_POST
def address(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Another address for the workspace."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            changed = workspaces.change_slug(
                form.cleaned_data["slug"], seat=seat, at=timezone.now()
            )
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(request, _("The workspace has a new address."))
            return redirect("settings-workspace", changed.slug)
    return _page(request, seat, address=form)


@seated("workspace.delete")
def delete(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Asks for the name, then takes the workspace away."""
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workspaces.delete(seat=seat, typed_name=form.cleaned_data["typed_name"])
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.success(
                request, _("%(name)s has been deleted.") % {"name": seat.workspace.name}
            )
            return redirect("home")
    return render(request, "production/people/delete_workspace.html", {"form": form})


def _page(
    request: HttpRequest,
    seat: Seat,
    *,
    form: WorkspaceForm | None = None,
    address: AddressForm | None = None,
) -> HttpResponse:
    fresh = Workspace.objects.get(pk=seat.workspace.pk)
    return render(
        request,
        "production/people/workspace.html",
        {
            "form": form or WorkspaceForm(instance=fresh),
            "address_form": address or AddressForm(initial={"slug": fresh.slug}),
        },
    )
