"""From experiments to the playbook: what counts, what it says, and the page that shows it."""

from __future__ import annotations

from datetime import timedelta

from experiments import register, snapshots
from experiments.models import Experiment
from playbook import evidence, vocabulary
from playbook.models import Attribute, Evidence, PooledLevel
from tests.experiments.test_register import lines, plan, put
from tests.people import NOON, World

LATER = NOON + timedelta(days=30)
PAGE = "/w/studio-aalto/playbook/"
NUMBER = {"text": "3 mistakes", "attributes": {"hook_type": "number"}}
QUESTION = {"text": "How long is too long?"}


def over(world: World, a: int, b: int, **values: object) -> Experiment:
    """An experiment on a number against a question that has ended; nobody decided it."""
    experiment = plan(world, NUMBER, QUESTION, **values)
    experiment = register.start(experiment, seat=world.seat("ben"), at=NOON)
    put(world, experiment, lines(14, (1000, a), (1000, b)))
    experiment = register.end(experiment, seat=None, at=LATER)
    snapshots.take(experiment, at=LATER)
    return experiment


def test_six_experiments_prove_what_two_do_not(world):
    for n in (0, 1):
        over(world, 16 + n, 9)
    evidence.renew(world.workspace, at=LATER)
    first = {row.level: row.label for row in PooledLevel.objects.all()}
    for n in (2, 3, 4, 5):
        over(world, 16 + n, 9)

    assert evidence.follow(world.workspace, at=LATER)

    number = PooledLevel.objects.get(attribute=Attribute.HOOK, level="number")
    question = PooledLevel.objects.get(attribute=Attribute.HOOK, level="question")
    assert first == {"number": "unproven", "question": "unproven"}
    assert (number.label, question.label) == ("proven", "losing")
    assert number.tests == number.variants == 6
    assert 0.2 < number.lift < 1.1
    assert number.low95 < number.low80 < number.lift < number.high80 < number.high95
    assert not evidence.follow(world.workspace, at=LATER)
    assert world.workspace in evidence.behind(at=LATER + timedelta(days=2))


def test_what_does_not_count_is_kept_with_the_reason(world):
    good = over(world, 16, 9)
    split = plan(world, NUMBER, QUESTION)
    split = register.start(split, seat=world.seat("ben"), at=NOON)
    put(world, split, lines(14, (1000, 16), (700, 9)))
    register.end(split, seat=None, at=LATER)
    snapshots.take(split, at=LATER)
    observed = over(world, 16, 9, allocation="none")
    running = plan(world, NUMBER, QUESTION)
    register.start(running, seat=world.seat("ben"), at=NOON)
    put(world, running, lines(14, (1000, 90), (1000, 9)))
    snapshots.take(running, at=LATER)

    evidence.renew(world.workspace, at=LATER)

    told = set(Evidence.objects.values_list("experiment", "randomised", "excluded"))
    assert told == {(good.pk, True, ""), (split.pk, True, "srm"), (observed.pk, False, "")}
    assert set(PooledLevel.objects.values_list("tests", flat=True)) == {1}


def test_the_page_shows_labels_chances_and_the_experiments_behind(client, world, strangers):
    client.force_login(world.kim)
    assert "Nothing is known yet" in client.get(PAGE).content.decode()
    for n in range(6):
        over(world, 16 + n, 9)
    evidence.renew(world.workspace, at=LATER)

    text = client.get(PAGE).content.decode()

    assert "<strong>1 proven</strong>" in text
    assert " of 100" in text
    assert f'href="/w/{world.workspace.slug}/experiments/6/"' in text
    assert "Expected false" in text
    for person, status in ((strangers.eve, 404), (world.otto, 403)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status


def test_the_type_of_an_opening_is_read_where_nobody_said_it():
    read = {
        "Kuinka pitkä on liian pitkä?": "question",
        "How to light a face": "how_to",
        "Näin valaiset kasvot": "how_to",
        "5 tracks we never want to hear again": "number",
        "Your lamp stands in the wrong place": "claim",
        " ": "",
    }
    assert {text: vocabulary.hook_of(text) for text in read} == read
    assert vocabulary.level_of("length", "length", {}, "22 seconds") == "15-24"
    assert vocabulary.level_of("hook", "length", {}, "22 seconds") == ""
