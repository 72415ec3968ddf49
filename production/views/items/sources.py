"""Sources, image sources and what AI was used for: lists of lines, edited as rows."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import items
from production.assets.store import address
from production.doors import item_by_key, seated
from production.errors import Invalid, Stale
from production.forms.items import LineForm
from production.itemview import sources
from production.models import ContentItem
from production.permissions import Seat
from production.views.items import answers
from production.views.items.answers import item_to_change

LISTS = ("sources", "image_sources", "ai_used_for", "b_roll")
_PANELS = ("sources", "gates", "review", "history")
_SPARE = 3
_MOST = 100
Lines: Any = forms.formset_factory(LineForm, extra=0, max_num=_MOST, absolute_max=_MOST)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.edit")
def edit(request: HttpRequest, seat: Seat, key: str, name: str) -> HttpResponse:
    """The rows of one list; empty rows go, and there is always room for more."""
    if name not in LISTS:
        raise Http404
    item = item_to_change(seat, key)
    before = list(getattr(item, name))
    if request.method != "POST":
        return _show(request, seat, item, name, _rows(before))
    rows = Lines(request.POST, prefix="line")
    if not rows.is_valid():
        return _show(request, seat, item, name, rows, status=422)
    if "more" in request.POST:
        lines = [sources.write(**_values(form)) for form in rows]
        return _show(request, seat, item, name, _rows([line for line in lines if line]))
    try:
        lines = _lines(rows)
        seen = _seen(request)
        items.edit(item, {name: lines}, by=seat.user, at=timezone.now(), base={name: seen})
    except Invalid:
        return _show(request, seat, item, name, rows, status=422)
    except Stale:
        said = gettext("Somebody changed this list meanwhile. It now says: %(lines)s")
        now = "; ".join(str(line) for line in getattr(item_by_key(seat, key), name))
        problems = [said % {"lines": now or "–"}]
        return _show(request, seat, item_by_key(seat, key), name, rows, problems, status=409)
    return answers.changed(request, seat, key, _PANELS)


def _rows(lines: list[Any]) -> Any:
    initial = [{"text": each.text, "link": each.url} for each in sources.read(lines)]
    blank: list[dict[str, str]] = [{} for _ in range(min(_SPARE, _MOST - len(initial)))]
    return Lines(initial=initial + blank, prefix="line")


def _seen(request: HttpRequest) -> list[Any] | None:
    """What the form showed when it was drawn; None, which nothing equals, when that is lost."""
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except (ValueError, RecursionError):
        return None
    return seen if isinstance(seen, list) else None


def _values(form: LineForm) -> dict[str, str]:
    values = form.cleaned_data
    return {"text": values.get("text", ""), "url": values.get("link", "")}


def _lines(rows: Any) -> list[str]:
    """What is to be stored; Invalid, with the sentence at its row, for an address that is none."""
    found, wrong = [], None
    for form in rows:
        values = _values(form)
        try:
            values["url"] = address("link", values["url"], limit=390, required=False)
        except Invalid as invalid:
            form.add_error("link", invalid.errors["link"][0][1])
            wrong = invalid
        found.append(sources.write(**values))
    if wrong:
        raise wrong
    return [line for line in found if line]


def _show(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    name: str,
    rows: Any,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "item": item,
        "rows": rows,
        "name": name,
        "label": ContentItem._meta.get_field(name).verbose_name,
        "seen": json.dumps(getattr(item, name)),
        "problems": problems or [],
        "cancel_url": answers.item_url(seat, item, "sources"),
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, "production/items/lines.html" + part, context, status=status)
