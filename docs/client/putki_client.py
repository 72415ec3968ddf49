"""A scheduler for Putki in one file: the public API and the standard library, nothing else.

    PUTKI=https://putki.example TOKEN=putki_… PLATFORM=http://127.0.0.1:9000 python putki_client.py

It asks what is ready, claims it, reports `scheduled`, posts it when its time has come and reports
what became of it. Replace `Platform` by what you post with; keep the order of `Scheduler.publish`:

1. Claim, and hold the claim by a heartbeat until the first report makes it yours.
2. Report `publishing`. Any refusal means: do not post.
3. Write down that you are posting. Post once.
4. Report `published`, `failed` (you know that it is not out) or `unconfirmed` (you do not know).

An outcome that nobody knows is never a failure, and never a reason to post again.
"""

from __future__ import annotations

import json
import logging
import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

log = logging.getLogger("putki_client")
Json = dict[str, Any]


class Refused(Exception):
    """The server has said no, and will go on saying so: `code` is one of its documented codes."""

    def __init__(self, status: int, document: Json) -> None:
        self.status, self.code, self.document = status, document.get("code", ""), document
        super().__init__(f"{status} {self.code}: {document.get('detail', '')}")


class Unreachable(Exception):
    """No answer in all our patience. Whether the server heard us, nobody knows."""


class Rejected(Exception):
    """The platform did not take the post, for certain."""

    def __init__(self, code: str, message: str, *, retryable: bool, wait: float = 0) -> None:
        self.code, self.retryable, self.wait = code, retryable, wait
        super().__init__(message)


class OutcomeUnknown(Exception):
    """The platform may have taken the post, or may yet."""


