"""The playbook as one document: the page and the Markdown say the same, and only to the team."""

from __future__ import annotations

from datetime import timedelta

from playbook import evidence, strategies
from playbook.models import Play
from tests.people import NOON
from tests.playbook.test_evidence import LATER, over

PAGE = "/w/studio-aalto/playbook/document/"
FILE = "/w/studio-aalto/playbook/document.md"


def test_page_and_file_tell_the_team_what_it_has_learnt(world, strangers, client):
    words = dict.fromkeys(strategies.FIELDS, "") | {"goals": "300 leads | *cheap*"}
    strategies.save(words, version=0, seat=world.seat("ann"), at=NOON)
    for n in range(6):
        over(world, 16 + n, 9)
    evidence.renew(world.workspace, at=LATER)
    moments = {"created_at": NOON, "updated_at": NOON + timedelta(days=1)}
    for statement, state in (("Open with a number", "adopted"), ("Shout louder", "retired")):
        Play.objects.create(
            workspace=world.workspace, statement=statement, state=state, **moments
        )  # fmt: skip
    client.force_login(world.kim)

    page = client.get(PAGE).content.decode()
    answer = client.get(FILE)
    file = answer.content.decode()

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert "Open with a number" in page and "Shout louder" not in page + file
    assert "300 leads | *cheap*" in page
    assert r"300 leads \| \*cheap\*" in file
    assert "## Rules\n\n**Open with a number**" in file
    assert [line.split(" | ")[2] for line in file.splitlines() if line.startswith("| Hook: ")] == [
        "proven", "losing",
    ]  # fmt: skip
    assert "Saves per 1 000 impressions" in file
    client.force_login(strangers.eve)
    assert client.get(FILE).status_code == client.get(PAGE).status_code == 404
