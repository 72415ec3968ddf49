"""A parent and its child processes: started in order, restarted when they die, stopped in order.

Children are forked from a parent that has loaded everything, so they start at once and share
its memory. Each has a process group of its own, or Ctrl-C would reach it twice, and asks the
kernel for a signal when the parent dies, so that a killed parent leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import structlog

log = structlog.get_logger("putki.up")

SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
HEALTHY_AFTER = 10.0
LONGEST_PAUSE = 15.0
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One process: what it runs, how it is asked to stop and how long it may take to."""

    name: str
    run: Callable[[], None]
    seconds_to_stop: float = 3.0
    orphaned: signal.Signals = signal.SIGTERM  # what it gets when the parent has died
    pid: int = 0
    started_at: float = 0.0
    failures: int = 0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = monotonic()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid:
            _set_group(self.pid)
            return
        code = 1
        try:
            _set_group(0)
            _become_child(self.name, self.orphaned, parent)
            self.run()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except KeyboardInterrupt:
            pass
        except BaseException:
            log.exception("child failed", child=self.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def signal(self, number: int, *, group: bool = False) -> None:
        if self.pid:
            try:
                os.kill(-self.pid if group else self.pid, number)
            except ProcessLookupError:
                pass

    def died(self, status: int) -> None:
        """Plan the next start: soon after a long life, later after each short one."""
        self.signal(signal.SIGKILL, group=True)  # its own children, if it left any
        lived = monotonic() - self.started_at
        self.failures = 0 if lived > HEALTHY_AFTER else self.failures + 1
        pause = min(0.25 * 2**self.failures, LONGEST_PAUSE) if self.failures else 0.1
        self.due_at, self.pid = monotonic() + pause, 0
        log.warning("child died", child=self.name, status=status, again_in=pause)


class Family:
    """The children that are to live."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        # Blocked and fetched one by one: no handler runs in the middle of anything.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def add(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        return child

    def watch(self) -> None:
        """Return when somebody asks to stop; until then replace whoever dies."""
        while True:
            number = self._next_signal(self._until_next_start())
            if number in STOPPING:
                return
            self._reap()
            for child in self.children:
                if not child.pid and monotonic() >= child.due_at:
                    child.start()

    def stop(self, *stop_order: list[Child]) -> None:
        """Group after group; asked again meanwhile, all at once and without mercy."""
        for group in stop_order:
            for child in group:
                child.signal(signal.SIGTERM)
            for child in group:
                if not self._wait_for(child, child.seconds_to_stop):
                    log.warning("child does not stop, killing it", child=child.name)
                child.signal(signal.SIGKILL, group=True)
                self._wait_for(child, 1.0)

    def wait_until_done(self, errand: Child) -> bool:
        """Whether a child that is no part of the family did its errand."""
        while True:
            number = self._next_signal(1.0)
            if number in STOPPING:
                errand.signal(signal.SIGKILL, group=True)
            pid, status = os.waitpid(errand.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status) == 0

    def _wait_for(self, child: Child, seconds: float) -> bool:
        until = monotonic() + seconds
        while child.pid and monotonic() < until:
            number = self._next_signal(until - monotonic())
            self._reap(stopping=True)
            if number in STOPPING:
                for other in self.children:
                    other.signal(signal.SIGKILL, group=True)
        return not child.pid

    def _until_next_start(self) -> float:
        due = [child.due_at for child in self.children if not child.pid]
        return max(min(due) - monotonic(), 0.01) if due else 3600.0

    @staticmethod
    def _next_signal(seconds: float) -> int | None:
        caught = signal.sigtimedwait(SIGNALS, max(seconds, 0))
        return caught.si_signo if caught else None

    def _reap(self, *, stopping: bool = False) -> None:
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid and stopping:
                child.signal(signal.SIGKILL, group=True)
                child.pid = 0
            elif pid:
                child.died(os.waitstatus_to_exitcode(status))


def _set_group(pid: int) -> None:
    try:
        os.setpgid(pid, pid)
    except (PermissionError, ProcessLookupError):
        pass  # the other side was quicker


def _become_child(name: str, orphaned: signal.Signals, parent: int) -> None:
    _libc.prctl(PR_SET_PDEATHSIG, int(orphaned))
    _libc.prctl(PR_SET_NAME, f"putki-{name}".encode()[:15])
    if os.getppid() != parent:  # it died before it could be asked for
        os._exit(1)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
