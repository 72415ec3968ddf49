"""Saved views: a board's filters under a name, for oneself or for the team."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from production.errors import Invalid, NotAllowed
from production.filters import ItemFilters
from production.models import Board, SavedView
from production.permissions import Seat

MOST = 20  # views of one person on one board
_BESIDES_FILTERS = ("lanes",)


def views_for(seat: Seat, board: Board) -> QuerySet[SavedView]:
    """One's own views of the board and those the team shares; an external contributor's own."""
    whose = Q(owner=seat.user) if seat.is_external else Q(owner=seat.user) | Q(shared=True)
    return SavedView.objects.filter(whose, board=board).order_by("shared", "name", "id")


@transaction.atomic
def save(board: Board, *, name: str, query: str, seat: Seat, shared: bool = False) -> SavedView:
    """Keep the query string under the name; the same name again replaces it.

    Raises Invalid, and NotAllowed when the person may not save, or share with the team.
    """
    seat.require("view.share" if shared else "view.save")
    name = name.strip()
    if not 1 <= len(name) <= 60 or "\x00" in name:
        raise Invalid({"name": [("length", gettext("Give it a name of 1 to 60 characters."))]})
    kept = _checked(query, seat)
    if SavedView.objects.filter(board=board, owner=seat.user).exclude(name=name).count() >= MOST:
        sentence = gettext("There can be at most %(most)s views.") % {"most": MOST}
        raise Invalid({"name": [("limit_reached", sentence)]})
    view, _ = SavedView.objects.update_or_create(
        board=board,
        owner=seat.user,
        name=name,
        defaults={"workspace": seat.workspace, "query": kept, "shared": shared},
    )
    return view


@transaction.atomic
def share(view: SavedView, *, seat: Seat, shared: bool = True) -> SavedView:
    """Show one's own view to the whole team, or to nobody else any more."""
    seat.require("view.share")
    _require_own(view, seat)
    view.shared = shared
    view.save(update_fields=["shared"])
    return view


@transaction.atomic
def delete(view: SavedView, *, seat: Seat) -> None:
    """Forget the view; an owner of the workspace may forget any shared one."""
    if not (view.shared and seat.may("board.change")):
        _require_own(view, seat)
    view.delete()


def _require_own(view: SavedView, seat: Seat) -> None:
    if view.owner_id != seat.user.pk:
        raise NotAllowed("view.save")


def _checked(query: str, seat: Seat) -> str:
    if len(query) > 1000:
        raise Invalid({"query": [("length", gettext("These filters are too long to keep."))]})
    parameters = QueryDict(query)
    ItemFilters(parameters, seat=seat).require_known(_BESIDES_FILTERS)
    return parameters.urlencode()
