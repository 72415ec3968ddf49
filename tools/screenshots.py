"""Takes the pictures of docs/screenshots from a demo team that is started for it.

    python -m tools.screenshots [--in FOLDER] [NAME …]

With a folder the demo team is made there once and kept for the next time. The same seed and the
same pages, so that a picture changes only when a page does.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.house import House
from tests.shared import ROOT

FOLDER = ROOT / "docs" / "screenshots"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 760}
TALL = {"width": 1440, "height": 1720}
CALENDAR = {"width": 1440, "height": 1180}
COLOURS = 128
BOARD = ROOT / "tools" / "spring-videos.json"
CARD = """
from django.db.models import Count
from production.models import ContentItem
rich = (
    ContentItem.objects.filter(stage__kind="edit", archived_at=None, blocked_reason="")
    .exclude(script__text="").annotate(openings=Count("hooks")).order_by("-openings", "id").first()
)
print(rich.key)
"""
PLANNED = """
from production.models import Publication
waiting = Publication.objects.filter(state="ready", publish_at__isnull=False)
print(waiting.order_by("publish_at", "id").first().item.key)
"""


def main() -> None:
    asked = ArgumentParser()
    asked.add_argument("--in", dest="folder", type=Path)
    asked.add_argument("names", nargs="*")
    options = asked.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="putki-pictures-") as temporary:
        house = House((options.folder or Path(temporary)).resolve())
        try:
            house.start("--demo", within=900)
            demo = json.loads((house.folder / "demo.json").read_text())
            card, planned = house.python(CARD), house.python(PLANNED)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                Pictures(browser, house, demo, card, planned).take(options.names)
                browser.close()
        finally:
            house.kill()


class Pictures:
    """Each method shows a page and leaves it ready to be taken."""

    def __init__(
        self, browser: Browser, house: House, demo: dict[str, str], card: str, planned: str
    ) -> None:
        self.browser, self.demo, self.card, self.planned = browser, demo, card, planned
        self.address = f"http://127.0.0.1:{house.port}"
        self.cookies = self.sign_in()

    def take(self, wanted: list[str]) -> None:
        for name, scheme, size, show in (
            ("board-light", "light", WIDE, self.board),
            ("board-dark", "dark", WIDE, self.board),
            ("card", "light", WIDE, self.one_card),
            ("flow", "light", TALL, self.flow),
            ("calendar", "light", CALENDAR, self.calendar),
            ("calendar-dark", "dark", CALENDAR, self.calendar),
            ("calendar-phone", "light", PHONE, self.calendar),
            ("publication", "light", WIDE, self.publication),
            ("settings", "light", WIDE, self.stages),
            ("import", "light", WIDE, self.import_),
            ("board-phone", "light", PHONE, self.board),
        ):
            if not wanted or name in wanted:
                self.picture(name, scheme, size, show)

    def picture(
        self, name: str, scheme: str, size: dict[str, int], show: Callable[[Page], None]
    ) -> None:
        context = self.browser.new_context(
            viewport=size,
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",  # type: ignore[arg-type]
        )
        context.add_cookies(self.cookies)
        page = context.new_page()
        show(page)
        # A page with a live stream is never idle; the fonts are what is waited for.
        page.evaluate("document.fonts.ready")
        save(page.screenshot(), FOLDER / f"{name}.png")
        context.close()

    def sign_in(self) -> list:
        context = self.browser.new_context()
        page = context.new_page()
        page.goto(f"{self.address}/accounts/login/")
        page.fill("[name=login]", self.demo["email"])
        page.fill("[name=password]", self.demo["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(re.compile("/w/"))
        cookies = context.cookies()
        context.close()
        return cookies

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(f"{self.address}/w/studio-aalto/{path}", wait_until="load")
        if answer is None or answer.status != 200:
            sys.exit(f"{path} answers {answer and answer.status}")

    def board(self, page: Page) -> None:
        self.open(page, "boards/")

    def one_card(self, page: Page) -> None:
        self.open(page, f"items/{self.card}/")

    def flow(self, page: Page) -> None:
        """The worker counts the demo's history first; the chart is there when it is done."""
        for _ in range(60):
            self.open(page, "flow/")
            if page.locator("#cfd .plot").count():
                return
            page.wait_for_timeout(1_000)
        sys.exit("the flow is not counted after a minute")

    def calendar(self, page: Page) -> None:
        self.open(page, "calendar/")

    def publication(self, page: Page) -> None:
        """The panel of a card that is about to go out."""
        self.open(page, f"items/{self.planned}/")
        page.locator("#publication").evaluate("panel => panel.scrollIntoView({block: 'center'})")

    def stages(self, page: Page) -> None:
        self.open(page, "settings/boards/")

    def import_(self, page: Page) -> None:
        self.open(page, "settings/imports/")
        page.set_input_files("input[type=file]", BOARD)
        page.locator("input[type=file]").locator("xpath=ancestor::form").locator(
            "button[type=submit], button:not([type])"
        ).first.click()
        page.wait_for_url(re.compile("/imports/imp_"))


def save(picture: bytes, to: Path) -> None:
    """As a palette: a page has few colours, and the repository keeps every version."""
    small = Image.open(io.BytesIO(picture)).convert("RGB")
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)
    print(f"{to.relative_to(ROOT)}: {to.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
