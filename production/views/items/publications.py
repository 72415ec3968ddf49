"""Publications of a card: drafted, made ready, posted by hand, corrected, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from production import publishing, qrcode
from production.doors import item_by_key, seated
from production.forms.items import (
    AddressForm,
    PostedForm,
    PublicationForm,
    ReasonForm,
    ResolveForm,
)
from production.models import ContentItem, Publication
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("publication", "head", "gates", "review", "outcome", "history")
_OPERATION = "publication.publish"
_PLANNING = "publication.schedule"


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_OPERATION)
def posted(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """I posted it: with the address from the phone, now or a while ago."""
    item = _item(seat, key)
    form = PostedForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        publishing.i_posted_it(
            item,
            by=seat.user,
            at=timezone.now(),
            permalink=form.cleaned_data["permalink"],
            published_at=form.cleaned_data["published_at"],
        )
        return gettext("It is out.")

    return _form(request, seat, item, form, gettext("I posted it"), gettext("It is out"), save)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_OPERATION)
def draft(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """One more appearance, with its own words."""
    item = _item(seat, key)
    form = PublicationForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        words = dict(form.cleaned_data)
        words.pop("version")
        publishing.draft(item, by=seat.user, at=timezone.now(), **words)

    title = gettext("Draft a publication")
    return _form(request, seat, item, form, title, gettext("Save"), save)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_OPERATION)
def change(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """The words of one that is not out, the address of one that is."""
    item = _item(seat, key)
    found = part_of(Publication.objects.filter(item=item), publication)
    is_out = found.state in (Publication.State.PUBLISHED, Publication.State.REMOVED)
    kind = AddressForm if is_out else PublicationForm
    initial = {name: getattr(found, name) for name in kind.base_fields}
    form = kind(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> None:
        words = dict(form.cleaned_data)
        version = words.pop("version", None)
        publishing.change(found, words, by=seat.user, at=timezone.now(), version=version)

    title = gettext("Correct the address") if is_out else gettext("Change the publication")
    return _form(request, seat, item, form, title, gettext("Save"), save)


@require_safe
@seated("publication.see")
def qr(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """The link of a publication as a QR code, to show or to print."""
    item = item_by_key(seat, key)
    found = part_of(Publication.objects.filter(item=item), publication)
    link = found.links.first()
    if link is None:
        raise Http404
    answer = HttpResponse(qrcode.svg(link.url), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    if "download" in request.GET:
        name = f"{item.key}{'-' + found.variant if found.variant else ''}.svg"
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@acting(_OPERATION, *_PANELS)
def ready(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, publication: str
) -> None:
    found = part_of(Publication.objects.filter(item=item), publication)
    publishing.mark_ready(found, by=seat.user, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_OPERATION)
def remove(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """Take a mistaken one away; what is out for a while only an owner, who says why."""
    item = _item(seat, key)
    found = part_of(Publication.objects.filter(item=item), publication)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label=gettext("Why it should go")
    )
    form.fields["reason"].required = False

    def save() -> str:
        reason = form.cleaned_data["reason"]
        publishing.remove(found, seat=seat, at=timezone.now(), reason=reason)
        return gettext("The publication is removed.")

    title = gettext("Remove the publication")
    return _form(request, seat, item, form, title, gettext("Remove"), save, danger=True)


@acting(_PLANNING, *_PANELS)
def reopen(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, publication: str
) -> None:
    """Go on with what was held or cancelled."""
    publishing.reopen(_found(item, publication), by=seat.user, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_PLANNING)
def hold(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """Stop it for now, and say why."""
    item = item_to_change(seat, key, _PLANNING)
    found = _found(item, publication)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        reason = form.cleaned_data["reason"]
        publishing.put_on_hold(found, reason=reason, by=seat.user, at=timezone.now())

    title = gettext("Hold the publication")
    return _form(request, seat, item, form, title, gettext("Hold"), save)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_PLANNING)
def cancel(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """It shall not go out."""
    item = item_to_change(seat, key, _PLANNING)
    found = _found(item, publication)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = False

    def save() -> None:
        reason = form.cleaned_data["reason"]
        publishing.cancel(found, reason=reason, by=seat.user, at=timezone.now())

    title = gettext("Cancel the publication")
    return _form(request, seat, item, form, title, gettext("Do not publish it"), save, danger=True)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("publication.resolve")
def resolve(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """Somebody has looked: it is out, or it is not."""
    item = item_to_change(seat, key, "publication.resolve")
    found = _found(item, publication)
    form = ResolveForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        said = dict(form.cleaned_data)
        now = timezone.now()
        if said.pop("out") == "yes":
            publishing.it_is_out(found, by=seat.user, at=now, **said)
        else:
            publishing.it_is_not_out(found, evidence=said["evidence"], by=seat.user, at=now)

    title = gettext("What became of it?")
    return _form(request, seat, item, form, title, gettext("Save"), save)


def _found(item: ContentItem, publication: str) -> Publication:
    return part_of(Publication.objects.filter(item=item), publication)


def _item(seat: Seat, key: str) -> ContentItem:
    return item_to_change(seat, key, _OPERATION)


def _form(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    form: Any,
    title: str,
    submit: str,
    save: Any,
    **context: Any,
) -> HttpResponse:
    return form_page(
        request,
        seat,
        item,
        form,
        title=title,
        submit=submit,
        panels=_PANELS,
        save=save,
        context=context,
    )
