"""How tracked links are named: the templates, with the address that each makes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from production import utmtemplates
from production.doors import seated
from production.errors import Invalid, Stale
from production.forms import show
from production.forms.links import UtmForm
from production.models import Channel, UtmTemplate
from production.permissions import Seat
from production.utm import Template

SAMPLE = "https://example.org/guide"


@require_safe
@seated("plan.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every template in use, and what a link of its channel looks like."""
    rows = utmtemplates.in_use(seat).select_related("channel")
    found = [
        {"template": each, "url": _sample(each, each.channel, seat)}
        for each in rows.order_by("channel__position", "channel_id", "id")
    ]
    is_whole = any(each["template"].channel_id is None for each in found)
    context = {
        "found": found,
        "usual": None if is_whole else _sample(Template(), None, seat),
        "may_change": seat.may("window.change"),
    }
    return render(request, "production/plan/links.html", context)


@seated("window.change")
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One for a channel, or for every channel."""
    form = UtmForm(request.POST or None, channels=_channels(seat))

    def do() -> None:
        channel = form.cleaned_data["channel"]
        utmtemplates.add(form.values, channel=channel, seat=seat, at=timezone.now())

    return _asked(request, seat, form, do, {"title": _("Name links")})


@seated("window.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Other names; links that nobody has handed over are built anew."""
    found = _found(seat, public_id)
    form = UtmForm(request.POST or None, channels=_channels(seat), template=found)

    def do() -> None:
        version = form.cleaned_data["version"]
        utmtemplates.change(found, form.values, seat=seat, at=timezone.now(), version=version)

    title = found.channel.name if found.channel else _("Every channel without one of its own")
    return _asked(request, seat, form, do, {"title": title, "template": found})


@require_safe
@seated("window.change")
def preview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The address that what is typed would make."""
    channel = _channels(seat).filter(public_id=request.GET.get("channel", "")[:40]).first()
    if public_id := request.GET.get("of", "")[:40]:
        channel = _found(seat, public_id).channel
    return render(
        request,
        "production/plan/link_form.html#preview",
        _preview(seat, request.GET, channel),
    )


@seated("window.change")
@require_POST
def retire(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Use it no more."""
    utmtemplates.retire(_found(seat, public_id), seat=seat, at=timezone.now())
    return redirect("settings-links", seat.workspace.slug)


def _asked(
    request: HttpRequest, seat: Seat, form: UtmForm, do: Any, context: dict[str, Any]
) -> HttpResponse:
    status = 200
    problems: list[str] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do()
            except Invalid as invalid:
                show(form, invalid)
            except Stale:
                sentence = _("Somebody was faster. Look at what it says now, then try again.")
                problems, status = [sentence], 409
            else:
                return redirect("settings-links", seat.workspace.slug)
    template = context.get("template")
    typed = form.data if form.is_bound else {name: form[name].value() for name in form.fields}
    context |= {"form": form, "problems": problems}
    context |= {"list_url": reverse("settings-links", args=[seat.workspace.slug])}
    context |= _preview(seat, typed, template.channel if template else None)
    return render(request, "production/plan/link_form.html", context, status=status)


def _preview(seat: Seat, typed: Any, channel: Channel | None) -> dict[str, Any]:
    values = {name: str(typed.get(name) or "") for name in utmtemplates.PARTS}
    url = str(typed.get("url") or SAMPLE)[:500]
    try:
        made = utmtemplates.preview(url, values, seat=seat, at=timezone.now(), channel=channel)
    except Invalid as invalid:
        said = [sentence for found in invalid.errors.values() for _code, sentence in found]
        return {"wrong": said}
    return {"made": made.url}


def _sample(template: Any, channel: Channel | None, seat: Seat) -> str:
    values = {name: getattr(template, name) for name in utmtemplates.PARTS}
    try:
        made = utmtemplates.preview(SAMPLE, values, seat=seat, at=timezone.now(), channel=channel)
    except Invalid:  # an older template with a slot that there is no more
        return ""
    return made.url


def _channels(seat: Seat) -> QuerySet[Channel]:
    rows = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
    return rows.order_by("position", "name", "id")


def _found(seat: Seat, public_id: str) -> UtmTemplate:
    found = utmtemplates.in_use(seat).select_related("channel").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
