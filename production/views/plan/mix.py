"""The rules of the week's mix."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import mixrules
from production.doors import seated
from production.forms.windows import MixRuleForm
from production.models import MixRule
from production.permissions import Seat
from production.presets.plan import NEW_MESSAGE
from production.views.plan.asked import asked


@seated("plan.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What a week promises."""
    context = {
        "rules": MixRule.objects.filter(workspace=seat.workspace).order_by("id"),
        "may_change": seat.may("window.change"),
        "label": NEW_MESSAGE.in_(seat.workspace.language),
    }
    return render(request, "production/plan/mix.html", context)


@seated("window.change")
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One more rule."""
    form = MixRuleForm(request.POST or None)

    def do() -> None:
        mixrules.add(form.values, seat=seat, at=timezone.now())

    return _form(request, seat, form, do, title=_("Add a rule"), submit=_("Add"))


@seated("window.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Another least or most."""
    rule = _rule(seat, public_id)
    form = MixRuleForm(request.POST or None, instance=rule)

    def do() -> None:
        version = form.cleaned_data["version"]
        mixrules.change(rule, form.values, seat=seat, at=timezone.now(), version=version)

    return _form(request, seat, form, do, title=rule.get_counts_display(), submit=_("Save"))


@seated("window.change")
@require_POST
def remove(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Promise it no longer."""
    mixrules.remove(_rule(seat, public_id), seat=seat, at=timezone.now())
    return redirect(_list(seat))


@seated("window.change")
@require_POST
def usual(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the method promises, to begin with."""
    mixrules.add_usual(seat=seat, at=timezone.now())
    return redirect(_list(seat))


def _form(
    request: HttpRequest,
    seat: Seat,
    form: MixRuleForm,
    do: Callable[[], None],
    *,
    title: str,
    submit: str,
) -> HttpResponse:
    context = {"title": title, "submit": submit, "list_title": _("Mix of the week")}
    return asked(request, form, do, then=_list(seat), context=context)


def _rule(seat: Seat, public_id: str) -> MixRule:
    found = MixRule.objects.filter(workspace=seat.workspace, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _list(seat: Seat) -> str:
    return reverse("settings-mix", args=[seat.workspace.slug])
