"""Keys and tokens: read once from files that nobody else can read, never written anywhere."""

import os
from pathlib import Path

MAX_SECRET_BYTES = 16 * 1024
CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what LoadCredential= names (systemd.exec(5))."""


class SecretUnreadable(ValueError):
    """A file of a secret is missing, empty, too long, or open to others. Says which, not what."""


def read_secret(name: str, beside: Path) -> str:
    """The text of a secret without the line end.

    Args:
        name: of a credential that systemd gives; else of a file, taken from `beside` unless
            it is absolute.
        beside: the directory of the settings.

    Raises:
        SecretUnreadable: there is no such secret, or its file is open to others.
    """
    given = os.environ.get(CREDENTIALS)
    path = Path(given, name) if given is not None else beside / name
    is_given = given is not None and path.is_file()
    if not is_given:
        path = beside / name
    try:
        # What systemd gives is only in sight of the service, whatever its mode.
        if not is_given and path.stat().st_mode & 0o077:
            raise SecretUnreadable(f"{path} is open to others: chmod 600")
        with path.open("rb") as file:
            raw = file.read(MAX_SECRET_BYTES + 1)
        text = raw.decode("utf-8").strip()
    except OSError as error:
        raise SecretUnreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SecretUnreadable(f"{path} is no text") from error
    if not text or len(raw) > MAX_SECRET_BYTES:
        raise SecretUnreadable(f"{path} is empty or too long")
    return text
