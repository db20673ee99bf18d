"""What the program imports is what it is installed with."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ("kiosk", "drivers", "offline_queue", "config", "einvoice", "central")


def imported(file: Path) -> set[str]:
    """First parts of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import(names):
                found |= {one.name.split(".")[0] for one in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.split(".")[0])
            case _:
                pass
    return found


def plain(name: str) -> str:
    """Names of distributions as they are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_import_of_the_program_is_in_its_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text("ascii")
    locked = {plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    providers = packages_distributions()
    missing: set[str] = set()
    for part in PROGRAM:
        for file in (ROOT / part).rglob("*.py"):
            others = imported(file) - set(PROGRAM) - sys.stdlib_module_names
            missing |= {
                f"{name} in {file.relative_to(ROOT)}"
                for name in others
                if not locked & {plain(one) for one in providers.get(name, ())}
            }
    assert missing == set()
