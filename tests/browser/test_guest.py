"""A client without an account, on a phone: opens the link, sends back, signs the new version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, Site

pytestmark = pytest.mark.browser
MAKE = """
from production import guests, publishing
item = items.create(board, title='Chairs by daylight', seat=seats['ben'], at=now)
publishing.draft(item, by=seats['ben'].user, at=now, caption='Three chairs, by daylight',
                 link_url='https://a.fi/opas')
item.refresh_from_db()
_guest, secret = guests.invite(item, name='Nina Client', seat=seats['ben'], at=now)
print(item.key, secret)
"""
CHANGE = """
from production import publishing, reviews
item = ContentItem.objects.get(workspace=workspace, number={number})
publishing.change(item.publications.get(), {{'caption': 'Three chairs, by candlelight'}},
                  by=seats['ben'].user, at=now)
reviews.request(item, by=seats['ben'].user, at=now)
"""


@pytest.fixture
def phone(site: Site, chromium: Browser) -> Iterator[Page]:
    """A browser that has never been here, 360 px wide; nothing foreign loads, no script fails."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, base_url=site.url, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(8_000)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(site.url) else wrong.append(request.url),
    )
    yield page
    context.close()
    assert not wrong, wrong


def test_a_guest_sends_back_and_then_signs_what_changed(
    site: Site, phone: Page, window: Open
) -> None:
    key, secret = site.python(MAKE).split()

    phone.goto(f"/g/{secret}/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chairs by daylight")
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.get_by_text("Only comment…").tap()
    phone.locator("#text").fill("The second chair is ours.")
    phone.get_by_role("button", name="Comment").tap()
    expect(phone.get_by_text("The second chair is ours.")).to_be_visible()
    phone.locator("#comment").fill("By candlelight, please")
    phone.get_by_role("button", name="Send back").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You have sent it back")

    site.python(CHANGE.format(number=key.split("-")[1]))
    phone.goto(f"/g/{secret}/")
    expect(phone.locator(".changes del")).to_have_text("daylight")
    expect(phone.locator(".changes ins")).to_have_text("candlelight")
    for name in ("facts", "brand", "cta"):
        phone.locator(f"[name={name}]").check()
    phone.get_by_role("button", name="Sign", exact=True).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You have signed it")

    card = window("ben", f"/w/studio-aalto/items/{key}/#review").page
    review = card.locator("#review")
    expect(review).to_contain_text("Signed by Nina Client")
    review.get_by_role("button", name="Revoke").click()
    expect(review).to_contain_text("revoked")
    phone.goto(f"/g/{secret}/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link was withdrawn")
