"""What every page of a board begins with: which board, which filters, what is then to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone

from production import bands, boardview
from production.boardview import Sight
from production.filters import ItemFilters
from production.models import Board, ContentItem, ReaderCursor, Stage
from production.permissions import Seat

# Parameters of the page that are no filters.
SHOWN_AT, LANES, AFTER, NAMED = "at", "lanes", "after", "id"
PAGE_PARAMETERS = (SHOWN_AT, LANES, AFTER, NAMED)


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards of a workspace, the one that is meant, and its stages in order."""

    all: list[Board]
    board: Board
    stages: Sequence[Stage]

    def stage(self, public_id: str) -> Stage:
        """The stage of this board; Http404 for any other."""
        for stage in self.stages:
            if stage.public_id == public_id:
                return stage
        raise Http404


def find_boards(seat: Seat, public_id: str = "") -> Boards | None:
    """The named board or the first one; None when there are none, Http404 for a foreign one."""
    known = ReaderCursor.objects.filter(workspace=seat.workspace, reader=bands.READER)
    stages = list(
        Stage.objects.filter(workspace=seat.workspace, retired_at=None, board__archived_at=None)
        .annotate(bands_seq=Subquery(known.values("seq")[:1]))
        .select_related("board")
        .order_by("board__position", "board_id", "position", "id")
    )
    boards = list({stage.board_id: stage.board for stage in stages}.values())
    if not boards and not public_id:
        return None
    if stages and bands.is_far_behind(seat.workspace, stages[0].bands_seq):
        bands.catch_up(seat.workspace)
        return find_boards(seat, public_id)
    board = next((each for each in boards if public_id in ("", each.public_id)), None)
    if board is None:
        raise Http404
    own = [stage for stage in stages if stage.board_id == board.pk]
    return Boards(boards, board, own)


def the_board(seat: Seat, public_id: str) -> Boards:
    """As `find_boards`, for an address that names the board."""
    found = find_boards(seat, public_id)
    if found is None:
        raise Http404
    return found


def items_of(seat: Seat, board: Board) -> object:
    """The items of the board that the person may see."""
    items = ContentItem.objects.filter(board=board, workspace=seat.workspace)
    return items.filter(assignments__user=seat.user) if seat.is_external else items


def filters_of(
    request: HttpRequest, seat: Seat, boards: Boards, now: datetime | None = None
) -> ItemFilters:
    """The filters in the address; Invalid for those that nobody knows."""
    found = ItemFilters(
        request.GET,
        items_of(seat, boards.board),  # type: ignore[arg-type]
        seat=seat,
        stages=boards.stages,
        now=now or timezone.now(),
    )
    found.require_known(PAGE_PARAMETERS)
    return found


def sight_of(request: HttpRequest, seat: Seat, boards: Boards) -> tuple[Sight, ItemFilters]:
    """The board through the filters of the address."""
    now = timezone.now()
    filters = filters_of(request, seat, boards, now)
    narrowed = bool(filters.asked) or seat.is_external
    sight = boardview.Sight(seat, boards.board, boards.stages, filters.qs, now, narrowed)
    return sight, filters


def whole_sight(seat: Seat, boards: Boards) -> Sight:
    """The board without filters."""
    items = items_of(seat, boards.board).filter(archived_at=None)  # type: ignore[attr-defined]
    return boardview.Sight(
        seat, boards.board, boards.stages, items, timezone.now(), seat.is_external
    )
