"""Threshold rules are written by owners, tried before they are kept, and told in one sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from experiments import thresholds
from experiments.kpis import keeping, tracking
from experiments.models import Action, Baseline, Crossing, PostReading, ThresholdRule, TrackedKpi
from production import cycles, plan
from production.errors import Invalid, Stale
from production.models import Channel, KpiDefinition, Publication
from production.permissions import NotAllowed
from tests.experiments.test_thresholds import TODAY, judged, tell, watched
from tests.people import NOON

__all__ = ["watched"]


def kpi(world):
    return KpiDefinition.objects.get(workspace=world.workspace, code="saves-per-1000")


def rule(world, **values):
    wish = {"name": "Few saves", "kpi": kpi(world), "condition": "below", "line": 5.5}
    wish |= {"min_posts": 0, "owner": world.ben}
    return thresholds.add(wish | values, seat=world.seat("ann"), at=NOON)


def posted(world, title, out, saves, impressions=1_000, age=24):
    """A publication that went out `out` days after today and what it was told at that age."""
    channel = Channel.objects.get(workspace=world.workspace)
    item = world.item(title)
    post = Publication.objects.create(
        workspace=world.workspace, item=item, channel=channel, state="published",
        published_at=NOON + timedelta(days=out), created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    for metric, value in (("saves", saves), ("impressions", impressions)):
        PostReading.objects.create(
            publication=post, workspace=world.workspace, age_hours=age, metric=metric,
            value=value, as_of=NOON + timedelta(days=out, hours=age),
        )  # fmt: skip
    return item


def test_a_rule_that_cannot_be_judged_is_not_kept(watched, strangers):
    wrong = [
        ({"line": None}, "line"),
        ({"clear_line": 5.0}, "clear_line"),
        ({"condition": "gap"}, "other_kpi"),
        ({"scope": "post", "for_days": 14}, "for_days"),
        ({"scope": "post", "for_days": 1, "condition": "rising"}, "condition"),
        ({"for_days": 3}, "for_days"),
        ({"due_days": 0}, "due_days"),
        ({"owner": strangers.eve}, "owner"),
        ({"name": " "}, "name"),
    ]
    before = ThresholdRule.objects.count()
    for values, field in wrong:
        with pytest.raises(Invalid) as refused:
            rule(watched, **values)
        assert set(refused.value.errors) == {field}, values
    assert ThresholdRule.objects.count() == before


def test_hysteresis_is_where_the_rule_says(watched):
    watched.workspace.threshold_rules.update(retired_at=NOON)
    made = rule(watched, clear_line=5.8)
    tell(watched, [5.0] * 14 + [5.7] * 7 + [5.9] * 7)

    assert len(judged(watched, 14)) == 1
    judged(watched, 21)
    assert made.crossings.get().cleared_at is None  # above the line, and not yet well
    judged(watched, 28)
    assert made.crossings.get().cleared_at is not None
    [fired] = thresholds.would_have_fired(made, NOON + timedelta(days=28))
    assert fired.day - TODAY < timedelta(days=14) and fired.value < 6.0


def test_each_publication_is_judged_once_at_its_age(watched):
    watched.workspace.threshold_rules.update(retired_at=NOON)
    posted(watched, "Too old", -3, 1)
    weak = posted(watched, "Weak", 1, 2)
    posted(watched, "Well", 1, 9)
    posted(watched, "Hardly seen", 1, 0, impressions=50)
    weak.length_max_seconds = 27
    weak.save(update_fields=["length_max_seconds"])
    rule(watched, scope="post", for_days=1, min_base=200, step="shorten")

    [action] = judged(watched, 3)

    assert (action.item, action.owner) == (weak, watched.ben)
    assert action.proposal == {"usual": 27, "low": 22, "high": 24}
    assert judged(watched, 4) == [] and Crossing.objects.get().cleared_at is not None
    tried = thresholds.would_have_fired(action.crossing.rule, NOON + timedelta(days=3))
    [fired] = [each for each in tried if each.item == weak]
    assert fired.value == pytest.approx(2.0)


def test_only_owners_change_rules_and_a_switched_off_one_is_silent(watched, client, strangers):
    made, slug = rule(watched), watched.workspace.slug
    watched.workspace.threshold_rules.exclude(pk=made.pk).update(retired_at=NOON)
    with pytest.raises(NotAllowed):
        thresholds.change(made, {"line": 1.0}, seat=watched.seat("ben"), at=NOON)
    with pytest.raises(Stale):
        thresholds.change(made, {"line": 1.0}, seat=watched.seat("ann"), at=NOON, version=7)
    off = reverse("kpi-rule-switch", args=[slug, made.public_id, "off"])
    client.force_login(watched.ben)
    assert client.post(off).status_code == 403
    client.force_login(strangers.eve)
    assert client.post(off).status_code == 404
    client.force_login(watched.ann)
    client.post(off)
    tell(watched, [5.0] * 14)

    assert judged(watched, 14) == []


def test_the_form_tries_a_rule_and_keeps_it_only_when_told(watched, client):
    client.force_login(watched.ann)
    slug = watched.workspace.slug
    fields = {"name": "Few", "kpi": kpi(watched).pk, "scope": "series", "condition": "below"}
    fields |= {"line": "5.5", "for_days": 14, "min_posts": 0, "min_base": 0, "due_days": 7}
    fields |= {"step": "other", "step_text": "Ask for the save"}
    new = reverse("kpi-rule-new", args=[slug])

    tried = client.post(new, fields | {"preview": "1"})
    assert "would not have fired" in tried.content.decode()
    assert not ThresholdRule.objects.filter(name="Few").exists()
    client.post(new, fields)
    kept = ThresholdRule.objects.get(name="Few")
    client.post(reverse("kpi-rule-edit", args=[slug, kept.public_id]),
                fields | {"line": "4", "version": kept.version})  # fmt: skip

    kept.refresh_from_db()
    assert (kept.line, kept.step_text, kept.version) == (4.0, "Ask for the save", 2)
    page = client.get(reverse("kpi-rules", args=[slug])).content.decode()
    assert "is below 4.00 for 14 days" in page and "Ask for the save" in page
    one = client.get(reverse("kpi-rule", args=[slug, kept.public_id])).content.decode()
    assert "Nothing has crossed this line yet." in one


def test_the_owner_target_and_rhythm_of_a_line(watched, client, strangers):
    line = TrackedKpi.objects.get(workspace=watched.workspace)
    ann, slug = watched.seat("ann"), watched.workspace.slug
    for values in ({"target": 0.0}, {"cadence_days": 0}, {"owner": strangers.eve}):
        with pytest.raises(Invalid):
            keeping.change(line, values, seat=ann, at=NOON)
    client.force_login(watched.ann)
    client.post(reverse("kpi-edit", args=[slug, line.public_id]), {
        "owner": watched.ben.pk, "target": "9.5", "cadence_days": 14,
        "next_review_on": "2026-01-02", "lean": "on", "version": line.version,
    })  # fmt: skip

    line.refresh_from_db()
    assert (line.owner, line.target, line.cadence_days) == (watched.ben, 9.5, 14)
    page = client.get(reverse("kpis", args=[slug])).content.decode()
    assert "Reviewed now" in page and "1 review is overdue" in page
    review = reverse("kpi-review", args=[slug, line.public_id])
    assert client.post(review, {"from_table": "1"})["Location"] == reverse("kpis", args=[slug])
    line.refresh_from_db()
    assert line.next_review_on > TODAY


def test_a_cycle_that_begins_freezes_every_baseline_once_its_first_day_has_come(watched):
    channel = Channel.objects.get(workspace=watched.workspace)
    line = TrackedKpi.objects.get(workspace=watched.workspace)
    ann = watched.seat("ann")
    first = TODAY + timedelta(days=10)
    tell(watched, [8.0] * 14)
    cycle = cycles.start(
        {"name": "Spring", "starts_on": first}, channels={channel: "primary"}, seat=ann, at=NOON
    )
    line.refresh_from_db()
    assert line.cycle == cycle and line.baselines.count() == 1  # its 28 days are not over

    for day in (9, 10, 11):
        thresholds.evaluate_all(at=NOON + timedelta(days=day))

    frozen = Baseline.objects.filter(tracked=line).latest("number")
    assert (frozen.number, frozen.last_day) == (2, first - timedelta(days=1))
    assert frozen.value == pytest.approx((18 * 6.0 + 10 * 8.0) / 28, rel=0.01)
    assert tracking.last_day_of(line) == first + timedelta(days=89)
    assert not Action.objects.filter(kpi=line.kpi, step="shorten").exists()


def test_a_definition_of_unknown_metrics_is_refused(watched):
    ann = watched.seat("ann")
    for values, field in (
        ({"numerator_metrics": "saves+magic"}, "numerator_metrics"),
        ({"numerator_metrics": "avg_view_pct"}, "numerator_metrics"),  # a mean over what?
        ({"denominator_metrics": ""}, "denominator_metrics"),
    ):
        with pytest.raises(Invalid) as refused:
            plan.change(kpi(watched), values, seat=ann, at=NOON)
        assert field in refused.value.errors
    plan.change(kpi(watched), {"numerator_metrics": "saves+shares"}, seat=ann, at=NOON)
