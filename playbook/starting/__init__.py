"""The first week: what a cycle needs, step by step, and a plan of two weeks at the end."""

from playbook.starting.plan import accept, arranged, first_monday, proposal_of
from playbook.starting.steps import STEPS, Progress, progress_of

__all__ = ["STEPS", "Progress", "accept", "arranged", "first_monday", "progress_of", "proposal_of"]
