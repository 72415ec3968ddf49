"""What every answer gets: an id, its headers, and as few bytes as the client can unpack."""

import gzip
import json
import logging

import brotli
import pytest
import zstandard
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.compression import Compression
from config.logs import hide_secrets
from config.middleware import RequestLog

TEXT = b"Why most hooks fail. " * 200
UNPACK = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def packed(answer: HttpResponse, accept: str) -> HttpResponse:
    return Compression(lambda _: answer)(RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accept))


@pytest.mark.parametrize(
    ("accept", "coder"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_best_coding_that_the_client_knows(accept: str, coder: str | None) -> None:
    answer = packed(HttpResponse(TEXT), accept)

    assert answer.get("Content-Encoding") == coder
    assert answer["Vary"] == "Accept-Encoding"
    assert UNPACK.get(str(coder), bytes)(answer.content) == TEXT
    if coder:
        assert int(answer["Content-Length"]) == len(answer.content) < len(TEXT) / 4


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(TEXT, headers={"Cache-Control": "no-store"}),
        HttpResponse(TEXT, headers={"ETag": '"7"'}),
        HttpResponse(TEXT, headers={"Content-Encoding": "br"}),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(b"short"),
    ],
    ids=["secret", "exactly these bytes", "packed already", "picture", "short"],
)
def test_some_answers_are_left_alone(answer: HttpResponse) -> None:
    before = answer.content, answer.get("Content-Encoding")

    packed(answer, "zstd")

    assert (answer.content, answer.get("Content-Encoding")) == before


def test_a_weak_etag_survives_packing() -> None:
    assert packed(HttpResponse(TEXT, headers={"ETag": 'W/"7"'}), "br")["ETag"] == 'W/"7"'


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("order-4711.a_b", True),
        ("short", False),
        ("x" * 65, False),
        ("two words here", False),
        ("ääkkösiä", False),
        ("a\r\nX-Evil: 1 1", False),
    ],
)
def test_a_callers_id_is_kept_if_it_is_harmless(offered: str, kept: bool) -> None:
    request = RequestFactory().get("/", HTTP_X_REQUEST_ID=offered)

    answer = RequestLog(lambda _: HttpResponse())(request)

    assert (answer["X-Request-Id"] == offered) is kept
    assert answer["X-Request-Id"] == request.request_id


@pytest.mark.django_db
def test_a_request_leaves_one_line_without_its_path(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "putki.request"):
        client.get("/accounts/login/?next=/secret-thing/", headers={"X-Request-Id": "asked-by-me"})

    (line,) = [record.msg for record in caplog.records if record.name == "putki.request"]
    assert line["route"] == "accounts/login/"
    assert line["status"] == 200
    assert "secret-thing" not in json.dumps(line, default=str)


def test_secrets_do_not_reach_the_log() -> None:
    line = {"event": "x", "api_token": "abc", "new_password": "horse", "title": "Why"}

    assert hide_secrets(None, "info", line) == {
        "event": "x",
        "api_token": "…",
        "new_password": "…",
        "title": "Why",
    }


@pytest.mark.django_db
def test_pages_allow_nothing_inline_and_nobody_to_frame_them(client: Client) -> None:
    answer = client.get("/accounts/login/")

    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_another_host_is_not_answered(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400
