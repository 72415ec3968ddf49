"""What came of each item: read at seven days, decided by a person, carried on in the next card."""

from experiments.outcomes.deciding import Decided, decide
from experiments.outcomes.filling import fill, fill_due, waiting
from experiments.outcomes.reading import Standing, standing_of

__all__ = ["Decided", "Standing", "decide", "fill", "fill_due", "standing_of", "waiting"]
