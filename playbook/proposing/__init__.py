"""Fourteen days of empty slots that keep what a week promises. Pure: plain values in and out."""

from playbook.proposing.fortnight import Place, Proposal, Reason, Theme, propose
from playbook.proposing.moments import Way
from playbook.proposing.week import Piece, Shape, Why

__all__ = ["Piece", "Place", "Proposal", "Reason", "Shape", "Theme", "Way", "Why", "propose"]
