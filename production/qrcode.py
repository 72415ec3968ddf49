"""Links as QR codes (ISO/IEC 18004), drawn as SVG. Pure: an address in, a picture out."""

from __future__ import annotations

from io import BytesIO

import segno


def svg(url: str) -> bytes:
    """Black on white with the quiet zone of four modules, so that any camera reads it.

    Level M of error correction, or more where the size stays the same.
    """
    out = BytesIO()
    code = segno.make(url, micro=False, error="m", boost_error=True)
    code.save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff", nl=False)
    return out.getvalue()
