"""Learnings: what the cards taught, and where it was applied."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from playbook import learnings
from playbook.models import Learning, LearningUse
from production.doors import item_by_key, seated
from production.errors import Invalid
from production.models import ContentItem
from production.permissions import Seat

SHOWN = 100


class LearningForm(forms.Form):
    """A sentence and the card that taught it."""

    text = forms.CharField(label=gettext_lazy("What it taught"), max_length=500)
    card = forms.CharField(label=gettext_lazy("Key of the card"), max_length=20)


@require_safe
@seated("playbook.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The freshest hundred, and how many were applied in the last seven days."""
    return _page(request, seat, LearningForm())


def _page(
    request: HttpRequest, seat: Seat, form: LearningForm, *, status: int = 200
) -> HttpResponse:
    uses = LearningUse.objects.select_related("item__workspace").order_by("at", "pk")
    rows = Learning.objects.filter(workspace=seat.workspace).select_related("item__workspace")
    context = {
        "learnings": rows.prefetch_related(Prefetch("uses", uses)).order_by("-at", "-pk")[:SHOWN],
        "applied": learnings.applied_in_week(seat.workspace, until=timezone.now()),
        "form": form,
        "may_work": seat.may("playbook.propose"),
    }
    return render(request, "playbook/learnings.html", context, status=status)


@require_POST
@seated("playbook.propose")
def note(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write one down; what is refused stays in the form with the reason beside it."""
    form = LearningForm(request.POST)
    if form.is_valid():
        try:
            card = _card(seat, form.cleaned_data["card"])
            learnings.note(card, form.cleaned_data["text"], seat=seat, at=timezone.now())
        except Invalid as invalid:
            for field, reasons in invalid.errors.items():
                for _code, sentence in reasons:
                    form.add_error(field, sentence)
    if form.errors:
        return _page(request, seat, form, status=422)
    return redirect("learnings", seat.workspace.slug)


@require_POST
@seated("playbook.propose")
def apply(request: HttpRequest, seat: Seat, id: str) -> HttpResponse:
    """Carry it into another card."""
    row = get_object_or_404(Learning, workspace=seat.workspace, public_id=id)
    try:
        card = _card(seat, request.POST.get("card", ""))
        learnings.apply(row, card, seat=seat, at=timezone.now())
    except Invalid as invalid:
        _tell(request, invalid)
    return redirect("learnings", seat.workspace.slug)


def _card(seat: Seat, key: str) -> ContentItem:
    try:
        return item_by_key(seat, key.strip())
    except Http404:
        reason = _("There is no card with this key.")
        raise Invalid({"card": [("does_not_exist", reason)]}) from None


def _tell(request: HttpRequest, invalid: Invalid) -> None:
    for reasons in invalid.errors.values():
        for _code, sentence in reasons:
            messages.error(request, sentence)
