"""What each variant did on each day: pushed, typed, from files, read from publications."""

from experiments.results.line import Line, Told
from experiments.results.publications import read_publications
from experiments.results.recording import record

__all__ = ["Line", "Told", "read_publications", "record"]
