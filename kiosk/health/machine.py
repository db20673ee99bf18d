"""What can be seen to be wrong without the running daemon: files, disk, clock, versions."""

import os
import sqlite3
import ssl
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.identity import IdentityFiles, UnusableIdentity
from config.load import NotToml, Unreadable, WrongSetting, WrongVariable
from config.schema import Settings
from kiosk.daemon.audit import KEY_FILE as AUDIT_KEY_FILE
from kiosk.daemon.devices import check_devices
from kiosk.daemon.identity import FOLDER
from kiosk.daemon.opening import KEY_FILE, QUEUE_FILE
from kiosk.fonts import fonts_dir
from kiosk.health.disk import disk_faults
from kiosk.settings.loading import loaded, store_of
from kiosk.settings.store import Damaged
from kiosk.staff import SOCKET_NAME
from kiosk.staff_messages import FaultFound
from offline_queue.audit import AuditBroken, verify_audit
from offline_queue.database import open_reader
from offline_queue.errors import OutboxError, typed_errors
from offline_queue.sealing import KeyFileRefused, KeyRing
from offline_queue.signing_key import read_signing_key

MADE_IN = 2026
"""Year of this version: no terminal's clock can rightly be before it."""
OPENSSL_AT_LEAST = (3, 0)
FONT = "NotoSansSC-Regular.otf"
OTHERS = 0o077


def settings_faults(
    files: Sequence[Path], environment: Mapping[str, str]
) -> tuple[Settings | None, tuple[FaultFound, ...]]:
    """The settings, if they can be used, and what is wrong with them."""
    try:
        whole = loaded(files, environment)
    except Unreadable as error:
        return None, (FaultFound("settings_missing", str(error)),)
    except NotToml as error:
        return None, (FaultFound("settings_not_toml", str(error)),)
    except WrongVariable as error:
        return None, (FaultFound("settings_environment", str(error)),)
    except WrongSetting as error:
        return None, (FaultFound("settings_wrong", str(error)),)
    found = _kept_settings(files, environment, whole.set_aside)
    try:
        check_devices(whole.settings)
    except WrongSetting as error:
        found.append(FaultFound("settings_device", str(error)))
    return whole.settings, tuple(found)


def _kept_settings(
    files: Sequence[Path], environment: Mapping[str, str], set_aside: str
) -> list[FaultFound]:
    """What is wrong with the versions that the terminal keeps itself."""
    if set_aside:
        return [FaultFound("settings_set_aside", set_aside)]
    try:
        state = store_of(files, environment).state
    except (Damaged, OSError) as error:
        return [FaultFound("settings_set_aside", str(error))]
    if state.rolled_back > state.active:
        return [FaultFound("settings_given_up", f"{state.rolled_back}, {state.why}")]
    return []


def machine_faults(
    settings: Settings, now: datetime, *, deep: bool = False
) -> tuple[FaultFound, ...]:
    """Everything that is wrong with what the terminal stands on.

    Args:
        settings: the terminal's.
        now: by the machine's clock.
        deep: the whole queue and the whole story are read too, which may take a minute.
    """
    state_dir = Path(settings.paths.state_dir)
    found = [*_clock(now), *_libraries(), *_fonts(settings), *_devices(settings)]
    found += _state_folder(state_dir)
    if not any(one.id in ("state_missing", "state_forbidden") for one in found):
        found += [*disk_faults(state_dir), *_keys(state_dir), *_identity(state_dir, now)]
        found += [*_queue(state_dir / QUEUE_FILE, deep=deep)]
        if deep:
            found += _story(state_dir)
    return tuple(found)


def faults_here(
    files: Sequence[Path], environment: Mapping[str, str], now: datetime
) -> tuple[FaultFound, ...]:
    """Whatever is wrong that the running daemon's parts do not see: for the staff's overview."""
    settings, found = settings_faults(files, environment)
    return found if settings is None else (*found, *machine_faults(settings, now))


def library_faults(sqlite: tuple[int, ...], openssl: tuple[int, ...]) -> tuple[FaultFound, ...]:
    """Libraries of the system that are too old."""
    found: list[FaultFound] = []
    if openssl < OPENSSL_AT_LEAST:
        found.append(FaultFound("library_unsafe", f"OpenSSL {'.'.join(map(str, openssl))}"))
    # One owner writes the queue, so the WAL-reset bug of older ones does not touch it; without
    # WAL's own fixes of 3.7.17 (mmap, fsync order) nothing holds.
    if sqlite < (3, 37):
        found.append(FaultFound("library_unsafe", f"SQLite {'.'.join(map(str, sqlite))}"))
    return tuple(found)


