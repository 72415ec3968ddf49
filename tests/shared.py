"""Where the real boards and exports lie, when the machine has them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PUTKI_SHARED", ROOT.parent / "shared")) / "data"


def shared(relative: str) -> Path:
    """The file's path, or a skip that says what is missing."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"needs the real data file {relative}, which is not on this machine")
    return path
