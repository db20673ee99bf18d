"""The GS ( x commands: a length, then a function with its own layout."""

from drivers.simulated import commands as c

_QR = 49
_QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_STORE_RASTER_HEADER = 10


def block_command(group: int, body: bytes) -> c.Command:
    """The command in the body of GS ( group; a NoEffect where the simulation shows nothing."""
    if group == ord("k"):
        return _symbol_command(body)
    if group == ord("L"):
        return graphics_command(body)
    if group == ord("H") and len(body) == 6 and body[0] in (0, 48) and body[1] in (0, 48):
        return c.ProcessId(body[2:])
    return c.NoEffect("GS block", bytes((group,)) + body[:8])


def graphics_command(body: bytes) -> c.Command:
    """The command in the body of GS ( L or GS 8 L."""
    if len(body) >= 2 and body[0] == 48:
        if body[1] in (2, 50):
            return c.PrintGraphics()
        if body[1] == 112 and len(body) >= _STORE_RASTER_HEADER:
            return _store_raster(body)
    return c.NoEffect("graphics", body[:8])


def _store_raster(body: bytes) -> c.Command:
    """Fn 112: m fn a bx by c xL xH yL yH data; x in dots."""
    width_bytes = ((body[6] | body[7] << 8) + 7) // 8
    rows = body[8] | body[9] << 8
    bits = body[_STORE_RASTER_HEADER:]
    if len(bits) < width_bytes * rows:
        return c.NoEffect("graphics too short", body[:_STORE_RASTER_HEADER])
    return c.StoreGraphics(c.Raster(width_bytes, rows, bits, max(1, body[3]), max(1, body[4])))


def _symbol_command(body: bytes) -> c.Command:
    """GS ( k: only QR codes (cn 49) are drawn."""
    if len(body) >= 2 and body[0] == _QR:
        match body[1], body[2:]:
            case 67, bytes(rest) if rest and 1 <= rest[0] <= 16:
                return c.QrModule(rest[0])
            case 69, bytes(rest) if rest and rest[0] in _QR_LEVELS:
                return c.QrLevel(_QR_LEVELS[rest[0]])
            case 80, bytes(rest) if rest:
                return c.QrStore(rest[1:])
            case 81, _:
                return c.QrPrint()
            case _:
                pass
    return c.NoEffect("symbol", body[:8])
