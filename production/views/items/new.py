"""A new card with as much as is known already, empty or from a format."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import items
from production.doors import seated
from production.errors import Invalid, Refused
from production.forms import show
from production.forms.items import NewForm, plain_rows
from production.models import Board, Format
from production.permissions import Seat
from production.views.items import answers


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.create")
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Only the title is needed. A format fills in what its template says."""
    boards = Board.objects.filter(workspace=seat.workspace, archived_at=None).order_by(
        "position", "id"
    )
    sent = request.POST if request.method == "POST" else request.GET
    board = boards.filter(public_id=sent.get("board", "")).first() or boards.first()
    formats = plain_rows(Format, seat.workspace.pk)
    template = formats.filter(public_id=sent.get("format", "")).first()
    posted = request.POST if request.method == "POST" else None
    form = NewForm(posted, workspace_id=seat.workspace.pk, template=template)
    problems: list[str] = []
    if posted is not None and board is not None and form.is_valid():
        given = {
            "title": form.cleaned_data["title"],
            "seat": seat,
            "at": timezone.now(),
            "values": form.values(),
        }
        try:
            if template is not None:
                item = items.from_format(board, template, **given)
            else:
                item = items.create(board, **given)
        except Invalid as invalid:
            show(form, invalid)
        except Refused as refused:
            problems = answers.sentences(refused)
        else:
            said = gettext("%(key)s is written down.") % {"key": item.key}
            messages.success(request, said)
            return redirect(answers.item_url(seat, item))
    context = {
        "form": form,
        "boards": boards,
        "board": board,
        "formats": formats,
        "template": template,
        "problems": problems,
        "cancel_url": reverse("workspace", args=[seat.workspace.slug]),
    }
    status = 422 if posted is not None else 200
    return render(request, "production/items/new.html", context, status=status)
