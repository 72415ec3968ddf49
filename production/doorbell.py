"""Wakes whoever is waiting for news of a workspace. It carries no news itself."""

from __future__ import annotations


def after_commit(workspace_id: int, seq: int) -> None:
    """Something new stands in the log of the workspace, up to `seq`."""
