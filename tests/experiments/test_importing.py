"""A file of numbers as one unit: previewed, committed once, taken back, matched with care."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from experiments import importing
from experiments.importing import undoing
from experiments.models import MetricSource, MetricSubject, Observation
from production.errors import NotAllowed, Refused
from production.models import Channel, Publication
from tests.experiments.imports.exports import TIKTOK_DAYS, TIKTOK_VIDEOS
from tests.people import NOON, make_world

LINK = "https://www.tiktok.com/@aalto/video/75674521129810690"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def post(world):
    made = world.publication(caption="Three mistakes in your first three seconds")
    Publication.objects.filter(pk=made.pk).update(
        state="published", published_at=datetime(2026, 3, 10, 16, 5, tzinfo=UTC),
        external_id="7567452112981069079",
    )  # fmt: skip
    return made


def row(ident="79", title="Something else", at="2026/03/10 18:00:00", views=100, saves=3):
    return f"{title},{LINK}{ident},{at},{views},5,1,0,{saves}"


def receive(world, *rows, who="ben", header=TIKTOK_VIDEOS, at=NOON, **said):
    file = ContentFile("\n".join([header, *rows]).encode())
    return importing.receive(file, "videos.csv", seat=world.seat(who), at=at, **said)


def bring_in(world, *rows, at=NOON, **said):
    run = receive(world, *rows, at=at, **said).run
    if "zone" in run.report["asks"]:
        run = importing.settle(run, {"zone": "Europe/Helsinki"}, seat=world.seat("ben"), at=at)
    return importing.apply(importing.begin(run, seat=world.seat("ben"), at=at))


def stored():
    return sorted(Observation.objects.values_list("subject", "metric", "grain", "value"))


def test_a_file_is_previewed_then_written_and_missing_numbers_are_not(world, post):
    run = receive(world, row(saves="--"), row("80", "Nobody knows this")).run

    assert (run.state, run.recognised) == ("previewed", "tiktok.videos")
    assert (run.report["matched"], run.report["unmatched"]) == (1, 1)
    assert run.report["asks"] == ["zone"]
    assert not Observation.objects.exists()

    done = bring_in(world, row(saves="--"), row("80", "Nobody knows this"))

    assert done.pk == run.pk
    subject = MetricSubject.objects.get(publication=post)
    # likes 5, comments 1, shares 0, views and impressions 100: and no saves
    values = subject.observations.values_list("value", flat=True)
    assert sorted(values) == [0, 1, 5, 100, 100]
    unknown = MetricSubject.objects.get(kind="unmatched")
    assert (unknown.platform, unknown.title) == ("tiktok", "Nobody knows this")


def test_the_zone_is_asked_once_and_no_number_comes_in_before_it_is_told(world, post):
    run = receive(world, row()).run
    with pytest.raises(Refused):
        importing.begin(run, seat=world.seat("ben"), at=NOON)

    bring_in(world, row())
    later = receive(world, row(views=200)).run

    assert later.report["asks"] == []
    assert MetricSource.objects.get(tool="TikTok").time_zone == "Europe/Helsinki"


def test_the_same_file_again_changes_nothing(world, post):
    bring_in(world, row())
    before = stored()

    again = receive(world, row(), who="ann", at=NOON + timedelta(hours=1))

    assert again.unchanged
    assert stored() == before


def test_a_file_is_taken_back_as_one_unit_and_may_come_again(world, post):
    bring_in(world, row(views=100))
    before = stored()
    newer = bring_in(world, row(views=250), row("80"), at=NOON + timedelta(days=1))
    assert stored() != before

    undone = importing.undo(newer, seat=world.seat("ann"), at=NOON + timedelta(days=2))

    assert (undone.state, stored()) == ("undone", before)
    assert not MetricSubject.objects.filter(kind="unmatched").exists()
    again = bring_in(world, row(views=250), row("80"), at=NOON + timedelta(days=3))
    assert again.report["result"]["created"] > 0


@pytest.mark.parametrize(
    ("title", "at", "found"),
    [
        ("Three mistakes in your first three seconds #hooks", "2026/03/10 18:12:00", 1),
        ("Three mistakes in your first three seconds", "2026/03/10 18:40:00", 0),
        ("Three mistakes in your first three seconds", "2026/03/10", 0),
        ("A wholly different film about bread", "2026/03/10 18:05:00", 0),
    ],
)  # fmt: skip
def test_a_title_matches_only_together_with_the_time(world, post, title, at, found):
    run = receive(world, row("55", title, at)).run
    run = importing.settle(run, {"zone": "Europe/Helsinki"}, seat=world.seat("ben"), at=NOON)

    assert run.report["matched"] == found


def test_two_publications_that_fit_are_none(world, post):
    twin = world.publication(caption="Three mistakes in your first three seconds")
    Publication.objects.filter(pk=twin.pk).update(published_at="2026-03-10T16:06:00Z")

    run = receive(world, row("55", "Three mistakes in your first three seconds")).run
    run = importing.settle(run, {"zone": "Europe/Helsinki"}, seat=world.seat("ben"), at=NOON)

    assert run.report["matched"] == 0


def test_an_address_matches_without_its_decoration(world, post):
    Publication.objects.filter(pk=post.pk).update(external_id="", permalink=f"{LINK}79/?lang=fi")

    assert receive(world, row()).run.report["matched"] == 1


def test_numbers_of_an_account_need_their_channel(world):
    day = "2026/03/10,715,NAN,25,26,4,7,0,2,10,10,1"
    run = receive(world, day, header=TIKTOK_DAYS).run
    assert "channel" in run.report["asks"]

    channel = Channel.objects.get(workspace=world.workspace)
    bring_in(world, day, header=TIKTOK_DAYS, channel=channel)

    leads = Observation.objects.get(metric=23)
    assert (leads.value, str(leads.period), leads.subject.channel) == (2, "2026-03-10", channel)
    assert not Observation.objects.filter(metric=2).exists()  # NAN is no reach


def test_viewers_bring_nothing_in_and_creators_take_nothing_back(world, post):
    with pytest.raises(NotAllowed):
        receive(world, row(), who="kim")
    run = bring_in(world, row())

    with pytest.raises(NotAllowed):
        importing.undo(run, seat=world.seat("ben"), at=NOON)


def test_the_pages_show_ask_write_and_take_back(client, world, strangers, post):
    client.force_login(world.ann)
    home = "/w/studio-aalto/settings/imports/metrics/"
    file = ContentFile("\n".join([TIKTOK_VIDEOS, row(), row("80", "Lost")]).encode(), "v.csv")

    sent = client.post(home, {"file": file})
    page = client.get(sent.url)
    done = client.post(sent.url, {"zone": "Europe/Helsinki", "action": "commit"}, follow=True)
    undone = client.post(f"{sent.url}undo/", follow=True)
    listed = client.get(home)

    assert "Lost" in page.content.decode()
    assert "Add to Favorites" in page.content.decode()
    assert "11 new numbers" in done.content.decode() or "12 new numbers" in done.content.decode()
    assert "Taken back" in undone.content.decode()
    assert "v.csv" in listed.content.decode()
    client.force_login(strangers.eve)
    assert client.get(sent.url).status_code == 404


def test_the_command_brings_in_and_takes_back(world, post, tmp_path, capsys):
    path = tmp_path / "videos.csv"
    path.write_text("\n".join([TIKTOK_VIDEOS, row()]))
    with pytest.raises(CommandError):
        call_command("import_metrics", path, workspace="studio-aalto")

    call_command("import_metrics", path, workspace="studio-aalto", zone="Europe/Helsinki")
    call_command("import_metrics", path, workspace="studio-aalto")
    call_command("import_metrics", path, workspace="studio-aalto", undo=True)

    told = capsys.readouterr().out
    assert "created 6" in told
    assert "nothing has changed" in told
    assert "Taken back: 6 numbers." in told
    assert not Observation.objects.exists()


def test_a_large_file_is_taken_back_portion_by_portion_and_goes_on_where_it_was(
    world, post, monkeypatch
):
    bring_in(world, row(views=100))
    before = stored()
    newer = bring_in(world, row(views=250), row("80"), row("81"), at=NOON + timedelta(days=1))
    monkeypatch.setattr("experiments.importing.undoing.SMALL", 0)
    monkeypatch.setattr("experiments.observations.undo.AT_ONCE", 2)
    real, portions = undoing.observations.undo_some, []

    def interrupted(run, *, at):
        portions.append(run.progress_done)
        if len(portions) == 3:
            raise ConnectionError("the worker is gone")
        return real(run, at=at)

    monkeypatch.setattr(undoing.observations, "undo_some", interrupted)

    begun = importing.undo(newer, seat=world.seat("ann"), at=NOON + timedelta(days=2))
    importing.undo_waiting()
    newer.refresh_from_db()
    assert (begun.state, newer.state, newer.progress_done) == ("undoing", "undoing", 4)
    importing.undo_waiting()
    newer.refresh_from_db()

    assert (newer.state, stored()) == ("undone", before)
    assert not MetricSubject.objects.filter(kind="unmatched").exists()


def test_a_file_that_ends_its_worker_three_times_is_given_up(world, post, monkeypatch):
    run = receive(world, row()).run
    run = importing.settle(run, {"zone": "Europe/Helsinki"}, seat=world.seat("ben"), at=NOON)
    importing.begin(run, seat=world.seat("ben"), at=NOON)

    def killed(_run):
        raise SystemExit  # as a process that is killed: nobody says a word

    monkeypatch.setattr("experiments.importing.committing.apply", killed)
    for _ in range(3):
        with pytest.raises(SystemExit):
            importing.apply_waiting()
    assert importing.apply_waiting() == 0

    run.refresh_from_db()
    assert (run.state, run.report["problem"]) == ("refused", "import_given_up")
    assert not Observation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_the_same_moment_is_committed_once(settings, tmp_path):
    world = make_world()
    runs = [receive(world, row(), who=who).run for who in ("ann", "ben")]
    for run in runs:
        importing.settle(run, {"zone": "Europe/Helsinki"}, seat=world.seat("ben"), at=NOON)
    together = Barrier(2)

    def commit(run):
        together.wait()
        try:
            return importing.begin(run, seat=world.seat("ben"), at=NOON).state
        except Refused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(commit, runs))

    assert told == ["applying", "import_same_file"]
