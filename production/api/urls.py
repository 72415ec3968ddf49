"""The JSON API, version 1, by address."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path

from production.api.imports import Imports
from production.api.items.items import Items
from production.api.items.moves import Moves
from production.api.me import Me
from production.api.missing import Missing


def at(address: str, door: Any, **methods: str) -> Any:
    """The address, and which method of the noun answers to which method of HTTP."""
    return path(address, door.as_view(methods))


ITEM = "items/<str:id>/"
IMPORT = "imports/<str:id>/"

urlpatterns = [
    at("me/", Me, get="retrieve"),
    at("items/", Items, get="list", post="create"),
    at(ITEM, Items, get="retrieve", patch="partial_update"),
    at(f"{ITEM}move/", Moves, post="move"),
    at(f"{ITEM}undo/", Moves, post="undo"),
    at(f"{ITEM}options/", Moves, get="options_"),
    at(f"{ITEM}archive/", Moves, post="archive"),
    at(f"{ITEM}restore/", Moves, post="restore"),
    at(f"{ITEM}block/", Moves, post="block"),
    at(f"{ITEM}unblock/", Moves, post="unblock"),
    at("imports/", Imports, get="list", post="create"),
    at(IMPORT, Imports, get="retrieve"),
    at(f"{IMPORT}mapping/", Imports, patch="mapping"),
    at(f"{IMPORT}commit/", Imports, post="commit"),
    at(f"{IMPORT}undo/", Imports, post="undo"),
    re_path(
        "",
        Missing.as_view(dict.fromkeys(("get", "post", "put", "patch", "delete"), "nothing")),
    ),
]
