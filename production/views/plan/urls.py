"""Addresses of the pages in this room."""

from django.urls import URLPattern, path

from production.views.plan import (
    boards,
    channels,
    entries,
    gates,
    links,
    lists,
    mix,
    stages,
    windows,
)
from production.views.plan.nouns import PAGES, Page


def _of(page: Page) -> list[URLPattern]:
    at, one, name, noun = (
        f"{page.plural}/",
        f"{page.plural}/<str:public_id>/",
        f"settings-{page.plural}",
        {"noun": page.noun},
    )
    return [
        path(at, lists.entries, noun, name=name),
        path(f"{at}add/", entries.add, noun, name=f"{name}-add"),
        path(f"{at}order/", lists.order, noun, name=f"{name}-order"),
        path(one, entries.change, noun, name=f"{name}-change"),
        path(f"{one}retire/", entries.retire, noun, name=f"{name}-retire"),
        path(f"{one}restore/", entries.restore, noun, name=f"{name}-restore"),
    ]


urlpatterns = [
    path("boards/", boards.overview, name="settings-boards"),
    path("boards/add/", boards.add, name="settings-board-add"),
    path("boards/order/", boards.order, name="settings-board-order"),
    path("boards/<str:public_id>/", boards.rename, name="settings-board-rename"),
    path("boards/<str:public_id>/archive/", boards.archive, name="settings-board-archive"),
    path("boards/<str:public_id>/restore/", boards.restore, name="settings-board-restore"),
    path("boards/<str:public_id>/stages/add/", stages.add, name="settings-stage-add"),
    path("boards/<str:public_id>/stages/order/", stages.order, name="settings-stage-order"),
    path("stages/<str:public_id>/", stages.change, name="settings-stage"),
    path("stages/<str:public_id>/split/", stages.split, name="settings-stage-split"),
    path("stages/<str:public_id>/retire/", stages.retire, name="settings-stage-retire"),
    path("stages/<str:public_id>/restore/", stages.restore, name="settings-stage-restore"),
    path("stages/<str:public_id>/gates/add/", gates.add, name="settings-gate-add"),
    path("stages/<str:public_id>/gates/order/", gates.order, name="settings-gate-order"),
    path("gates/", gates.overview, name="settings-gates"),
    path("gates/<str:public_id>/", gates.change, name="settings-gate"),
    path("gates/<str:public_id>/retire/", gates.retire, name="settings-gate-retire"),
    path("gates/<str:public_id>/restore/", gates.restore, name="settings-gate-restore"),
    path("windows/", windows.overview, name="settings-windows"),
    path("windows/<str:public_id>/", windows.change, name="settings-window"),
    path("windows/<str:public_id>/retire/", windows.retire, name="settings-window-retire"),
    path("channels/<str:public_id>/windows/add/", windows.add, name="settings-window-add"),
    path("channels/<str:public_id>/windows/usual/", windows.usual, name="settings-windows-usual"),
    path("channels/<str:public_id>/windows/lock/", windows.lock, name="settings-windows-lock"),
    path(
        "channels/<str:public_id>/reconnect/",
        channels.reconnect,
        name="settings-channel-reconnect",
    ),
    path(
        "channels/<str:public_id>/windows/unlock/", windows.unlock, name="settings-windows-unlock"
    ),
    path("links/", links.overview, name="settings-links"),
    path("links/add/", links.add, name="settings-link-add"),
    path("links/preview/", links.preview, name="settings-link-preview"),
    path("links/<str:public_id>/", links.change, name="settings-link"),
    path("links/<str:public_id>/retire/", links.retire, name="settings-link-retire"),
    path("mix/", mix.overview, name="settings-mix"),
    path("mix/add/", mix.add, name="settings-mix-add"),
    path("mix/usual/", mix.usual, name="settings-mix-usual"),
    path("mix/<str:public_id>/", mix.change, name="settings-mix-rule"),
    path("mix/<str:public_id>/remove/", mix.remove, name="settings-mix-remove"),
    path("formats/preview/", entries.preview, {"noun": "format"}, name="settings-formats-preview"),
    path(
        "kpis/<str:public_id>/history/",
        entries.history,
        {"noun": "kpi"},
        name="settings-kpis-history",
    ),
    *(pattern for page in PAGES for pattern in _of(page)),
]
