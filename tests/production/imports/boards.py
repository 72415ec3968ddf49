"""Small boards written for the tests, with the quirks of real Trello files."""

import copy
import json
from typing import Any

BOARD = "5ca3d99a0378a65090e676ca"
IDEAS, DOING, DONE, TOPIC = (f"5ca3d99a0378a65090e6000{n}" for n in range(4))
ANN, BEN = "5bff2aae9a7ce6e1c0385c01", "5bff2aae9a7ce6e1c0385c02"
# The first eight digits of an id say when it was made.
OLD, NEW, MADE = "5ca1530000000000000000a1", "5ccf780000000000000000a2", "5cd0000000000000000000a3"


def action(kind: str, at: str, of: str = "", by: str = ANN, **data: Any) -> dict[str, Any]:
    """One action as Trello writes it."""
    if of:
        data["card"] = {"id": of, **data.get("card", {})}
    return {
        "id": f"act-{kind}-{at}",
        "type": kind,
        "date": at,
        "idMemberCreator": by,
        "memberCreator": {"id": by, "fullName": "Somebody"},
        "data": data,
    }


def moved(at: str, card: str, source: str, target: str, by: str = ANN) -> dict[str, Any]:
    return action(
        "updateCard",
        at,
        card,
        by,
        card={"idList": target},
        old={"idList": source},
        listBefore={"id": source, "name": f"was {source[-1]}"},
        listAfter={"id": target, "name": f"is {target[-1]}"},
    )


def archived(at: str, card: str, closed: bool = True) -> dict[str, Any]:
    return action("updateCard", at, card, card={"closed": closed}, old={"closed": not closed})


def card(ident: str, name: str, home: str, **more: Any) -> dict[str, Any]:
    return {"id": ident, "name": name, "idList": home, "closed": False, "pos": 1024, **more}


_DOCUMENT: dict[str, Any] = {
    "id": BOARD,
    "name": "Test Drive",
    "lists": [
        {"id": DONE, "name": "Done", "closed": False, "pos": 300},
        {"id": IDEAS, "name": "Backlog/Ideas", "closed": False, "pos": 100.5},
        {"id": DOING, "name": "In Progress", "closed": False, "pos": 200},
        {"id": TOPIC, "name": "Landing Page", "closed": True, "pos": 150},
    ],
    "cards": [
        card(OLD, "Older than the file", DONE, idMembers=[ANN], idShort=3, closed=True),
        card(NEW, "Made in the file", DOING, pos=2048.5, due="2019-06-01T10:00:00.000Z"),
        card(MADE, "Made from a check item", DOING, pos=1024.25),
    ],
    "members": [{"id": ANN, "fullName": "Ann Aalto", "username": "ann"}],
    "labels": [{"id": "l1", "name": "", "color": "green"}],
    "checklists": [
        {
            "id": "c1",
            "idCard": NEW,
            "name": "Steps",
            "checkItems": [
                {"name": "second", "state": "complete", "pos": 20},
                {"name": "first", "state": "incomplete", "pos": 10},
            ],
        }
    ],
    "customFields": [],
    # Newest first, as Trello writes them.
    "actions": [
        archived("2019-05-20T10:00:00.000Z", OLD),
        moved("2019-05-10T10:00:00.500Z", NEW, IDEAS, DOING, BEN),
        action("commentCard", "2019-05-09T10:00:00.000Z", NEW, text="Looks *good*"),
        moved("2019-05-08T10:00:00.000Z", OLD, DOING, DONE),
        action(
            "convertToCardFromCheckItem",
            "2019-05-07T10:00:00.000Z",
            MADE,
            list={"id": DOING, "name": "In Progress"},
        ),
        action("createCard", "2019-05-06T00:00:00.000Z", NEW, list={"id": IDEAS}),
    ],
}


def document(**changed: Any) -> dict[str, Any]:
    """A board of four lists and three cards, with top-level parts replaced."""
    return {**copy.deepcopy(_DOCUMENT), **changed}


def as_bytes(board: Any) -> bytes:
    return json.dumps(board).encode()
