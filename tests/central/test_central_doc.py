"""The page about the service names everything that it can say."""

import re
from enum import Enum
from pathlib import Path

import pytest

from central import failure
from central.contract import OperationReason, ProblemCode, Receipt, RulingReason
from central.failure import Bar
from central.sandbox.link import LinkMode
from central.sandbox.misbehave import Misbehaviour
from central.service.__main__ import main
from central.service.alerts import AlertKind

PAGE = (Path(__file__).parents[2] / "docs" / "central.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", PAGE))


@pytest.mark.parametrize(
    "names",
    [
        AlertKind,
        Bar,
        LinkMode,
        Misbehaviour,
        OperationReason,
        ProblemCode,
        Receipt,
        RulingReason,
    ],
)
def test_every_code_is_explained(names: type[Enum]) -> None:
    assert {member.value for member in names} <= CODES


@pytest.mark.parametrize("kind", failure.Failure.__args__)
def test_every_failure_is_explained(kind: type) -> None:
    assert f"| {kind.__name__} |" in PAGE


def test_every_option_is_explained() -> None:
    options = {option for parameter in main.params for option in parameter.opts}
    assert options <= CODES
