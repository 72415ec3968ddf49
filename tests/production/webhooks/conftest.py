from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.production.webhooks.receiver import Receiver, receiver


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver that takes everything until its mood is changed."""
    with receiver() as made:
        yield made
