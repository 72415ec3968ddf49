"""Publications of a card: drafted, made ready, posted by hand, corrected, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import publishing
from production.doors import seated
from production.forms.items import AddressForm, PostedForm, PublicationForm, ReasonForm
from production.models import ContentItem, Publication
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("publication", "head", "gates", "review", "outcome", "history")
_OPERATION = "publication.publish"


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
        publishing.draft(item, by=seat.user, at=timezone.now(), **form.cleaned_data)

    title = gettext("Draft a publication")
    return _form(request, seat, item, form, title, gettext("Save"), save)


@require_http_methods(["GET", "HEAD", "POST"])
@seated(_OPERATION)
def change(request: HttpRequest, seat: Seat, key: str, publication: str) -> HttpResponse:
    """The words of one that is not out, the address of one that is."""
    item = _item(seat, key)
    found = part_of(Publication.objects.filter(item=item), publication)
    is_out = found.state == Publication.State.PUBLISHED
    kind = AddressForm if is_out else PublicationForm
    names = ("permalink",) if is_out else ("title", "caption", "link_url")
    initial = {name: getattr(found, name) for name in names} | {"version": found.version}
    form = kind(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> None:
        publishing.change(found, form.cleaned_data, by=seat.user, at=timezone.now())

    title = gettext("Correct the address") if is_out else gettext("Change the publication")
    return _form(request, seat, item, form, title, gettext("Save"), save)


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