class _TryAgain(Exception):
    def __init__(self, why: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(why)


class Putki:
    """The API. Every call is tried again until it is answered, with the same Idempotency-Key."""

    def __init__(
        self, base: str, token: str, *, patience: float = 120, timeout: float = 20
    ) -> None:
        self.base, self.token = base.rstrip("/"), token
        self.patience, self.timeout = patience, timeout

    def ready(self, **filters: str) -> Iterator[Json]:
        """Everything that may be claimed, the earliest first; `channel`, `from`, `to`, …"""
        cursor = ""
        while cursor is not None:
            asked = {"state": "ready", **filters} | ({"cursor": cursor} if cursor else {})
            page = self.ask("GET", f"publications/?{urlencode(asked)}")
            yield from page["data"]
            cursor = page["next_cursor"]

    def changes(self, cursor: str = "", **filters: str) -> tuple[list[Json], str]:
        """What has happened since the cursor, and the next one. Keep it, and nothing is missed."""
        asked = filters | ({"cursor": cursor} if cursor else {})
        page = self.ask("GET", f"events/?{urlencode(asked)}")
        return page["data"], page["next_cursor"]

    def claim(self, wish: Json, *, client: Json, seconds: int) -> list[Json]:
        """Claims of one (`{"publication": id}`) or the next few (`{"filter": …, "max": n}`)."""
        body = {**wish, "client": client, "ttl_seconds": seconds}
        return self.ask("POST", "leases/", body, key=uuid.uuid4().hex)["leases"]

    def extend(self, lease: str, seconds: int) -> None:
        self.ask("PATCH", f"leases/{lease}/", {"ttl_seconds": seconds})

    def give_back(self, lease: str) -> None:
        self.ask("DELETE", f"leases/{lease}/")

    def report(self, publication: str, report: Json) -> Json:
        """Say what became of it. The same report may be sent any number of times."""
        key = f"{report['lease']}.{report['report_id']}"
        return self.ask("POST", f"publications/{publication}/reports/", report, key=key)

    def add_external(self, publication: str, **known: str) -> None:
        self.ask("PATCH", f"publications/{publication}/external/", known)

    def ask(self, method: str, path: str, body: Json | None = None, *, key: str = "") -> Any:
        """The answer. Raises Refused, and Unreachable when patience has come to its end."""
        until, pause = time.monotonic() + self.patience, 0.2
        while True:
            try:
                return self._send(method, path, body, key)
            except _TryAgain as again:
                wait = again.wait
                if wait is None:
                    wait = pause * random.uniform(0.5, 1.5)  # noqa: S311 - to spread retries
                if time.monotonic() + wait > until:
                    raise Unreachable(f"{method} {path}: {again}") from again
                log.info("%s %s: %s; again in %.1f s", method, path, again, wait)
                time.sleep(wait)
                pause = min(2 * pause, 15)

    def _send(self, method: str, path: str, body: Json | None, key: str) -> Any:
        request = Request(  # noqa: S310 - the address is the operator's own
            f"{self.base}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        if key:
            request.add_header("Idempotency-Key", key)
        try:
            with urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                text = answer.read()
                return json.loads(text) if text else {}
        except HTTPError as error:
            raise _meaning_of(error) from None
        except (OSError, HTTPException, ValueError) as error:
            raise _TryAgain(f"no answer ({error})") from error


def _meaning_of(error: HTTPError) -> Exception:
    """Refused, or something that passes: too many requests, a restart, a twin still running."""
    try:
        document = json.loads(error.read())
    except (OSError, HTTPException, ValueError):
        document = {}
    if error.code == 429 or error.code >= 500 or document.get("code") == "in_progress":
        return _TryAgain(f"{error.code} {document.get('code', '')}", _seconds(error))
    return Refused(error.code, document)


def _seconds(error: HTTPError) -> float | None:
    """What `Retry-After` asks for, if it does."""
    text = error.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None


class Platform:
    """Where posts go: here `fake_platform.py`. Yours needs these three methods."""

    def __init__(self, base: str, *, timeout: float = 20) -> None:
        self.base, self.timeout = base.rstrip("/"), timeout

    def post(self, publication: Json) -> Json:
        """Post once: `external_id` and `permalink`, or `publish_handle` while these are to come.

        Raises Rejected when it is certainly not out, OutcomeUnknown for everything else.
        """
        body = {"ref": publication["id"], "text": publication["caption"]["text"]}
        body |= {"media": [each["url"] for each in publication["media"]]}
        try:
            return self._ask("POST", "/posts", body)
        except HTTPError as error:
            if error.code == 429:
                wait = _seconds(error) or 60
                raise Rejected("rate_limited", "429", retryable=True, wait=wait) from None
            if error.code < 500:
                raise Rejected("validation", str(error), retryable=False) from None
            raise OutcomeUnknown(str(error)) from None
        except URLError as error:
            # Nobody was there to take it. Any other failure may have come after the post.
            if isinstance(error.reason, ConnectionRefusedError):
                raise Rejected("platform_down", str(error), retryable=True, wait=60) from None
            raise OutcomeUnknown(str(error)) from None
        except (OSError, HTTPException, ValueError) as error:
            raise OutcomeUnknown(str(error)) from None

    def find(self, publication: str) -> Json | None:
        """The post of this publication, if it can be seen. Not to see it proves nothing."""
        return self._look(f"/posts?ref={quote(publication)}")

    def look_up(self, handle: str) -> Json | None:
        """`external_id` and `permalink` of a post that had none at first; None: not yet."""
        return self._look(f"/handles/{quote(handle)}")

    def _look(self, path: str) -> Json | None:
        try:
            return self._ask("GET", path).get("post")
        except (OSError, HTTPException, ValueError):
            return None

    def _ask(self, method: str, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.base + path, data=data, method=method)  # noqa: S310
        with urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
            return json.loads(answer.read())


class Journal:
    """What was begun, on disk before it happens: what a scheduler knows after a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[str, Json] = {}
        lines = path.read_text().splitlines() if path.exists() else []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the line at which the power went
            self._remember(entry)

    def note(self, entry: Json, step: str, **more: Any) -> None:
        """The entry has come to this step; `done` forgets it."""
        entry |= {"step": step, **more}
        with self.path.open("a") as file:
            file.write(f"\n{json.dumps(entry)}\n")
            file.flush()
            os.fsync(file.fileno())
        self._remember(entry)

    def _remember(self, entry: Json) -> None:
        self.entries[entry["lease"]] = entry
        if entry["step"] == "done":
            del self.entries[entry["lease"]]

    def at(self, *steps: str) -> list[Json]:
        return [entry for entry in self.entries.values() if entry["step"] in steps]


class Heartbeat:
    """Extends claims while there is nothing to report yet, and remembers which were lost."""

    def __init__(self, putki: Putki, leases: list[str], seconds: int) -> None:
        self.putki, self.leases, self.seconds = putki, set(leases), seconds
        self.lost: set[str] = set()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heartbeat:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _beat(self) -> None:
        while not self.stopped.wait(self.seconds / 3):
            for lease in list(self.leases - self.lost):
                try:
                    self.putki.extend(lease, self.seconds)
                except Refused:
                    self.lost.add(lease)
                except Unreachable:
                    log.warning("The claim %s may run out: no answer.", lease)


class Scheduler:
    """Takes what is due within `ahead` seconds, and posts each at its time."""

    def __init__(
        self,
        putki: Putki,
        platform: Platform,
        journal: Journal,
        *,
        name: str,
        ahead: int = 600,
        batch: int = 5,
        claim_seconds: int = 300,
    ) -> None:
        self.putki, self.platform, self.journal = putki, platform, journal
        self.client = {"name": name, "run": uuid.uuid4().hex[:12]}
        self.ahead, self.batch, self.claim_seconds = ahead, batch, claim_seconds

    def run(self, every: float = 15) -> None:
        """For ever."""
        while True:
            try:
                self.once()
            except (Unreachable, Refused) as error:
                log.warning("%s", error)
            time.sleep(every)

    def once(self) -> int:
        """Finish what an earlier run left, claim, post what is due; how many were claimed."""
        self.resume()
        claimed = self.claim()
        for entry in self.journal.at("scheduled"):
            if _due(entry) <= datetime.now(UTC):
                self.publish(entry)
        self.add_late_ids()
        return claimed

    def resume(self) -> None:
        """Say what became of everything that was under way when we stopped."""
        for entry in self.journal.at("claimed"):
            self._give_back(entry)
        for entry in self.journal.at("posting"):
            self._say_what_is_seen(entry, "The scheduler stopped while it was posting.")
        for entry in self.journal.at("told"):
            self._tell(entry, entry["report"])

    def claim(self) -> int:
        """Claim, prepare and report `scheduled`: from then on a claim does not run out."""
        before = datetime.now(UTC) + timedelta(seconds=self.ahead)
        wish = {"filter": {"due_before": before.isoformat()}, "max": self.batch}
        got = self.putki.claim(wish, client=self.client, seconds=self.claim_seconds)
        entries = [_entry_of(lease) for lease in got]
        for entry in entries:
            self.journal.note(entry, "claimed")
        leases = [entry["lease"] for entry in entries]
        with Heartbeat(self.putki, leases, self.claim_seconds) as heart:
            for entry in entries:
                self.prepare(entry["publication"])
                if entry["lease"] in heart.lost:
                    self.journal.note(entry, "done")
                else:
                    self._schedule(entry)
                heart.leases.discard(entry["lease"])
        return len(entries)

    def prepare(self, publication: Json) -> None:
        """Whatever takes long before a post: fetch the files, convert them."""

    def publish(self, entry: Json) -> None:
        """Post once, if the server says that it is still ours, and report the outcome."""
        try:
            # A new report each time: the answer to an old one says nothing of the present.
            self._report(entry, "publishing", uuid.uuid4().hex)
        except Refused as refused:
            self._stop(entry, refused)
            return
        self.journal.note(entry, "posting")
        try:
            posted = self.platform.post(entry["publication"])
        except Rejected as rejected:
            self._tell(entry, _failure(entry, rejected))
        except OutcomeUnknown as unknown:
            self._say_what_is_seen(entry, str(unknown))
        else:
            self._tell(entry, _success(entry, posted))

    def add_late_ids(self) -> None:
        """Ids that the platform gives only later, such as those of an upload in moderation."""
        for entry in self.journal.at("late"):
            found = self.platform.look_up(entry["report"]["publish_handle"])
            if found is not None:
                known = {name: found[name] for name in ("external_id", "permalink")}
                self.putki.add_external(entry["publication"]["id"], **known)
                self.journal.note(entry, "done")

    def _schedule(self, entry: Json) -> None:
        try:
            self._report(entry, "scheduled", "scheduled", scheduled_for=_due(entry).isoformat())
        except Refused as refused:
            self._stop(entry, refused)
        else:
            self.journal.note(entry, "scheduled")

    def _say_what_is_seen(self, entry: Json, why: str) -> None:
        """Published if the post can be seen. If not, that is no proof: unconfirmed."""
        found = self.platform.find(entry["publication"]["id"])
        if found is not None:
            self._tell(entry, _success(entry, found))
            return
        reason = {"code": "timeout", "message": why[:500]}
        self._tell(entry, _body(entry, "unconfirmed", "outcome", reason=reason))

    def _tell(self, entry: Json, report: Json) -> None:
        """Report the outcome, now or whenever the server is back: it is written down first."""
        self.journal.note(entry, "told", report=report)
        try:
            answer = self.putki.report(entry["publication"]["id"], report)
        except Unreachable as error:
            log.warning("%s: will be reported later (%s)", entry["publication"]["id"], error)
            return
        except Refused as refused:
            if refused.status == 400 and report["status"] == "published":
                # It is out, but not as we say: the address is another post's. A person must look.
                reason = {"code": "other", "message": str(refused)[:500]}
                self._tell(entry, _body(entry, "unconfirmed", "doubt", reason=reason))
                return
            self._stop(entry, refused)
            return
        for warning in answer["warnings"]:
            log.warning("%s: %s", entry["publication"]["id"], warning)
        self.journal.note(entry, "late" if report.get("external_id_pending") else "done")

    def _report(self, entry: Json, status: str, report_id: str, **said: Any) -> None:
        self.putki.report(entry["publication"]["id"], _body(entry, status, report_id, **said))

    def _give_back(self, entry: Json) -> None:
        try:
            self.putki.give_back(entry["lease"])
        except Refused as refused:
            log.info("%s", refused)  # it has run out already
        self.journal.note(entry, "done")

    def _stop(self, entry: Json, refused: Refused) -> None:
        """It is not ours any more: held, cancelled, or somebody else's."""
        log.warning("Stopped with %s: %s", entry["publication"]["id"], refused)
        self.journal.note(entry, "done")


def _entry_of(lease: Json) -> Json:
    return {name: lease[name] for name in ("fence", "publication")} | {"lease": lease["id"]}


def _body(entry: Json, status: str, report_id: str, **said: Any) -> Json:
    return {
        "lease": entry["lease"],
        "fence": entry["fence"],
        "status": status,
        "report_id": report_id,
        "content_digest": entry["publication"]["content_digest"],
        "occurred_at": datetime.now(UTC).isoformat(),
        "tool": {"name": "putki_client"},
        **said,
    }


def _success(entry: Json, posted: Json) -> Json:
    said = {name: posted.get(name) for name in ("external_id", "permalink", "publish_handle")}
    moment = posted.get("published_at") or datetime.now(UTC).isoformat()
    pending = not said["external_id"]
    more = {"published_at": moment, "external_id_pending": pending}
    return _body(entry, "published", "outcome", **said, **more)


def _failure(entry: Json, rejected: Rejected) -> Json:
    reason = {"code": rejected.code, "message": str(rejected)[:500]}
    said: Json = {"reason": reason, "outcome_known": True, "retryable": rejected.retryable}
    if rejected.retryable:
        again = datetime.now(UTC) + timedelta(seconds=rejected.wait)
        said["retry_after"] = again.isoformat()
    return _body(entry, "failed", "outcome", **said)


def _due(entry: Json) -> datetime:
    return datetime.fromisoformat(entry["publication"]["publish_at"]["utc"])


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    journal = Journal(Path(os.environ.get("JOURNAL", "putki_client.journal")))
    putki = Putki(os.environ["PUTKI"], os.environ["TOKEN"])
    platform = Platform(os.environ["PLATFORM"])
    name = os.environ.get("NAME", "putki_client")
    Scheduler(putki, platform, journal, name=name).run()


if __name__ == "__main__":
    main()
