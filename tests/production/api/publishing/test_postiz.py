"""What is rendered for Postiz has the fields and types of its public API, and only these."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from production.publications.render import render

SCHEMA = json.loads(Path(__file__).with_name("postiz.schema.json").read_text())
RULES = Draft202012Validator(SCHEMA)


def publication(platform: str, **more: Any) -> dict[str, Any]:
    """The generic shape, as far as a renderer looks at it."""
    return {
        "id": "pub_01JQ8Z6T2M",
        "version": 7,
        "item": {"title": "Why most hooks fail"},
        "channel": {"id": "chn_1", "platform": platform, "handle": "@aalto"},
        "publish_at": {"utc": datetime(2026, 3, 30, 15, tzinfo=UTC)},
        "caption": {"text": "Three mistakes"},
        "title": None,
        "hashtags": ["#cta"],
        "mentions": [],
        "media": [
            {
                "id": "ast_9",
                "url": "https://aalto.example/9.mp4",
                "mime": "video/mp4",
                "alt_text": "",
            }
        ],
        "links": [{"role": "cta", "url": "https://example.fi/opas?utm_source=x", "utm": {}}],
        "first_comment": {"text": "Get the guide", "delay_seconds": 60, "required": False},
        "platform_settings": {"post_type": "reel"},
        **more,
    }


PLATFORMS = (
    "youtube", "youtube_shorts", "instagram", "tiktok", "linkedin", "facebook", "x", "threads",
    "pinterest",
)  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_body_for_postiz_is_one_that_it_takes(platform: str) -> None:
    body = render(publication(platform), "postiz")

    assert [error.message for error in RULES.iter_errors(body)] == []
    assert body["date"] == "2026-03-30T15:00:00.000Z"
    assert len(body["posts"][0]["value"]) == 2


def test_without_comment_and_files_too() -> None:
    body = render(publication("x", first_comment=None, media=[]), "postiz")

    assert RULES.is_valid(body)


def mutations(body: Any, root: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The whole with one thing wrong: something missing, unknown, or of another type."""
    keys = list(body) if isinstance(body, dict) else range(len(body))
    for key in keys:
        where = (*path, key)
        if isinstance(body, dict):
            yield f"without {where}", _with(root, where, None, drop=True)
        yield f"a number at {where}", _with(root, where, 42.5)
        if isinstance(body[key], dict | list):
            yield from mutations(body[key], root, where)
        if isinstance(body[key], dict) and key != "settings":  # each platform has its own there
            yield f"unknown in {where}", _with(root, (*where, "surprise"), "x")


def _with(root: Any, path: tuple[Any, ...], value: Any, *, drop: bool = False) -> Any:
    changed = copy.deepcopy(root)
    place = changed
    for step in path[:-1]:
        place = place[step]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


@pytest.mark.parametrize("platform", ["youtube", "instagram", "x"])
def test_a_body_with_one_thing_wrong_is_not(platform: str) -> None:
    body = render(publication(platform), "postiz")
    wrong = list(mutations(body, body))

    assert len(wrong) > 30
    assert [what for what, mutant in wrong if RULES.is_valid(mutant)] == []
