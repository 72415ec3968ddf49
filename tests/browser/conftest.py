"""A real browser before a real house: each test has a fresh window, signed in as one of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.house import House, house_of_its_own

CAST = ("ann", "ben", "vera", "kim", "otto")
WORLD = """
from django.test import Client
from tests.people import make_world
world = make_world()
for name in {cast}:
    client = Client()
    client.force_login(getattr(world, name))
    print(name, client.cookies["sessionid"].value)
"""
# What moves and will end gets a moment to end.
UNTIL_STILL = """Promise.race([
    new Promise(done => setTimeout(done, 400)),
    Promise.allSettled(document.getAnimations()
        .filter(each => each.effect.getComputedTiming().endTime < Infinity)
        .map(each => each.finished)),
])"""


@dataclass
class Site:
    """The house, its address, and everybody's session."""

    house: House
    url: str
    sessions: dict[str, str]

    def python(self, code: str) -> str:
        """What the code prints; `world` is at hand as the workspace, board and stages by kind."""
        begin = (
            "from django.utils import timezone\n"
            "from production import items, moves\n"
            "from production.models import *\n"
            "from production.permissions import seat_of\n"
            "workspace = Workspace.objects.get(slug='studio-aalto')\n"
            "board = Board.objects.get(workspace=workspace)\n"
            "stages = {s.kind: s for s in Stage.objects.filter(board=board)}\n"
            "seats = {m.user.name.split()[0].lower(): seat_of(m) for m in "
            "Membership.objects.filter(workspace=workspace).select_related('user', 'workspace')}\n"
            "now = timezone.now()\n"
        )
        return self.house.console.python(begin + code)


@dataclass
class Window:
    """A page of one person, and everything that went wrong on it."""

    page: Page
    context: BrowserContext
    wrong: list[str] = field(default_factory=list)


Open = Callable[..., Window]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Putki with the cast of the tests, on one board without gates or limits."""
    with house_of_its_own() as house:
        house.start()
        lines = house.console.python(WORLD.format(cast=CAST)).splitlines()
        sessions = dict(line.split() for line in lines if line.split()[0] in CAST)
        yield Site(house, f"http://127.0.0.1:{house.port}", sessions)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs Chromium, which is not on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(site: Site, chromium: Browser) -> Iterator[Open]:
    """`window("ann", "/w/…", width=360, theme="dark")`; no script fails, nothing foreign loads."""
    opened: list[Window] = []

    def open_window(
        person: str, path: str, *, width: int = 1440, theme: str = "light", touch: bool = False
    ) -> Window:
        options: dict[str, Any] = {"has_touch": True, "is_mobile": True} if touch else {}
        context = chromium.new_context(
            viewport={"width": width, "height": 780 if width < 500 else 900},
            color_scheme=theme,  # type: ignore[arg-type]
            base_url=site.url,
            **options,
        )
        context.set_default_timeout(8_000)
        context.add_cookies(
            [{"name": "sessionid", "value": site.sessions[person], "url": site.url}]
        )
        made = Window(context.new_page(), context)
        made.page.on("pageerror", lambda error: made.wrong.append(f"script: {error}"))
        made.page.on("request", lambda request: _note_foreign(made, request.url, site.url))
        opened.append(made)
        made.page.goto(path)
        return made

    yield open_window
    wrong = [each for one in opened for each in one.wrong]
    for one in opened:
        one.context.close()
    assert not wrong, wrong


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out, when nothing moves any more."""
    page.evaluate(UNTIL_STILL)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def serious_in_both_themes(page: Page) -> list[str]:
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{theme}: {each}" for each in serious(page)]
    return found


def _note_foreign(window: Window, url: str, own: str) -> None:
    if not url.startswith((own, "data:", "blob:")):
        window.wrong.append(f"foreign request: {url}")
