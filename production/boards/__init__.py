"""Boards and what they are made of: stages and gates. Owners change them; nothing is deleted.

Every verb holds the board's row, as a move does, so that no card passes a stage or a gate that is
just being taken away.
"""

from production.boards.advice import warnings
from production.boards.board import add, archive, rename, reorder, restore
from production.boards.gates import add_gate, change_gate, reorder_gates, restore_gate, retire_gate
from production.boards.stages import (
    add_stage,
    change_stage,
    reorder_stages,
    restore_stage,
    retire_stage,
    split_stage,
)

__all__ = [
    "add",
    "add_gate",
    "add_stage",
    "archive",
    "change_gate",
    "change_stage",
    "rename",
    "reorder",
    "reorder_gates",
    "reorder_stages",
    "restore",
    "restore_gate",
    "restore_stage",
    "retire_gate",
    "retire_stage",
    "split_stage",
    "warnings",
]
