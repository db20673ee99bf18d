"""What of a log may leave the terminal: an allow-list of shapes, not a list of what is forbidden.

Our own facts (`kiosk.logs.fact`) keep their event and their fields, each field as far as it is a
word, a number or a path of ours. Of a traceback the places in the code stay and the kind of the
error; its message may hold anything and goes. Of every other line only who wrote it and when
stays.
"""

import re
from collections.abc import Iterable, Iterator

CUT = "***"
_HEAD = re.compile(
    r"(?P<head>.*?\d\d:\d\d:\d\d[,.]\d+ \w+ (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+)"
    r" (?P<said>.*)"
)
_FACT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(?: [a-z_0-9]+=\S*)* ?")
_FIELD = re.compile(r"([a-z_0-9]+)=(\S*)")
_VALUE = re.compile(
    r"True|False|None|[a-z][a-z_.:]{0,40}"
    r"|[A-Z][A-Za-z]{0,30}(?:Error|Full|Failed|Refused|Elsewhere|InUse|Identity|Passed|Broken)"
    r"|[a-z]{1,12}\d|/(?:dev|var|run|etc|usr)/[A-Za-z0-9_./-]{0,80}"
)
_COUNTS = re.compile(r"(?:\w+_)?(?:s|ms|mib|bytes|count|code|pid|copy|waiting|parked|n)")
"""Names of fields that hold a measure: only there may a number stand; elsewhere it could be a PIN.
"""
_NUMBER = re.compile(r"-?\d{1,9}(\.\d+)?")
_STEM = re.compile(r"[\w.:+\[\]-]*")
_FRAME = re.compile(r'.*?(  File "[^"]{1,200}", line \d+, in [\w<>.]{1,80})$')
_ERROR = re.compile(
    r"(?:.*\s)?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Passed))(?::|$)"
)


def scrubbed(lines: Iterable[str]) -> Iterator[str]:
    """The lines as far as they may leave the terminal."""
    for line in lines:
        head = _HEAD.fullmatch(line)
        if head:
            said = head["said"]
            yield f"{_plain(head['head'])} {_fact(said) if _FACT.fullmatch(said) else CUT}"
            continue
        frame, error = _FRAME.match(line), _ERROR.match(line)
        if frame:
            yield frame[1]
        elif error:
            yield f"{error[1]}: {CUT}"
        else:
            yield CUT


def _fact(said: str) -> str:
    return _FIELD.sub(lambda m: f"{m[1]}={_field(m[1], m[2])}", said)


def _field(name: str, value: str) -> str:
    may_stay = _VALUE.fullmatch(value) or (_COUNTS.fullmatch(name) and _NUMBER.fullmatch(value))
    return value if may_stay else CUT


def _plain(head: str) -> str:
    """Date, host, process: words of ours; anything else of it is cut."""
    return " ".join(
        part if _STEM.fullmatch(part) and part.isascii() else CUT for part in head.split()
    )


def without_credentials(text: str) -> str:
    """An address without the name and password that may stand in it."""
    return re.sub(r"//[^/@\s]*@", f"//{CUT}@", text)
