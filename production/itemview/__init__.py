"""What the card's own page shows to one person; read panel by panel, only what is asked for."""

from production.itemview.page import PANELS, ItemPage

__all__ = ["PANELS", "ItemPage"]
