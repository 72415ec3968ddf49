from collections import Counter

import pytest
from django.utils import timezone

from production import demo, flow
from production.models import Event, Workspace
from production.rebuild import differences


@pytest.mark.django_db
def test_the_demo_team_is_believable_and_its_log_is_sound() -> None:
    now = timezone.now()

    workspace, token = demo.make("fi", now=now)

    items = workspace.items.filter(archived_at=None).select_related("stage")
    kinds = Counter(item.stage.kind for item in items)
    assert 150 <= workspace.items.count() <= 180
    assert all(kinds[kind] >= 2 for kind in flow.KINDS)
    assert differences(workspace) == []
    promise = flow.promise(list(workspace.items.all()), now)
    assert promise.n >= 20
    assert promise.within_target is not None
    assert 0.4 < promise.within_target < 0.9
    types = set(Event.objects.filter(workspace=workspace).values_list("type", flat=True))
    assert types >= {"item.blocked", "review.changes_requested", "comment.added", "item.archived"}
    assert not Event.objects.filter(workspace=workspace, occurred_at__gt=now).exists()
    assert token.startswith("putki_")
    with pytest.raises(ValueError, match="already"):
        demo.make("fi", now=now)
    assert Workspace.objects.count() == 1
