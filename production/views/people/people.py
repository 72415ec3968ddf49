"""People and roles: who is here, who may do what, who is invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from production import invitations, members
from production.doors import seated
from production.errors import Invalid, Refused
from production.forms import show
from production.forms.people import InviteForm, RoleForm
from production.models import Invitation, Membership, Role
from production.permissions import Seat
from production.roles import WHAT
from production.sentences import say


@seated("people.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody in the workspace; owners find the invitations too."""
    return _page(request, seat, InviteForm())


@never_cache
@seated("people.change")
@require_POST
def invite(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Makes the link, mails it, and shows it this once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, form)
    try:
        invitation, token = invitations.invite(
            form.cleaned_data["email"], form.cleaned_data["role"], seat=seat, at=timezone.now()
        )
    except Invalid as invalid:
        show(form, invalid)
        return _page(request, seat, form)
    about = {
        "invitation": invitation,
        "link": request.build_absolute_uri(reverse("join", args=[token])),
        "sent": invitations.send(invitation, token),
    }
    return render(request, "production/people/invited.html", about)


@seated("people.change")
@require_POST
def revoke(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Close an invitation's link."""
    invitation = Invitation.objects.filter(workspace=seat.workspace, public_id=public_id).first()
    if invitation is None:
        raise Http404
    invitations.revoke(invitation, seat=seat, at=timezone.now())
    messages.info(request, _("The link for %(email)s is closed.") % {"email": invitation.email})
    return redirect("settings-people", seat.workspace.slug)


@seated("people.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Another role for a person."""
    membership = _membership(seat, public_id)
    form = RoleForm(
        request.POST or None,
        initial={"role": membership.role, "stage_kinds": membership.stage_kinds},
    )
    if request.method == "POST" and form.is_valid():
        try:
            members.change_role(
                membership,
                form.cleaned_data["role"],
                seat=seat,
                at=timezone.now(),
                stage_kinds=form.cleaned_data["stage_kinds"],
            )
        except Refused as refused:
            form.add_error("role", [say(refusal) for refusal in refused.refusals])
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-people", seat.workspace.slug)
    about = {"form": form, "membership": membership}
    return render(request, "production/people/member.html", about)


@seated("people.change")
@require_POST
def remove(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Take a person out of the workspace."""
    membership = _membership(seat, public_id)
    try:
        members.remove(membership, seat=seat, at=timezone.now())
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(request, say(refusal))
    else:
        messages.info(
            request, _("%(name)s is no longer in the workspace.") % {"name": membership.user}
        )
    return redirect("settings-people", seat.workspace.slug)


@seated("workspace.see")
def leave(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Asks, then leaves."""
    refusals: list[str] = []
    if request.method == "POST":
        try:
            members.leave(seat=seat, at=timezone.now())
        except Refused as refused:
            refusals = [say(refusal) for refusal in refused.refusals]
        else:
            messages.info(request, _("You have left %(name)s.") % {"name": seat.workspace.name})
            return redirect("home")
    return render(request, "production/people/leave.html", {"refusals": refusals})


def _membership(seat: Seat, public_id: str) -> Membership:
    membership = (
        Membership.objects.filter(workspace=seat.workspace, public_id=public_id, removed_at=None)
        .select_related("user")
        .first()
    )
    if membership is None:
        raise Http404
    return membership


def _page(request: HttpRequest, seat: Seat, form: InviteForm) -> HttpResponse:
    now, may_change = timezone.now(), seat.may("people.change")
    there = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    invited = Invitation.objects.filter(
        workspace=seat.workspace, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    return render(
        request,
        "production/people/people.html",
        {
            "form": form,
            "members": there.select_related("user").order_by("user__name", "id"),
            "invited": invited.order_by("created_at", "id") if may_change else [],
            "may_change": may_change,
            "roles": Role.choices,
            "what": WHAT,
        },
    )
