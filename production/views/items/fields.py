"""Changing the fields of a card, group by group; different fields merge, the same one asks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import items
from production.doors import seated
from production.errors import Invalid, Stale
from production.forms import show
from production.forms.items import GROUPS, FieldsForm
from production.models import ContentItem, Event
from production.permissions import Seat
from production.views.items import answers
from production.views.items.answers import item_to_change

_OPERATION = {"outcome": "outcome.record"}
# The panel in which a group is shown, and those that a change of it may touch.
PANEL_OF = {"title": "head", "details": "details", "message": "hooks", "outcome": "outcome"}
_TOUCHED = {
    "title": ("head", "gates", "review", "derivatives", "history"),
    "details": ("details", "head", "gates", "review", "outcome", "derivatives", "history"),
    "message": ("hooks", "gates", "review", "derivatives", "history"),
    "outcome": ("outcome", "head", "gates", "history"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.see")
def edit(request: HttpRequest, seat: Seat, key: str, group: str) -> HttpResponse:
    """The form of a group of fields in the place of its panel, and saving it."""
    if group not in GROUPS:
        raise Http404
    item = item_to_change(seat, key, _OPERATION.get(group, "item.edit"))
    posted = request.POST if request.method == "POST" else None
    form = FieldsForm(posted, item=item, seat=seat, group=group)
    if not form.names:
        raise Http404
    if posted is None or not form.is_valid():
        return _show(request, seat, item, form, group, 200 if posted is None else 422)
    changes = form.changes()
    try:
        edited = items.edit(item, changes, by=seat.user, at=timezone.now(), base=form.seen)
    except Invalid as invalid:
        show(form, invalid)
        return _show(request, seat, item, form, group, 422)
    except Stale as stale:
        form.clash(stale.values, _last_editor(item))
        return _show(request, seat, item, form, group, 409)
    said = gettext("Saved.") if edited.event else ""
    undo = answers.undo_url(request, seat) if edited.event else ""
    return answers.changed(
        request, seat, key, _TOUCHED[group], said=said, undo=undo, anchor=PANEL_OF[group]
    )


def _show(
    request: HttpRequest, seat: Seat, item: ContentItem, form: FieldsForm, group: str, status: int
) -> HttpResponse:
    panel = PANEL_OF[group]
    context = {
        "item": item,
        "form": form,
        "group": group,
        "panel": panel,
        "wanted": request.GET.get("field", ""),
        "cancel_url": answers.item_url(seat, item, panel),
    }
    template = "production/items/edit.html"
    part = "#panel" if answers.for_script(request) else ""
    return render(request, template + part, context, status=status)


def _last_editor(item: ContentItem) -> str:
    """Who changed a field last, for the sentence about a conflict."""
    last = (
        Event.objects.filter(
            workspace=item.workspace_id,
            subject=item.public_id,
            type__in=("item.edited", "outcome.recorded"),
        )
        .order_by("-seq")
        .first()
    )
    return last.actor_name if last else gettext("Somebody")
