"""Webhooks: where they go, whether they arrive, and sending again what did not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from production.doors import seated
from production.errors import Invalid, Refused
from production.forms import show
from production.forms.webhooks import WebhookForm
from production.models import ContentItem, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.permissions import Seat
from production.sentences import say
from production.views.people.attempts import came_of, tone
from production.webhooks import endpoints

PER_PAGE = 30
State = WebhookDelivery.State


@never_cache
@sensitive_variables("secret")
@seated("webhook.manage")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of them; a new one's secret is shown this once."""
    form, secret, added = WebhookForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        try:
            added, secret = endpoints.add(seat=seat, at=timezone.now(), **wish)
        except Invalid as invalid:
            show(form, invalid)
        except Refused as refused:
            form.add_error(None, say(refused.refusals[0]))
        else:
            form = WebhookForm()
    waiting = Count("deliveries", Q(deliveries__state=State.PENDING))
    there = endpoints_of(seat).annotate(waiting=waiting).order_by("-created_at", "-id")
    return render(
        request,
        "production/people/webhooks.html",
        {"form": form, "endpoints": there, "secret": secret, "added": added},
    )


@never_cache
@seated("webhook.manage")
def one(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """One webhook: its settings and the log of what was sent."""
    endpoint = found(seat, public_id)
    now = {name: getattr(endpoint, name) for name in endpoints.CHANGEABLE}
    form = WebhookForm(request.POST or None, initial=now, kept=endpoint.types)
    if request.method == "POST" and form.is_valid():
        try:
            endpoints.change(endpoint, form.cleaned_data, seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            messages.info(request, _("Saved."))
            return to_one(endpoint, seat)
    return _page(request, endpoint, form=form)


@never_cache
@seated("webhook.manage")
def log(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """The log alone, for the page that waits for news of it."""
    context = _log_of(request, found(seat, public_id))
    return render(request, "production/people/webhook.html#log", context)


@never_cache
@sensitive_variables("secret")
@seated("webhook.manage")
@require_POST
def rotate(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """A new secret, shown this once."""
    endpoint = found(seat, public_id)
    secret = endpoints.rotate(endpoint, seat=seat, at=timezone.now())
    return _page(request, found(seat, public_id), secret=secret)


@seated("webhook.manage")
@require_POST
def test(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Send a test; what came of it stands in the log a moment later."""
    endpoint = found(seat, public_id)
    try:
        endpoints.test(endpoint, seat=seat, at=timezone.now())
    except Refused as refused:
        messages.error(request, say(refused.refusals[0]))
    else:
        messages.info(request, _("A test is on its way. The log shows what comes of it."))
    return to_one(endpoint, seat)


@seated("webhook.manage")
@require_POST
def switch(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Stop it, or start it again."""
    endpoint = found(seat, public_id)
    if request.POST.get("to") == "on":
        endpoints.enable(endpoint, seat=seat, at=timezone.now())
        messages.info(request, _("Started. What it has missed is sent first."))
    else:
        endpoints.disable(endpoint, seat=seat, at=timezone.now())
        messages.info(request, _("Stopped. Nothing is sent there until you start it again."))
    return to_one(endpoint, seat)


@seated("webhook.manage")
@require_POST
def remove(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Take it away for good."""
    endpoints.remove(found(seat, public_id), seat=seat, at=timezone.now())
    messages.info(request, _("Removed. Nothing is sent there any more."))
    return redirect("settings-webhooks", seat.workspace.slug)


@seated("webhook.manage")
@require_POST
def replay(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Send one message again, or everything that failed, or everything since a message."""
    endpoint, rows = found(seat, public_id), WebhookDelivery.objects.all()
    if one := request.POST.get("one"):
        rows = rows.filter(public_id=one)
    elif since := request.POST.get("since"):
        first = endpoint.deliveries.filter(public_id=since).first()
        if first is None:
            raise Http404
        rows = rows.filter(pk__gte=first.pk)
    else:
        rows = rows.filter(state=State.DEAD)
    try:
        count = endpoints.replay(endpoint, rows, seat=seat, at=timezone.now())
    except Refused as refused:
        messages.error(request, say(refused.refusals[0]))
    else:
        words = ngettext(
            "%(count)s message is sent again.", "%(count)s messages are sent again.", count
        )
        messages.info(request, words % {"count": count})
    return to_one(endpoint, seat)


def endpoints_of(seat: Seat) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(workspace=seat.workspace, removed_at=None)


def found(seat: Seat, public_id: str) -> WebhookEndpoint:
    endpoint = endpoints_of(seat).filter(public_id=public_id).first()
    if endpoint is None:
        raise Http404
    return endpoint


def to_one(endpoint: WebhookEndpoint, seat: Seat) -> HttpResponse:
    return redirect("settings-webhook", seat.workspace.slug, endpoint.public_id)


def _page(
    request: HttpRequest,
    endpoint: WebhookEndpoint,
    form: WebhookForm | None = None,
    secret: str = "",
) -> HttpResponse:
    now = {name: getattr(endpoint, name) for name in endpoints.CHANGEABLE}
    form = form or WebhookForm(initial=now, kept=endpoint.types)
    context = {"form": form, "secret": secret, **_log_of(request, endpoint)}
    return render(request, "production/people/webhook.html", context)


def _log_of(request: HttpRequest, endpoint: WebhookEndpoint) -> dict[str, Any]:
    """The newest messages first, as narrowed by `state`."""
    now = timezone.now()
    counts = dict(endpoint.deliveries.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    rows = endpoint.deliveries.order_by("-id").prefetch_related(
        Prefetch("tries", WebhookAttempt.objects.order_by("number"))
    )
    if state in State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    soon = endpoint.deliveries.filter(state=State.PENDING, next_at__lte=now + timedelta(seconds=10))
    return {
        "endpoint": endpoint,
        "host": urlsplit(endpoint.url).hostname,
        "page": page,
        "rows": _rows(endpoint, page.object_list),
        "state": state if state in State.values else "",
        "states": [(each.value, each.label, counts.get(each.value, 0)) for each in State],
        "dead": counts.get(State.DEAD, 0),
        "total": sum(counts.values()),
        "is_moving": endpoint.disabled_at is None and soon.exists(),
        "now": now,
    }


def _rows(endpoint: WebhookEndpoint, deliveries: Iterable[WebhookDelivery]) -> list[dict[str, Any]]:
    deliveries = list(deliveries)
    items = ContentItem.objects.filter(
        workspace=endpoint.workspace_id, public_id__in=[each.subject for each in deliveries]
    ).select_related("workspace")
    keys = {item.public_id: item.key for item in items}
    return [
        {
            "delivery": each,
            "key": keys.get(each.subject, ""),
            "tries": [(one, came_of(one)) for one in each.tries.all()],
            "tone": tone(each),
        }
        for each in deliveries
    ]
