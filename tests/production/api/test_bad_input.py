"""Whatever is wrong with a request: a clear problem, nothing changed, never a server error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from production.api.items.items import Items
from production.models import ContentItem, Event
from tests.people import World
from tests.production.api.calls import GUARDED, Caller

Browser = Callable[[str], Caller]


def is_problem(answer: HttpResponse, status: int, code: str | None = None) -> dict[str, Any]:
    problem = json.loads(answer.content)
    assert answer.status_code == status, problem
    assert answer["Content-Type"] == GUARDED
    assert {"type", "title", "status", "detail", "instance", "code", "request_id"} <= set(problem)
    assert problem["status"] == status
    assert problem["request_id"] == answer["X-Request-Id"]
    assert "Traceback" not in answer.content.decode()
    if code:
        assert problem["code"] == code
    return problem


DEEP = "[" * 100_000 + "]" * 100_000
BODIES = {
    "cut in half": (b'{"title": "No', "malformed"),
    "not an object": (b'["title"]', "invalid"),
    "a number": (b"7", "invalid"),
    "bad UTF-8": (b'{"title": "\xff\xfe"}', "malformed"),
    "a lone surrogate": (b'{"title": "\\ud800"}', "malformed"),
    "NUL": (b'{"title": "a\\u0000b"}', "malformed"),
    "NUL in a name": (b'{"ti\\u0000tle": "a"}', "malformed"),
    "nested deep": (DEEP.encode(), "malformed"),
    "nested a little too deep": (b'{"title":' + b"[" * 20 + b"]" * 20 + b"}", "malformed"),
    "not a number": (b'{"title": NaN}', "malformed"),
    "a number of 5 000 digits": (b'{"title": "a", "cost": ' + b"9" * 5000 + b"}", None),
    "beyond 64 bits": (b'{"title": "a", "length_min_seconds": 9223372036854775808}', "malformed"),
    "beyond its column": (b'{"title": "a", "length_min_seconds": 2147483648}', "invalid"),
    "below zero": (b'{"title": "a", "length_min_seconds": -1}', "invalid"),
    "a number as text": (b'{"title": "a", "length_min_seconds": "30"}', "invalid"),
    "true as a number": (b'{"title": "a", "length_min_seconds": true}', "invalid"),
    "a number as title": (b'{"title": 42}', "invalid"),
    "a list as title": (b'{"title": ["a"]}', "invalid"),
    "an empty title": (b'{"title": ""}', "invalid"),
    "a title of spaces": (b'{"title": "   "}', "invalid"),
    "no title": (b"{}", "invalid"),
    "too long": (b'{"title": "' + b"a" * 201 + b'"}', "invalid"),
    "an unknown field": (b'{"title": "a", "colour": "red"}', "unknown_field"),
    "an id of one's own": (b'{"title": "a", "id": "itm_1"}', "unknown_field"),
    "a version of one's own": (b'{"title": "a", "version": 9}', "unknown_field"),
    "a rank of one's own": (b'{"title": "a", "rank": 1}', "unknown_field"),
    "an author of one's own": (b'{"title": "a", "created_by": "usr_1"}', "unknown_field"),
    "a time of one's own": (b'{"title": "a", "published_at": "2026-03-30"}', "unknown_field"),
    "a naive time": (b'{"title": "a", "due_at": "2026-03-30T18:00"}', "invalid"),
    "a time beyond time": (b'{"title": "a", "due_at": "9999-12-31T23:59:59-14:00"}', "invalid"),
    "a time before time": (b'{"title": "a", "due_at": "0001-01-01T00:00:00+14:00"}', "invalid"),
    "a day as a time": (b'{"title": "a", "due_at": "2026-03-30"}', "invalid"),
    "Arabic-Indic digits": ('{"title": "a", "cost": "٤٢"}'.encode(), "invalid"),
    "Arabic-Indic time": ('{"title": "a", "due_at": "٢٠٢٦-03-30T18:00Z"}'.encode(), "invalid"),
    "a script as a link": (b'{"title": "a", "url": "javascript:alert(1)"}', "invalid"),
    "a file as a link": (b'{"title": "a", "url": "file:///etc/passwd"}', "invalid"),
    "an unknown type": (b'{"title": "a", "content_type": "film"}', "invalid"),
    "an id of nothing": (b'{"title": "a", "channel": "chn_00000000000000000000000000"}', "invalid"),
    "an integer as id": (b'{"title": "a", "channel": 1}', "invalid"),
    "an id with NUL": (b'{"title": "a", "channel": "chn_\\u0000"}', "malformed"),
    "money without end": (b'{"title": "a", "cost": "1e400"}', "invalid"),
    "not a number as text": (b'{"title": "a", "cost": "NaN"}', "invalid"),
    "lengths the wrong way round": (
        b'{"title": "a", "length_min_seconds": 60, "length_max_seconds": 30}',
        "invalid",
    ),
    "more than enough lines": (
        json.dumps({"title": "a", "b_roll": ["shot"] * 101}).encode(),
        "invalid",
    ),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
def test_a_bad_body_is_a_clear_400(
    world: World, browser: Browser, body: bytes, code: str | None
) -> None:
    answer = browser("ben").post("/items/", body)

    problem = is_problem(answer, 400, code)
    if problem["code"] in ("invalid", "unknown_field"):
        assert problem["errors"]
        assert all(each["code"] and each["message"] for each in problem["errors"])
    assert not ContentItem.objects.exists()
    assert not Event.objects.exists()


def test_an_operation_without_fields_takes_none(world: World, browser: Browser) -> None:
    item, ben = world.item(), browser("ben")

    answer = ben.post(f"/items/{item.public_id}/archive/", {"reason": "old"})

    is_problem(answer, 400, "unknown_field")
    assert ContentItem.objects.get(pk=item.pk).archived_at is None


def test_a_naive_time_has_a_code_of_its_own(world: World, browser: Browser) -> None:
    answer = browser("ben").post("/items/", {"title": "a", "due_at": "2026-03-30T18:00"})

    assert answer.json()["errors"] == [
        {
            "field": "due_at",
            "code": "naive_datetime",
            "message": "Say the offset: 2026-03-30T18:00:00+03:00, or Z for UTC.",
        }
    ]


@pytest.mark.parametrize(
    "title",
    ["🎬 Leikkaus 🧑🏽‍🎤", "שלום עולם", "a\u202eb", "e\u0301", "  spaced  ", "\u200b", "ﷺ" * 200],
)
def test_text_that_is_taken_reads_back_as_it_was(
    world: World, browser: Browser, title: str
) -> None:
    ben = browser("ben")

    made = ben.post("/items/", {"title": title, "description": f"\n{title}\n"})

    read = ben.get(f"/items/{made.json()['id']}/").json()
    assert made.status_code == 201
    assert read["title"] == title.strip()  # a title has no edges
    assert read["description"] == f"\n{title}\n"


ADDRESSES = {
    "an unknown filter": ("/items/?colour=red", "unknown_filter"),
    "a misspelt parameter": ("/items/?limt=5", "unknown_filter"),
    "order through a relation": ("/items/?order=board__workspace__name", "invalid"),
    "order by a column": ("/items/?order=rank", "invalid"),
    "limit zero": ("/items/?limit=0", "invalid"),
    "limit 201": ("/items/?limit=201", "invalid"),
    "limit minus one": ("/items/?limit=-1", "invalid"),
    "limit in other digits": ("/items/?limit=٥", "invalid"),
    "limit of 5 000 digits": (f"/items/?limit={'9' * 5000}", "invalid"),
    "a cursor of junk": ("/items/?cursor=junk", "invalid_cursor"),
    "a cursor of base64 junk": ("/items/?cursor=eyJhIjoxfQ==", "invalid_cursor"),
    "another list's cursor": (
        f"/items/?cursor={signing.dumps(['2026-03-30T00:00:00+00:00', 'x'], salt='page /x')}",
        "invalid_cursor",
    ),
    "updated since naive": ("/items/?updated_since=2026-03-30T18:00", "invalid"),
    "updated since beyond": ("/items/?updated_since=9999-12-31T23:59:59-14:00", "invalid"),
    "NUL": ("/items/?q=a%00b", "malformed"),
    "bad UTF-8": ("/items/?q=%ff%fe", "malformed"),
    "a filter that is no id": ("/items/?channel=1", "unknown_or_invalid"),
    "an unknown kind": ("/items/?kind=film", "unknown_or_invalid"),
    "maybe": ("/items/?blocked=maybe", "unknown_or_invalid"),
    "due naive": ("/items/?due_before=2026-03-30T18:00", "invalid"),
    "events of an unknown type": ("/events/?types=item.exploded", "invalid"),
    "events from junk": ("/events/?cursor=evt_x", "invalid_cursor"),
    "events in other digits": ("/events/?cursor=evt_٠٠٠٠٠٠٠٠٠٠٠١", "invalid_cursor"),
    "search for nothing": ("/search/?q=%20", "invalid"),
    "search without words": ("/search/", "invalid"),
}


@pytest.mark.parametrize(("address", "code"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_a_bad_address_is_a_clear_400(
    world: World, browser: Browser, address: str, code: str
) -> None:
    answer = browser("ben").get(address)

    problem = is_problem(answer, 400)
    if code == "unknown_or_invalid":
        assert problem["code"] in ("invalid", "unknown_filter")
    else:
        assert problem["code"] == code


@pytest.mark.parametrize(
    "path",
    [
        "/items/1/",
        "/items/itm_1/",
        "/items/itm_%00/",
        "/items/9223372036854775808/",
        f"/items/{'9' * 5000}/",
        "/items/itm_٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥/",
        "/nothing/",
        "/items/itm_01JQ8Z6T2M4N5P6Q7R8S9TAVBW/nothing/",
    ],
)
def test_an_address_of_nothing_is_a_problem_too(world: World, browser: Browser, path: str) -> None:
    answer = browser("ben").get(path)

    assert answer.status_code in (400, 404)
    is_problem(answer, answer.status_code)


def test_an_address_of_20_000_letters_is_too_long(world: World, browser: Browser) -> None:
    is_problem(browser("ben").get(f"/items/?q={'a' * 20_000}"), 414, "uri_too_long")


def test_a_body_beyond_a_megabyte_is_too_large(world: World, browser: Browser) -> None:
    body = b'{"title": "' + b"a" * (1024 * 1024) + b'"}'

    is_problem(browser("ben").post("/items/", body), 413, "too_large")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/json; charset=utf-7", "nonsense", ""],
)
def test_another_type_of_body_is_a_415(world: World, browser: Browser, content_type: str) -> None:
    ben = browser("ben")

    answer = ben.client.generic(
        "POST", "/api/v1/items/", '{"title": "a"}', content_type, headers=ben.headers
    )

    is_problem(answer, 415, "unsupported_media_type")


def test_a_compressed_body_is_a_415(world: World, browser: Browser) -> None:
    answer = browser("ben").post("/items/", b"\x1f\x8b", Content_Encoding="gzip")

    is_problem(answer, 415, "unsupported_media_type")


def test_multipart_without_a_boundary_is_a_400(world: World, browser: Browser) -> None:
    ben, item = browser("ben"), world.item()

    answer = ben.client.generic(
        "POST",
        f"/api/v1/items/{item.public_id}/assets/",
        "x",
        "multipart/form-data",
        headers=ben.headers,
    )

    is_problem(answer, 400, "malformed")


def test_only_json_is_spoken(world: World, browser: Browser) -> None:
    is_problem(browser("ben").get("/me/", Accept="text/html"), 406, "not_acceptable")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_a_405_that_says_which_are_there(
    world: World, browser: Browser, method: str
) -> None:
    answer = browser("ben").call(method, "/items/")

    is_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, POST"


def test_a_write_by_cookie_needs_the_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ben)
    ben = Caller(client, {"Putki-Workspace": world.workspace.slug})

    read = ben.get("/items/")
    write = ben.post("/items/", {"title": "No"})

    assert read.status_code == 200
    is_problem(write, 403, "csrf")
    assert not ContentItem.objects.exists()


def test_a_session_has_to_name_its_workspace(world: World, browser: Browser) -> None:
    ben = browser("ben")
    ben.headers = {}

    is_problem(ben.get("/items/"), 400, "workspace_missing")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer nonsense", "Bearer putki_nonsense", "Basic YTpi", "Bearer ä b"]
)
def test_bad_credentials_are_a_401_even_beside_a_good_session(
    world: World, browser: Browser, header: str
) -> None:
    answer = browser("ben").get("/items/", Authorization=header)

    is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="putki"'


@pytest.mark.parametrize("tag", ["nonsense", '"abc"', 'W/"1"', '"99999999999999999999"', '"٧"'])
def test_a_version_that_is_none_never_matches(world: World, browser: Browser, tag: str) -> None:
    item = world.item()

    answer = browser("ben").patch(f"/items/{item.public_id}/", {"cta": "x"}, If_Match=tag)

    assert is_problem(answer, 412, "version_conflict")["current_version"] == 1
    assert ContentItem.objects.get(pk=item.pk).cta == ""


def test_a_busy_database_is_a_503_with_a_time_to_wait(
    world: World, browser: Browser, monkeypatch: Any
) -> None:
    def busy(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Items, "retrieve", busy)
    busy.action = Items.list.action  # type: ignore[attr-defined]

    answer = browser("ben").get(f"/items/{world.item().public_id}/")

    is_problem(answer, 503, "busy")
    assert int(answer["Retry-After"]) > 0


def test_what_nobody_foresaw_is_a_500_without_a_trace(
    world: World, browser: Browser, monkeypatch: Any
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("SELECT secret FROM somewhere")

    monkeypatch.setattr(Items, "retrieve", broken)
    broken.action = Items.list.action  # type: ignore[attr-defined]
    ben = browser("ben")
    ben.client.raise_request_exception = False

    answer = ben.get(f"/items/{world.item().public_id}/")

    is_problem(answer, 500, "internal")
    assert b"SELECT" not in answer.content
