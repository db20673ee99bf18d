"""Tencent's own SDK against the stand-in, with only the address changed."""

import asyncio
from pathlib import Path

import pytest
from platform_kit import sample
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from central.platforms.tencent import TencentKey, request_of
from central.sandbox.wire.faults import Fault
from central.sandbox.wire.running import TENCENT_KEY, stand_ins
from einvoice.invoice import InvoiceReference
from einvoice.verdict import Verdict


def ask(port: int, key: TencentKey, reference: InvoiceReference) -> str:
    """The mark of the record, or the code of the refusal."""
    profile = ClientProfile(
        httpProfile=HttpProfile(protocol="http", endpoint=f"127.0.0.1:{port}", reqTimeout=30)
    )
    client = OcrClient(Credential(key.secret_id, key.secret_key), "ap-beijing", profile)
    request = models.VatInvoiceVerifyNewRequest()
    request._deserialize(request_of(reference))
    try:
        response = client.VatInvoiceVerifyNew(request)
    except TencentCloudSDKException as error:
        return str(error.code)
    assert response.Invoice is not None
    assert response.Invoice.Number == reference.number
    return str(response.Invoice.IsAbandoned)


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict.NORMAL, "N"),
        (Verdict.VOID, "Y"),
        (Verdict.RED_FULL, "HF"),
        (Verdict.RED_PARTIAL, "HP"),
        (Verdict.MISMATCH, "FailedOperation.InvoiceMismatch"),
        (Verdict.NOT_FOUND, "ResourceNotFound.NoInvoice"),
        (Verdict.LIMIT_REACHED, "FailedOperation.CountLimitError"),
        (Verdict.UNAVAILABLE, "ResourceUnavailable.TaxNetworkError"),
    ],
)
async def test_the_sdk_reads_every_answer(tmp_path: Path, verdict: Verdict, says: str) -> None:
    async with stand_ins(tmp_path) as running:
        port = running.ports["tencent"]
        assert await asyncio.to_thread(ask, port, TENCENT_KEY, sample(verdict)) == says


@pytest.mark.filterwarnings("ignore:AddedLater")  # so does the SDK tell of fields it has not
async def test_the_sdk_is_refused_with_a_wrong_key_and_reads_a_newer_version(
    tmp_path: Path,
) -> None:
    async with stand_ins(tmp_path) as running:
        port, normal = running.ports["tencent"], sample(Verdict.NORMAL)
        wrong = TencentKey(TENCENT_KEY.secret_id, "not the key")
        refused = await asyncio.to_thread(ask, port, wrong, normal)
        assert refused == "AuthFailure.SignatureFailure"
        running.steerings["tencent"].fault = Fault.EXTRA_FIELDS
        assert await asyncio.to_thread(ask, port, TENCENT_KEY, normal) == "N"
