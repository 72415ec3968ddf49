"""How fast it is, each figure beside what the machine could do at that moment."""
