"""Backups: database and uploads in one file, put back into an empty place, and tried out."""

from config.backup.archive import BadBackup
from config.backup.verbs import Manifest, make, restore, verify

__all__ = ["BadBackup", "Manifest", "make", "restore", "verify"]
