"""Content items: created, edited, assigned, blocked, archived, derived; all in verbs."""

from production.items.archive import archive, restore
from production.items.block import block, unblock
from production.items.bulk import BulkResult, edit_many
from production.items.create import create, derive, from_format
from production.items.edit import EDITABLE, Edited, edit
from production.items.undo import undo_edit

__all__ = [
    "EDITABLE",
    "BulkResult",
    "Edited",
    "archive",
    "block",
    "create",
    "derive",
    "edit",
    "edit_many",
    "from_format",
    "restore",
    "unblock",
    "undo_edit",
]