def _libraries() -> tuple[FaultFound, ...]:
    return library_faults(sqlite3.sqlite_version_info, ssl.OPENSSL_VERSION_INFO[:3])


def _clock(now: datetime) -> Iterator[FaultFound]:
    if now.year < MADE_IN:
        yield FaultFound("clock_before_build", f"{now:%Y-%m-%d}")


def _fonts(settings: Settings) -> Iterator[FaultFound]:
    font = fonts_dir(settings) / FONT
    if not font.is_file():
        yield FaultFound("fonts_missing", str(font))


def _devices(settings: Settings) -> Iterator[FaultFound]:
    sections = {
        "printer": settings.printer.address,
        "printer2": settings.printer2.address,
        "scanner": settings.scanner.address,
    }
    for section, address in sections.items():
        path = Path(address[address.find("/") :]) if "/" in address else None
        if path is None or address.startswith(("tcp:", "usb:")):
            continue
        try:
            is_there = path.exists()
        except PermissionError:  # of a folder above it
            is_there = True
        if not is_there:
            yield FaultFound("device_missing", f"[{section}] {path}")
        elif not os.access(path, os.R_OK | os.W_OK):
            yield FaultFound("device_forbidden", f"[{section}] {path}")


def _state_folder(state_dir: Path) -> Iterator[FaultFound]:
    try:
        mode = stat.S_IMODE(state_dir.stat().st_mode)
    except FileNotFoundError:
        yield FaultFound("state_missing", str(state_dir))
        return
    except PermissionError:
        yield FaultFound("state_forbidden", str(state_dir))
        return
    if os.statvfs(state_dir).f_flag & os.ST_RDONLY:
        yield FaultFound("disk_read_only", str(state_dir))
    elif not os.access(state_dir, os.R_OK | os.W_OK | os.X_OK):
        yield FaultFound("state_forbidden", str(state_dir))
        return
    if mode & OTHERS:
        yield FaultFound("state_open_to_others", f"{state_dir} {mode:04o}")
    socket = state_dir / SOCKET_NAME
    if socket.exists() and stat.S_IMODE(socket.stat().st_mode) & OTHERS:
        yield FaultFound("socket_open_to_others", str(socket))


def _keys(state_dir: Path) -> Iterator[FaultFound]:
    queue_key, audit_key = state_dir / KEY_FILE, state_dir / AUDIT_KEY_FILE
    if (state_dir / QUEUE_FILE).exists() and not queue_key.exists():
        yield FaultFound("key_missing", str(queue_key))
    readers: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (queue_key, KeyRing.from_file),
        (audit_key, read_signing_key),
    )
    for key, read in readers:
        if not key.exists():
            continue
        try:
            read(key)
        except KeyFileRefused as error:
            yield FaultFound("key_refused", str(error))


def _identity(state_dir: Path, now: datetime) -> Iterator[FaultFound]:
    files = IdentityFiles(state_dir / FOLDER)
    try:
        identity = files.load()
    except (UnusableIdentity, OSError) as error:
        yield FaultFound("certificate_damaged", str(error))
        return
    if identity is None:
        yield FaultFound("not_enrolled")
        return
    if identity.not_after <= now:
        yield FaultFound("certificate_expired", f"{identity.not_after:%Y-%m-%d}")
    elif now < identity.not_before:
        yield FaultFound("certificate_not_yet_valid", f"{identity.not_before:%Y-%m-%d}")
    mode = stat.S_IMODE(files.identity_file.stat().st_mode)
    if mode & OTHERS:
        yield FaultFound("state_open_to_others", f"{files.identity_file} {mode:04o}")


def _queue(queue: Path, *, deep: bool) -> Iterator[FaultFound]:
    if not queue.exists():
        return
    question = "PRAGMA quick_check(1)" if deep else "select count(*) from sqlite_schema"
    try:
        connection = open_reader(queue)
        try:
            with typed_errors():
                (said,) = connection.execute(question).fetchone()
        finally:
            connection.close()
    except OutboxError as error:
        yield FaultFound("queue_damaged", f"{queue}: {error}")
        return
    if deep and said != "ok":
        yield FaultFound("queue_damaged", f"{queue}: {said}")


def _story(state_dir: Path) -> Iterator[FaultFound]:
    queue, key = state_dir / QUEUE_FILE, state_dir / AUDIT_KEY_FILE
    if not (queue.exists() and key.exists()):
        return
    try:
        public: Ed25519PublicKey = read_signing_key(key).public_key()
        connection = open_reader(queue)
        try:
            verify_audit(connection, [public])
        finally:
            connection.close()
    except AuditBroken as error:
        yield FaultFound("audit_broken", f"record {error.n}: {error.why}")
    except (OutboxError, KeyFileRefused):
        return  # said already, as the fault that it is
