"""A whole workspace as a file, and back: everything with its log, or the items as a table.

exports.write_as("json", workspace, file, at=now)   # everything but uploaded files, with the log
exports.write_as("zip", workspace, file, at=now)    # the same with its files
exports.write_as("csv", workspace, file, at=now)    # the items, for a spreadsheet
exports.restore(file, slug="studio-aalto")          # a new workspace in the same state
"""

from production.exports.making import FORMATS, IN_MEMORY, file_name, make, write_as
from production.exports.restoring import restore

__all__ = ["FORMATS", "IN_MEMORY", "file_name", "make", "restore", "write_as"]
