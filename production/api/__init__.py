"""The JSON door: one module per noun, every one of them on the same base (`door.py`)."""
