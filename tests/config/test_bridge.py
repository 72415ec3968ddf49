import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import pytest

from config import bridge
from config.bridge import Bridge

LIMIT = 1000


class Chunks(list):
    """An answer in pieces that notes when and where it was closed."""

    closed_by: str | None = None
    tail: AsyncIterator[bytes] | None = None
    streaming = True

    def close(self) -> None:
        self.closed_by = threading.current_thread().name


def scope(
    method: str = "POST", path: str = "/", headers: Iterable[tuple[bytes, bytes]] = ()
) -> dict:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"a=b",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("192.0.2.7", 5),
        "headers": list(headers),
    }


def ask(
    wsgi: Callable,
    asked: dict | None = None,
    body: Iterable[bytes] = (b"",),
    *,
    hang_up: bool = False,
) -> list[dict]:
    """Everything the bridge sends."""
    sent: list[dict] = []
    parts = list(body)
    messages = [
        {"type": "http.request", "body": part, "more_body": n < len(parts) - 1 or hang_up}
        for n, part in enumerate(parts)
    ]

    async def receive() -> dict:
        if messages:
            return messages.pop(0)
        if not hang_up:
            await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def run() -> None:
        application = Bridge(wsgi, threads=1, body_limit=LIMIT)
        await application(asked or scope(), receive, send)

    asyncio.run(run())
    return sent


def body_of(sent: list[dict]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def echo(environ: dict, start_response: Callable) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def environ_of(asked: dict) -> dict:
    seen: dict = {}

    def application(environ: dict, start_response: Callable) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    ask(application, asked)
    return seen


def test_a_body_in_pieces_arrives_whole() -> None:
    sent = ask(echo, body=[b"one ", b"two ", b"three"])

    assert sent[0]["status"] == 200
    assert body_of(sent) == b"one two three"
    assert len(sent) == 2


def test_a_body_without_announced_length_has_the_length_it_has() -> None:
    def application(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["CONTENT_LENGTH"].encode()]

    assert body_of(ask(application, body=[b"12345", b"678"])) == b"8"


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (scope(headers=[(b"content-length", b"1001")]), [b""]),
        (scope(), [b"x" * 600, b"x" * 600]),
    ],
    ids=["announced", "arriving"],
)
def test_a_body_that_is_too_large_never_reaches_the_application(
    asked: dict, body: list[bytes]
) -> None:
    called = []

    sent = ask(lambda *_: called.append(1) or [], asked, body)

    assert sent[0]["status"] == 413
    assert (b"content-type", b"application/problem+json") in sent[0]["headers"]
    assert not called


def test_half_a_request_never_reaches_the_application() -> None:
    called = []

    sent = ask(lambda *_: called.append(1) or [], body=[b"half"], hang_up=True)

    assert sent == []
    assert not called


def test_a_body_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    sent: list[dict] = []

    async def never() -> dict:
        await asyncio.sleep(10)
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Bridge(echo, threads=1, body_limit=LIMIT)(scope(), never, send))

    assert sent[0]["status"] == 408


def test_a_name_with_an_underscore_cannot_pass_for_another() -> None:
    environ = environ_of(
        scope(headers=[(b"x_forwarded_for", b"6.6.6.6"), (b"x-forwarded-for", b"192.0.2.9")])
    )

    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.9"


def test_repeated_names_are_joined_and_cookies_as_cookies() -> None:
    environ = environ_of(
        scope(headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-a", b"1"), (b"x-a", b"2")])
    )

    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_A"] == "1,2"


def test_a_cookie_goes_out_as_servers_accept_it() -> None:
    def application(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [("Set-Cookie", " a=1; Path=/")])
        return []

    assert ask(application)[0]["headers"] == [(b"set-cookie", b"a=1; Path=/")]


def test_a_path_keeps_its_bytes() -> None:
    environ = environ_of(scope(path="/käyrä/🎬"))

    assert environ["PATH_INFO"].encode("latin-1").decode() == "/käyrä/🎬"
    assert environ["QUERY_STRING"] == "a=b"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"


def test_an_application_that_fails_answers_500_and_says_nothing() -> None:
    def application(environ: dict, start_response: Callable) -> list[bytes]:
        raise RuntimeError("the password is horse")

    sent = ask(application)

    assert sent[0]["status"] == 500
    assert b"horse" not in body_of(sent)


def test_a_large_answer_goes_out_in_pieces_and_is_closed_on_its_thread() -> None:
    answer = Chunks([b"x" * 200_000] * 5)

    def application(environ: dict, start_response: Callable) -> Chunks:
        start_response("200 OK", [])
        return answer

    sent = ask(application)

    assert len(body_of(sent)) == 1_000_000
    assert len(sent) > 3
    assert [message.get("more_body", False) for message in sent[1:]][-1] is False
    assert answer.closed_by and answer.closed_by.startswith("web")


def test_the_tail_follows_when_the_request_is_closed() -> None:
    answer = Chunks([b"head "])

    async def tail() -> AsyncIterator[bytes]:
        assert answer.closed_by
        yield b"tail "
        yield b"end"

    def application(environ: dict, start_response: Callable) -> Chunks:
        start_response("200 OK", [("Content-Length", "5")])
        answer.tail = tail()
        return answer

    sent = ask(application)

    assert body_of(sent) == b"head tail end"
    assert sent[0]["headers"] == []
    assert sent[-1]["more_body"] is False


def test_the_tail_ends_when_the_client_hangs_up() -> None:
    ended = []
    answer = Chunks([b"head"])

    async def tail() -> AsyncIterator[bytes]:
        try:
            while True:
                await asyncio.sleep(0.01)
                yield b"."
        finally:
            ended.append(True)

    def application(environ: dict, start_response: Callable) -> Chunks:
        start_response("200 OK", [])
        answer.tail = tail()
        return answer

    ask(application)

    assert ended
