"""Requests made from the published document, right and wrong: never a 500, always our words."""

import json
from typing import Any

import pytest
import schemathesis
from central_kit import ServiceProcess
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from central.contract import TYPE_PROBLEM, ProblemCode
from central.service.openapi import document

CODES = {code.value for code in ProblemCode}
CALLS = [
    (path, method, mode)
    for path, acts in sorted(document()["paths"].items())
    for method, act in sorted(acts.items())
    for mode in GenerationMode
    # What takes nothing cannot be asked wrongly.
    if mode is GenerationMode.POSITIVE or act.get("parameters") or act.get("requestBody")
]
SCHEMA = schemathesis.openapi.from_dict(document())


@pytest.mark.parametrize(("path", "method", "mode"), CALLS)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(drawn=st.data())
def test_what_the_document_allows_or_forbids_is_answered_in_our_words(
    either: ServiceProcess, path: str, method: str, mode: GenerationMode, drawn: Any
) -> None:
    case = drawn.draw(SCHEMA[path][method].as_strategy(generation_mode=mode))
    answer = case.call(base_url=either.url, verify=str(either.ca_file), cert=str(either.identity()))
    assert answer.status_code not in (500, 501, 502, 504)
    if answer.status_code >= 400 and answer.content:
        assert answer.headers["content-type"][0].startswith(TYPE_PROBLEM)
        assert json.loads(answer.content)["code"] in CODES
