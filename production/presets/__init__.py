"""What a new workspace starts with: the method's own examples, ready to be changed.

Each text stands in English and Finnish side by side (`Both`), because it becomes the team's own
words on the day it is stored; it is no part of the interface that a catalogue would translate.
"""

from production.presets.method import add_mix_rules, add_stages, add_windows, fill

__all__ = ["add_mix_rules", "add_stages", "add_windows", "fill"]
