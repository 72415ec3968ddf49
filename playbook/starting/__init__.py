"""The first week: what has to be there before a cycle can run, step by step, and a plan at the end."""

from playbook.starting.plan import accept, arranged, first_monday, proposal_of
from playbook.starting.steps import STEPS, Progress, progress_of

__all__ = ["STEPS", "Progress", "accept", "arranged", "first_monday", "progress_of", "proposal_of"]
