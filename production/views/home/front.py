"""The front door: what Putki is for visitors, one's last workspace for those who are in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_visitors_language

from production import accounts, workspaces
from production.doors import seated
from production.errors import Invalid
from production.forms import show
from production.forms.home import NewWorkspaceForm
from production.models import User, Workspace
from production.permissions import Seat


def home(request: HttpRequest) -> HttpResponse:
    """Visitors learn what this is; people go on where they were."""
    if not request.user.is_authenticated:
        return render(request, "production/home/front.html")
    mine = Workspace.objects.visible_to(request.user)
    last = mine.filter(slug=request.session.get("workspace", "")).first()
    workspace = last or mine.order_by("-memberships__joined_at", "-id").first()
    if workspace is None:
        return redirect("new-workspace")
    return redirect("workspace", workspace.slug)


@seated("workspace.see")
def workspace(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The workspace's own address leads to its board."""
    request.session["workspace"] = seat.workspace.slug
    return redirect("board", seat.workspace.slug)


@login_required
def new_workspace(request: HttpRequest) -> HttpResponse:
    """Begin a workspace."""
    user = User.objects.get(pk=request.user.pk)
    form = NewWorkspaceForm(
        request.POST or None,
        initial={"language": user.language, "time_zone": user.time_zone or "Europe/Helsinki"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = workspaces.create(**form.cleaned_data, by=user, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect("workspace", made.slug)
    is_first = not Workspace.objects.visible_to(user).exists()
    return render(
        request, "production/home/new_workspace.html", {"form": form, "is_first": is_first}
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Another language: kept with the person, or in the visitor's browser."""
    code = request.POST.get("language", "")
    if not request.user.is_authenticated or not translation.check_for_language(code):
        return set_visitors_language(request)
    accounts.change(request.user, {"language": code})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else "home")
