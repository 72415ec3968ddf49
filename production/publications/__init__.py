"""An item's appearances on its channel: written, made ready, handed over, out since a moment."""
