"""The guide is true: every call in docs/api.md is made, in its order, and answered as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from django.http import HttpResponse
from django.test import Client

from production.api.problems import PROBLEMS
from tests.people import World
from tests.production.api.tokens import token_of

GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
CALL = re.compile(r"^curl (.*?)  +# (\d{3})$", re.MULTILINE | re.DOTALL)


def test_every_call_of_the_guide_is_answered_as_it_says(world: World) -> None:
    calls = [
        call
        for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
        for call in CALL.findall(block)
    ]
    known = {
        "PUTKI": "",
        "TOKEN": token_of(world.seat("ann"))["Authorization"].removeprefix("Bearer "),
        "STAGE": world.stages["script"].public_id,
        "DONE": world.stages["done"].public_id,
        "BOARD": world.board.public_id,
    }

    for command, status in calls:
        answer = _make(command, known)
        assert answer.status_code == int(status), (command, answer.content[:300])
        if command.startswith('"$PUTKI/api/v1/items/"') and answer.status_code == 201:
            known["ITEM"] = answer.json()["id"]

    assert len(calls) >= 14
    assert "ITEM" in known


def test_every_code_of_a_problem_is_in_the_guide() -> None:
    missing = [code for code in PROBLEMS if f"`{code}`" not in GUIDE]

    assert missing == []


def _make(command: str, known: dict[str, str]) -> HttpResponse:
    """The curl command as a call in this process."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command.replace("\\\n", " "))
    method, address, body, headers = "", "", "", {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        else:
            address = word
    kind = headers.pop("Content-Type", "application/json")
    method = method or ("POST" if body else "GET")
    return Client().generic(method, address, body, kind, headers=headers)
