"""One page for each fault, made from the catalogue and from what the public screen says of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.health.faults import Area, Fault, FaultCause, faults
from kiosk.text.catalogue import catalogue

_SITUATIONS = {
    "reconnecting": "The screen that waits for the daemon, from the next start on.",
    "keep_failed": "That nothing can be kept, to whoever wants something kept.",
    "out_of_service": "Out of service, from the next start on.",
}
_LOOK = {
    Area.DEVICE: "`kiosk devices` and `kiosk status` show every device as it says it is.",
    Area.NETWORK: "`kiosk link` goes the way to the service and names the first stage that fails.",
    Area.SERVICE: "`kiosk status` and `kiosk queue list` show the link and what is owed.",
    Area.DISK: "`df -h` and `ls -la` of the state folder; `kiosk doctor --deep` reads all of it.",
    Area.CLOCK: "`kiosk status` compares the clock with the service's; `chronyc tracking`.",
    Area.CERTIFICATE: "`kiosk status` here and `kiosk central terminals` at the service.",
    Area.SETTINGS: "`kiosk settings show` says each value and where it comes from.",
    Area.UPDATE: "`systemctl status 'kiosk-*'` and `journalctl -u kiosk-daemon`.",
}


def trouble_page(name: str) -> str:
    """The page of one fault, in Markdown."""
    fault = faults()[name]
    (zh, zh_step), (en, en_step) = fault.said("zh", ""), fault.said("en", "")
    served = "are not served as they should be" if fault.grave else "are served all the same"
    ends = (
        "When its cause is gone and the terminal was started anew."
        if fault.restart
        else "By itself, as soon as its cause is gone. Nothing is to be confirmed."
    )
    lines = (
        f"# {en}",
        "",
        f"{zh}. Fault `{name}` ({fault.area.value}). People {served}.",
        "",
        "## What one sees",
        "",
        f"- People: {_on_screen(fault)}",
        f"- Staff, on the overview and from `kiosk doctor`: “{en}”, “{zh}”.",
        f"- Closer: {_LOOK[fault.area]}",
        "",
        "## How it comes about",
        "",
        *_causes(fault.causes),
        "",
        "## What to do",
        "",
        f"{en_step}.",
        "",
        f"{zh_step}。",
        "",
        "## How it ends",
        "",
        ends,
        "",
        "If it does not: `kiosk bundle make --to` a stick, and the office.",
    )
    return "\n".join(lines) + "\n"


def write_pages(folder: Path) -> None:
    """Writes every page as `ID.md`.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in faults():
        (folder / f"{name}.md").write_text(trouble_page(name), encoding="utf-8")


def _causes(causes: Sequence[FaultCause]) -> Iterator[str]:
    """A sentence before the list where it has an order."""
    if len(causes) > 1:
        yield from ("The likeliest first:", "")
    yield from (f"{n}. {one.en}. {one.zh}。" for n, one in enumerate(causes, start=1))


def _on_screen(fault: Fault) -> str:
    if not fault.screen:
        return "nothing; it is no matter of theirs."
    if fault.screen in _SITUATIONS:
        return _SITUATIONS[fault.screen]
    said = (catalogue(one).say(f"ribbon.{fault.screen}") for one in ("zh", "en"))
    return " ".join(f"“{one}”" for one in said) + " under the header."
