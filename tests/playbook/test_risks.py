"""The risk register: detectors with numbers, one notice at a time, an outcome at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from playbook import risks
from playbook.models import RegisteredRisk, RiskSignal
from playbook.risks import words
from playbook.risks.detectors import Change, Seen, detect
from production import items
from production.errors import Invalid, NotAllowed
from production.models import ContentItem, Event
from tests.people import NOON, World

UP, DOWN, FLAT = Change(100, 115, 40), Change(100, 85, 40), Change(100, 100, 40)


@pytest.mark.parametrize(
    ("detector", "fires", "quiet"),
    [
        ("flood", Seen(impressions=UP, viewed=FLAT, saves=DOWN), Seen(impressions=UP, saves=FLAT)),
        ("measurement", Seen(impressions=UP, clicks=FLAT, leads=DOWN),
         Seen(impressions=UP, clicks=DOWN, leads=UP)),
        ("trust", Seen(reports=Change(0.2, 0.31, 12)), Seen(reports=Change(0.2, 0.31, 9))),
        ("algorithm", Seen(reach={"Myth": Change(9, 7), "List": Change(9, 7), "Duo": UP}),
         Seen(reach={"Myth": Change(9, 7), "List": FLAT})),
        ("overload", Seen(published=Change(8, 6), lead_hours=Change(60, 80)),
         Seen(published=Change(8, 6), lead_hours=Change(50, 60), due=10, unlearnt=3)),
    ],
)  # fmt: skip
def test_each_detector_fires_on_its_symptom_alone(detector: str, fires: Seen, quiet: Seen) -> None:
    assert detect(detector, fires).fires  # type: ignore[union-attr]
    assert not detect(detector, quiet).fires  # type: ignore[union-attr]
    assert detect(detector, Seen()) is None
    assert words.say(detector, detect(detector, fires).numbers).endswith(".")  # type: ignore[union-attr]


def test_the_sentence_has_the_numbers() -> None:
    found = detect("flood", Seen(impressions=Change(1000, 1120), saves=Change(10, 8.8)))

    assert found is not None
    assert words.say("flood", found.numbers) == (
        "Two weeks against the two before: impressions +12 %, saves per 1 000 −12 %."
    )


@pytest.fixture
def overloaded(world: World) -> RegisteredRisk:
    """Eight cards came out, then two: slower, and nobody wrote down what they taught."""
    for n in range(10):
        card = items.create(world.board, title=f"Card {n}", seat=world.seat("ben"), at=NOON)
        out = NOON - timedelta(days=27 - n if n < 8 else 13 - (n - 8))
        ContentItem.objects.filter(pk=card.pk).update(
            idea_at=out - timedelta(hours=40 if n < 8 else 200), published_at=out,
            decision="repeat" if n < 4 else "",
        )  # fmt: skip
    risks.take_up(seat=world.seat("ann"), at=NOON)
    return RegisteredRisk.objects.get(workspace=world.workspace, code="overload")


def test_a_symptom_opens_one_notice_and_closes_with_an_outcome(
    world: World, overloaded: RegisteredRisk, client: Client
) -> None:
    [opened] = risks.evaluate(world.workspace, at=NOON)
    assert risks.evaluate(world.workspace, at=NOON + timedelta(hours=1)) == []
    assert (opened.risk, opened.due_on) == (overloaded, NOON.date() + timedelta(days=7))
    told = Event.objects.get(type="risk.raised")
    assert told.data["numbers"]["published"] == pytest.approx(-0.75)
    client.force_login(world.ben)
    page = client.get(f"/w/{world.workspace.slug}/risks/").content.decode()
    assert "1 shows" in page

    act = f"/w/{world.workspace.slug}/risks/{overloaded.public_id}/act/"
    client.post(act, {"outcome": "done", "note": " "})
    assert RiskSignal.objects.filter(closed_at=None).exists()
    client.post(act, {"outcome": "done", "note": "Captions are automated."})
    assert not RiskSignal.objects.filter(closed_at=None).exists()
    overloaded.refresh_from_db()
    assert overloaded.state == "quiet"

    # It still shows, and opens nothing new; when it has gone once, it may.
    assert risks.evaluate(world.workspace, at=NOON + timedelta(days=1)) == []
    ContentItem.objects.filter(decision="").update(decision="drop")
    ContentItem.objects.update(idea_at=NOON - timedelta(days=30), history_from=NOON)
    assert risks.evaluate(world.workspace, at=NOON + timedelta(days=1)) == []
    assert Event.objects.filter(type="risk.cleared").count() == 1
    ContentItem.objects.update(history_from=None, decision="")
    assert len(risks.evaluate(world.workspace, at=NOON + timedelta(days=2))) == 1


def test_an_owner_keeps_the_register(world: World, strangers: World, client: Client) -> None:
    home = f"/w/{world.workspace.slug}/risks/"
    client.force_login(world.ann)
    assert "Take up the five risks" in client.get(home).content.decode()
    client.post(f"{home}take-up/")
    client.post(f"{home}take-up/")
    risk = RegisteredRisk.objects.get(code="trust")
    assert RegisteredRisk.objects.count() == 5
    sent = {
        "name": risk.name, "symptom": risk.symptom, "mitigation": "Two pairs of eyes.",
        "owner": world.vera.pk, "next_review_on": "2026-04-01",
    }  # fmt: skip
    assert client.post(f"{home}{risk.public_id}/", sent).status_code == 302
    assert Event.objects.get(type="risk.changed").data["changes"]["owner"] == [
        "Ann Koski", "Vera Salo",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        risks.change(risk, {"owner": strangers.eve}, seat=world.seat("ann"), at=NOON)
    with pytest.raises(NotAllowed):
        risks.retire(risk, seat=world.seat("ben"), at=NOON)
    for person, look in ((world.kim, 200), (world.otto, 403), (strangers.eve, 404)):
        client.force_login(person)
        assert client.get(home).status_code == look
        assert client.post(f"{home}{risk.public_id}/act/", {"review": "1"}).status_code in (
            403,
            404,
        )
