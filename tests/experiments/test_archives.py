"""Files of experiments: made and continued in bulk, once, and taken back whole."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic, process_time

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from experiments import archives, register, snapshots
from experiments.models import Experiment, Snapshot, Variant, VariantDay
from production.errors import NotAllowed, Refused
from production.models import KpiDefinition
from tests.experiments.upworthy import PACKAGES
from tests.people import NOON
from tests.shared import shared

HEADER = "experiment,variant,day,exposures,total,variable,text"
UPWORTHY = (
    "test_id,created_from_objectid,headline,eyecatcher_id,impressions,clicks,randomisation_problem"
)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kpi(world):
    return KpiDefinition.objects.create(
        workspace=world.workspace, code="link-ctr", name="CTR", short_name="CTR",
        numerator="clicks", denominator="impressions", statistic="proportion",
    )  # fmt: skip


def receive(world, *lines, header=HEADER, who="ben", at=NOON, **said):
    file = ContentFile("\n".join([header, *lines]).encode())
    return archives.receive(file, "tests.csv", seat=world.seat(who), at=at, **said)


def bring_in(world, *lines, at=NOON, **said):
    run = receive(world, *lines, at=at, **said).run
    return archives.apply(archives.begin(run, seat=world.seat("ben"), at=at))


def two_days(name="Spring hooks"):
    return [
        f"{name},Question,2026-03-1{day},1000,{40 + day},hook,What if?\n"
        f"{name},Claim,2026-03-1{day},1000,{30 + day},hook,It is so."
        for day in (1, 2)
    ]


def kept():
    columns = ("variant__experiment__number", "variant__label", "day", "exposures", "total")
    return sorted(VariantDay.objects.values_list(*columns))


def test_new_experiments_are_made_with_their_variants_and_days(world, kpi):
    run = receive(world, *two_days(), kpi=kpi).run
    assert (run.report["new"], run.report["variants"], run.report["lines"]) == (1, 2, 4)
    assert not Experiment.objects.exists()

    done = bring_in(world, *two_days(), kpi=kpi)

    made = Experiment.objects.get()
    assert done.report["result"] == {"made": 1, "continued": 0, "accepted": 4, "unchanged": 0}
    assert (made.title, made.variable, made.allocation) == ("Spring hooks", "hook", "none")
    assert [each.text for each in made.variants.all()] == ["What if?", "It is so."]
    assert [row[4] for row in kept()] == [41, 42, 31, 32]


def test_the_same_file_again_changes_nothing_and_a_longer_one_goes_on(world, kpi):
    bring_in(world, *two_days(), kpi=kpi)
    before = kept()

    assert receive(world, *two_days(), who="ann").unchanged
    more = "Spring hooks,Question,2026-03-13,900,50,hook,What if?"
    longer = bring_in(world, *two_days(), more, at=NOON + timedelta(days=1), kpi=kpi)

    told = {"made": 0, "continued": 1, "accepted": 1, "unchanged": 4}
    assert longer.report["result"] == told
    assert len(kept()) == len(before) + 1
    assert Experiment.objects.count() == 1


def test_a_file_is_taken_back_whole(world, kpi):
    bring_in(world, *two_days(), kpi=kpi)
    before = kept()
    changed = ["EXP-1,A,2026-03-11,2000,99,,", "EXP-1,B,2026-03-14,10,1,,", *two_days("Summer")]
    later = bring_in(world, *changed, at=NOON + timedelta(days=1), kpi=kpi)
    assert kept() != before

    archives.undo(later, seat=world.seat("ann"), at=NOON + timedelta(days=2))

    assert kept() == before
    assert Experiment.objects.count() == 1
    assert bring_in(world, *changed, at=NOON + timedelta(days=3), kpi=kpi).state == "applied"


def test_what_somebody_worked_on_is_not_taken_back(world, kpi):
    run = bring_in(world, *two_days(), kpi=kpi)
    made = Experiment.objects.get()
    register.edit(made, {"hypothesis": "Because"}, seat=world.seat("ben"), at=NOON)

    with pytest.raises(Refused) as refused:
        archives.undo(run, seat=world.seat("ann"), at=NOON)

    assert [each.code for each in refused.value.refusals] == ["import_worked_on"]
    assert Experiment.objects.exists()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("EXP-9,A,2026-03-11,10,1,hook,x", "one_variant"),
        ("Spring hooks,Question,2026-03-15,10,11,hook,x", "more_than_exposures"),
        ("Spring hooks,Question,2026-13-15,10,1,hook,x", "unreadable"),
        ("Spring hooks,Question,2026-03-15,nan,1,hook,x", "not_a_number"),
        ("Spring hooks,Question,2031-03-15,10,1,hook,x", "day_out_of_range"),
    ],
)
def test_a_line_that_cannot_be_does_not_sink_the_others(world, kpi, line, code):
    run = receive(world, *two_days(), line, kpi=kpi).run

    assert [each["code"] for each in run.report["rejected"]] == [f"result_{code}"]
    assert run.report["lines"] == 4


def test_the_kpi_is_asked_where_the_file_names_none(world):
    run = receive(world, *two_days()).run

    assert run.report["asks"] == ["kpi"]
    with pytest.raises(Refused):
        archives.begin(run, seat=world.seat("ben"), at=NOON)


def test_viewers_bring_nothing_in_and_other_files_are_refused(world):
    with pytest.raises(NotAllowed):
        receive(world, *two_days(), who="kim")
    other = receive(world, "1,2", header="Date,Views").run
    assert other.report["refusals"][0]["code"] == "experiments_not_recognised"


def test_totals_are_one_period_and_say_so(world, kpi):
    lines = [
        f"t1,2014-11-20T06:23:55Z,{min(n, 1)} headline,pic{n % 2},3000,{300 if n == 4 else 90},0"
        for n in range(12)
    ]
    bring_in(world, *lines, "t2,2013-07-01,Same,p,50,1,1", "t2,2013-07-01,Same,q,50,2,1",
             header=UPWORTHY)  # fmt: skip

    first, second = Experiment.objects.order_by("number")
    assert (first.state, first.allocation, first.waived["min_days"]) == ("ended", "own_random", 1)
    assert (first.variable, first.waived["second_variable"]) == ("title", "thumbnail")
    assert (second.variable, bool(second.invalid_reason)) == ("thumbnail", True)
    assert len(first.waivers) == 3
    snapshots.follow(world.workspace, at=NOON)
    verdicts = dict(Snapshot.objects.values_list("experiment__number", "verdict"))
    assert verdicts == {1: "repeat", 2: "invalid"}


@pytest.mark.soak
def test_the_whole_archive_comes_in_within_a_minute_and_is_taken_back_whole(world, kpi, capsys):
    began = monotonic()
    call_command("import_experiments", str(shared(PACKAGES)), workspace=world.workspace.slug)
    assert monotonic() - began < 60
    assert (Experiment.objects.count(), Variant.objects.count()) == (4_873, 22_666)

    began = process_time()
    snapshots.follow(world.workspace, at=NOON)
    assert process_time() - began < 60  # 30 on an idle machine; bench says how long it takes

    rows = Snapshot.objects.values_list("analysis", "experiment__invalid_reason")
    flagged = [(bool((said["srm"] or {}).get("flagged")), bool(out)) for said, out in rows]
    withdrawn = [is_flagged for is_flagged, out in flagged if out]
    other = [is_flagged for is_flagged, out in flagged if not out]
    assert sum(withdrawn) / len(withdrawn) == pytest.approx(0.668, abs=0.005)
    assert sum(other) / len(other) < 0.005

    call_command(
        "import_experiments", str(shared(PACKAGES)), workspace=world.workspace.slug, undo=True
    )
    assert not Experiment.objects.exists()
    assert not VariantDay.objects.exists()
