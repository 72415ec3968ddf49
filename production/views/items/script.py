"""The script: typed and saved by itself, read, compared, kept, brought back."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from production import scripts
from production.doors import item_by_key, seated
from production.errors import Invalid, Stale
from production.itemview import ItemPage
from production.markdown import render as render_markdown
from production.models import ContentItem, ScriptVersion
from production.permissions import Seat
from production.views.items import answers
from production.views.items.answers import acting, item_to_change
from production.worddiff import diff

_PANELS = ("script", "gates", "review", "history")


@require_POST
@seated("item.edit")
def save(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Save the text that had this version; script gets figures back, and both texts when stale."""
    item = item_to_change(seat, key)
    text, asked = request.POST.get("text", ""), request.POST.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else -1
    quietly = "application/json" in request.headers.get("Accept", "")
    try:
        saved = scripts.save(item, text, version=version, by=seat.user, at=timezone.now())
    except Stale as stale:
        return _conflict(request, seat, item, text, stale)
    except Invalid as invalid:
        if quietly:
            detail = " ".join(answers.sentences(invalid))
            return JsonResponse({"detail": detail}, status=422)
        return answers.refused(request, seat, key, "script", invalid)
    if not quietly:
        return answers.changed(request, seat, key, _PANELS)
    return JsonResponse(
        {
            "version": saved.script.version,
            "words": scripts.words(saved.script.text),
            "seconds": scripts.spoken_seconds(saved.script.text, seat.workspace.language),
            "kept": [version.number for version in saved.kept],
        }
    )


@require_POST
@seated("item.see")
def preview(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """The text that is being typed as people will read it."""
    item_by_key(seat, key)
    html = render_markdown(request.POST.get("text", ""))
    return render(request, "production/items/script_pane.html#reading", {"html": html})


@require_POST
@seated("item.see")
def compare(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """The text that is being typed against a kept version, word by word."""
    item = item_by_key(seat, key)
    old = _version(item, request.POST.get("old", ""))
    context = {
        "item": item,
        "old": old.number,
        "pieces": diff(old.text, request.POST.get("text", "")[: scripts.LONGEST]),
        "versions": scripts.versions(item),
        "may_edit": seat.may_work_on(item) and item.archived_at is None,
    }
    return render(request, "production/items/script_pane.html#compared", context)


@acting("item.edit", *_PANELS)
def keep(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> str:
    kept = scripts.keep(item, by=seat.user, at=at)
    return gettext("Kept as version %(number)s.") % {"number": kept.number} if kept else ""


@acting("item.edit", *_PANELS)
def restore(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, number: int) -> str:
    _version(item, str(number))
    scripts.restore(item, number, by=seat.user, at=at)
    return gettext("Version %(number)s is back; what stood there is kept.") % {"number": number}


def _version(item: ContentItem, asked: str) -> ScriptVersion:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    found = ScriptVersion.objects.filter(script__item=item, number=number).first()
    if found is None:
        raise Http404
    return found


def _conflict(
    request: HttpRequest, seat: Seat, item: ContentItem, mine: str, stale: Stale
) -> HttpResponse:
    """Both texts, and what to do with them."""
    script = scripts.of(item)
    theirs = stale.values["text"]
    page = ItemPage(item, seat, timezone.now(), typed={"mine": mine})
    context = {
        "page": page,
        "item": item,
        "mine": mine,
        "theirs": theirs,
        "pieces": diff(theirs, mine.replace("\r\n", "\n")),
        "version": stale.current,
        "who": script.updated_by,
        "cancel_url": answers.item_url(seat, item, "script"),
    }
    by_script = "application/json" in request.headers.get("Accept", "")
    template = "production/items/conflict.html" + ("#conflict" if by_script else "")
    return render(request, template, context, status=409)
