"""From ASGI to Django's synchronous handler, on threads that stay.

The body is read before a thread is taken, so that a slow sender holds none. An answer with a
`tail` goes on after its body: the tail, an asynchronous iterator of bytes, is sent when the
request is closed and its thread and database connection are free again.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

Message = MutableMapping[str, Any]
Headers = list[tuple[str, str]]
log = logging.getLogger("putki.bridge")

BODY_SECONDS = 120.0
IN_MEMORY = 1024 * 1024
FLUSH = 256 * 1024


class Refused(Exception):
    """The request ends here, with this status and sentence."""

    def __init__(self, status: int, title: str) -> None:
        self.status, self.title = status, title


class Gone(Exception):
    """The client hung up."""


class Bridge:
    """An ASGI application that calls a WSGI application on `threads` threads."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], *, threads: int, body_limit: int):
        self.wsgi, self.threads, self.body_limit = wsgi, threads, body_limit
        self._pool: ThreadPoolExecutor | None = None

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"nothing here speaks {scope['type']}")
        try:
            with await self._read(scope, receive) as body:
                tail = await self._answer(scope, body, send)
            if tail is not None:
                await _send_tail(tail, receive, send)
        except Refused as refusal:
            await _refuse(send, refusal)
        except Gone:
            pass

    @property
    def pool(self) -> ThreadPoolExecutor:
        # Made by the first request, so that a process may fork after it has loaded everything.
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="web")
        return self._pool

    async def _read(self, scope: Message, receive: Any) -> IO[bytes]:
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > self.body_limit:
            raise Refused(413, "The request is too large")
        body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while await self._read_some(body, receive):
                    pass
        except BaseException as error:
            body.close()
            if isinstance(error, TimeoutError):
                raise Refused(408, "The request took too long to arrive") from None
            raise
        return body  # type: ignore[return-value]

    async def _read_some(self, body: Any, receive: Any) -> bool:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body.write(message.get("body", b""))
        if body.tell() > self.body_limit:
            raise Refused(413, "The request is too large")
        return bool(message.get("more_body", False))

    async def _answer(self, scope: Message, body: Any, send: Any) -> AsyncIterator[bytes] | None:
        loop = asyncio.get_running_loop()
        answer = Answer(lambda message: asyncio.run_coroutine_threadsafe(send(message), loop))
        environ = make_environ(scope, body)
        context = contextvars.copy_context()
        await loop.run_in_executor(self.pool, context.run, answer.make, self.wsgi, environ)
        for message in answer.rest:
            await send(message)
        return answer.tail


class Answer:
    """One call of the WSGI application: small answers in one go, large ones in pieces."""

    def __init__(self, send: Callable[[Message], Any]) -> None:
        self.send = send
        self.rest: list[Message] = []
        self.tail: AsyncIterator[bytes] | None = None
        self.started = False

    def make(self, wsgi: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
        result = None
        try:
            result = wsgi(environ, self._start)
            self.tail = getattr(result, "tail", None)
            if self.tail is not None:
                self._forget_length()
            self._collect(result)
        except Exception:
            log.exception("the application failed to answer")
            if self.started:
                raise
            self._start("500", [("Content-Type", "text/plain")])
            self._last(b"Something went wrong.")
        finally:
            if result is not None and hasattr(result, "close"):
                result.close()

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        pairs = [
            # Django's cookies begin with a space, which servers refuse.
            (name.lower().encode(), value.strip().encode("latin-1"))
            for name, value in headers
        ]
        start = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}
        self.rest = [start]

    def _forget_length(self) -> None:
        """Middleware counted the body; with the tail there is no telling."""
        headers = self.rest[0]["headers"]
        headers[:] = [pair for pair in headers if pair[0] != b"content-length"]

    def _collect(self, chunks: Iterable[bytes]) -> None:
        waiting = b""
        for chunk in chunks:
            waiting += chunk
            if len(waiting) >= FLUSH and getattr(chunks, "streaming", True):
                self._flush(waiting)
                waiting = b""
        self._last(waiting)

    def _flush(self, body: bytes) -> None:
        """Send a piece and wait until it is on its way: a slow reader slows the writer down."""
        for message in [
            *self.rest,
            {"type": "http.response.body", "body": body, "more_body": True},
        ]:
            self.send(message).result()
        self.rest, self.started = [], True

    def _last(self, body: bytes) -> None:
        more = self.tail is not None
        self.rest.append({"type": "http.response.body", "body": body, "more_body": more})


def make_environ(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    """The request as WSGI knows it."""
    length = body.tell()
    body.seek(0)
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    add_headers(environ, scope["headers"])
    environ["CONTENT_LENGTH"] = str(length)
    return environ


def add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """As CGI names them; a name with an underscore would pass for another and is dropped."""
    for raw, value in headers:
        if b"_" in raw:
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text


class _Errors:
    """What an application writes to its error stream goes to the log."""

    def write(self, text: str) -> None:
        if text.strip():
            log.error(text.rstrip())

    def flush(self) -> None:
        pass


async def _send_tail(tail: AsyncIterator[bytes], receive: Any, send: Any) -> None:
    sending = asyncio.ensure_future(_pour(tail, send))
    hung_up = asyncio.ensure_future(_until_gone(receive))
    try:
        done, _ = await asyncio.wait((sending, hung_up), return_when=asyncio.FIRST_COMPLETED)
        if sending in done and (error := sending.exception()):
            log.error("the stream broke off", exc_info=error)
    finally:
        for task in (sending, hung_up):
            task.cancel()
        await asyncio.gather(sending, hung_up, return_exceptions=True)


async def _pour(tail: AsyncIterator[bytes], send: Any) -> None:
    async for chunk in tail:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, refusal: Refused) -> None:
    problem = {"type": "about:blank", "title": refusal.title, "status": refusal.status}
    body = json.dumps(problem).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
