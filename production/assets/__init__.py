"""Files and links of an item: checked by what they contain, kept under names of our own."""

from production.assets.kinds import KINDS, FileKind, kind_of
from production.assets.store import add_file, add_link, describe, remove

__all__ = ["KINDS", "FileKind", "add_file", "add_link", "describe", "kind_of", "remove"]
