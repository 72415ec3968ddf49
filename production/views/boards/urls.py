"""Addresses of the board and of what one does with its cards."""

from django.urls import path

from production.views.boards import add, card, many, move, narrow, page

urlpatterns = [
    path("boards/", page.board, name="board"),
    path("alarms/", page.alarms, name="board-alarms"),
    path("boards/<str:board>/", page.board, name="board-page"),
    path("boards/<str:board>/columns/<str:stage>/", page.column, name="board-column"),
    path("boards/<str:board>/cards/", page.cards, name="board-cards"),
    path("boards/<str:board>/new/", add.add, name="board-add"),
    path("boards/<str:board>/filter/", narrow.filter_form, name="board-filter"),
    path("boards/<str:board>/views/", narrow.views, name="board-views"),
    path("boards/<str:board>/views/<str:view>/", narrow.view, name="board-view"),
    path("boards/<str:board>/bulk/", many.bulk, name="board-bulk"),
    path("boards/<str:board>/bulk/change/", many.bulk_form, name="board-bulk-form"),
    path("boards/<str:board>/archive/", many.archive, name="board-archive"),
    path("items/<str:key>/move/", move.move, name="item-move"),
    path("items/<str:key>/options/", move.options, name="item-options"),
    path("items/<str:key>/people/", card.people, name="card-people"),
    path("items/<str:key>/hold/", card.hold, name="card-hold"),
    path("undo/<str:request_id>/", move.undo, name="undo"),
]
