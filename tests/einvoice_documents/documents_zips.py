"""ZIPs for tests, well-formed and otherwise."""

import io
import warnings
import zipfile


def make_zip(
    entries: dict[str, bytes] | list[tuple[str, bytes]],
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A ZIP of these entries, in this order; a list of pairs may name one entry twice."""
    pairs = list(entries.items()) if isinstance(entries, dict) else entries
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the module warns of duplicate names
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in pairs:
                archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()
