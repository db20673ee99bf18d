"""Asks the stand-ins through the platforms' official SDKs. Run by platform_sdks.sh.

Runs in the SDKs' own environment, so it imports nothing of this project.
"""
# pyright: reportMissingImports=false

import datetime
import http.client
import json
import socket
import sys
import threading
import time
from pathlib import Path

from aip import AipOcr
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.domain.AlipayEbppInvoiceDetailOutputQueryModel import (
    AlipayEbppInvoiceDetailOutputQueryModel,
)
from alipay.aop.api.domain.AlipayEbppInvoiceTitleDynamicGetModel import (
    AlipayEbppInvoiceTitleDynamicGetModel,
)
from alipay.aop.api.domain.AlipayEbppInvoiceTokenBatchqueryModel import (
    AlipayEbppInvoiceTokenBatchqueryModel,
)
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.request.AlipayEbppInvoiceDetailOutputQueryRequest import (
    AlipayEbppInvoiceDetailOutputQueryRequest,
)
from alipay.aop.api.request.AlipayEbppInvoiceTitleDynamicGetRequest import (
    AlipayEbppInvoiceTitleDynamicGetRequest,
)
from alipay.aop.api.request.AlipayEbppInvoiceTokenBatchqueryRequest import (
    AlipayEbppInvoiceTokenBatchqueryRequest,
)
from alipay.aop.api.response.AlipayEbppInvoiceDetailOutputQueryResponse import (
    AlipayEbppInvoiceDetailOutputQueryResponse,
)
from alipay.aop.api.response.AlipayEbppInvoiceTitleDynamicGetResponse import (
    AlipayEbppInvoiceTitleDynamicGetResponse,
)
from alipay.aop.api.response.AlipayEbppInvoiceTokenBatchqueryResponse import (
    AlipayEbppInvoiceTokenBatchqueryResponse,
)
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def days_ago(days: int) -> datetime.date:
    return datetime.datetime.now(CHINA).date() - datetime.timedelta(days=days)


def wait_until_there(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the sandbox does not start"
            time.sleep(0.1)
        else:
            return


def ask_tencent(port: int, folder: Path) -> None:
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=f"127.0.0.1:{port}"))
    secret_id = (folder / "tencent-secret-id").read_text().strip()
    right = Credential(secret_id, (folder / "tencent-secret-key").read_text().strip())
    client = OcrClient(right, "ap-beijing", profile)

    def asked(amount: str) -> models.VatInvoiceVerifyNewRequest:
        request = models.VatInvoiceVerifyNewRequest()
        day = days_ago(3)
        request.InvoiceNo = f"{day:%y}112000000000100001"
        request.InvoiceDate = day.isoformat()
        request.InvoiceKind = "08"
        request.Amount = amount
        return request

    said = client.VatInvoiceVerifyNew(asked("1200.00"))
    assert said.Invoice is not None
    assert (said.Invoice.IsAbandoned, said.Invoice.AmountWithTax) == ("N", "1200.00")
    for who, amount, code in (
        (right, "1300.00", "FailedOperation.InvoiceMismatch"),
        (Credential(secret_id, "not the key"), "1200.00", "AuthFailure.SignatureFailure"),
    ):
        try:
            OcrClient(who, "ap-beijing", profile).VatInvoiceVerifyNew(asked(amount))
        except TencentCloudSDKException as error:
            refused = error.code
        else:
            raise AssertionError(f"{code} was expected")
        assert refused == code
    print("tencentcloud-sdk-python-ocr 3.1.193: answer, mismatch and wrong key as they should be")


def ask_baidu(port: int, folder: Path) -> None:
    base = f"http://127.0.0.1:{port}"
    client = AipOcr(
        "app",
        (folder / "baidu-api-key").read_text(),
        (folder / "baidu-secret-key").read_text(),
    )
    # The addresses are private constants of its classes.
    client._AipBase__accessTokenUrl = f"{base}/oauth/2.0/token"
    client._AipOcr__vat_invoice_verificationUrl = f"{base}/rest/2.0/ocr/v1/vat_invoice_verification"
    day = days_ago(25)
    said = client.vat_invoice_verification(
        {
            "invoice_code": "",
            "invoice_num": f"{day:%y}112000000000100003",
            "invoice_date": f"{day:%Y%m%d}",
            "invoice_type": "elec_invoice_special",
            "total_amount": "5650.00",
        }
    )
    assert (said["VerifyResult"], said["InvalidSign"]) == ("0001", "QH"), said
    print("baidu-aip 4.16.13: token and answer as they should be")


def forward(listening: socket.socket, port: int) -> None:
    """From port 80 to the stand-in: Alipay's SDK knows no other port."""

    def copy(source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

    while True:
        visitor, _ = listening.accept()
        stand_in = socket.create_connection(("127.0.0.1", port))
        for pair in ((visitor, stand_in), (stand_in, visitor)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


def ask_alipay(port: int, folder: Path) -> None:
    try:
        listening = socket.create_server(("127.0.0.1", 80))
    except OSError as error:
        print(f"alipay-sdk-python: NOT ASKED, its only port is 80 ({error})")
        return
    threading.Thread(target=forward, args=(listening, port), daemon=True).start()
    config = AlipayClientConfig()
    config.server_url = "http://127.0.0.1/gateway.do"
    config.app_id = (folder / "alipay-app-id").read_text().strip()
    config.app_private_key = (folder / "alipay-private-key").read_text().strip()
    config.alipay_public_key = (folder / "alipay-public-key").read_text().strip()
    client = DefaultAlipayClient(config)

    title = AlipayEbppInvoiceTitleDynamicGetModel()
    title.bar_code = "288000000000000001"
    titled = AlipayEbppInvoiceTitleDynamicGetResponse()
    asked = AlipayEbppInvoiceTitleDynamicGetRequest(biz_model=title)
    titled.parse_response_content(client.execute(asked))
    assert titled.title.title_name == "北京示例科技有限公司"

    token = AlipayEbppInvoiceTokenBatchqueryModel()
    token.invoice_token, token.scene = "298000000000000001", "SANDBOX"
    shown = AlipayEbppInvoiceTokenBatchqueryResponse()
    shown.parse_response_content(
        client.execute(AlipayEbppInvoiceTokenBatchqueryRequest(biz_model=token))
    )
    (element,) = shown.invoice_element_list

    detail = AlipayEbppInvoiceDetailOutputQueryModel()
    detail.invoice_no, detail.open_id, detail.scene = element.invoice_no, shown.open_id, "SANDBOX"
    held = AlipayEbppInvoiceDetailOutputQueryResponse()
    held.parse_response_content(
        client.execute(AlipayEbppInvoiceDetailOutputQueryRequest(biz_model=detail))
    )
    assert held.invoice_amount == element.invoice_amount
    order(port, "unsigned")
    try:
        client.execute(asked)
    except ResponseException as error:
        said = str(error)
    else:
        raise AssertionError("a foreign signature was taken")
    assert "sign verify failed" in said
    print("alipay-sdk-python 3.7.1411: title, token, detail, foreign signature as they should be")


def order(alipay_port: int, fault: str) -> None:
    control = http.client.HTTPConnection("127.0.0.1", alipay_port + 2)
    control.request(
        "POST",
        "/steer",
        json.dumps({"platform": "alipay", "fault": fault}),
        {"Content-Type": "application/json"},
    )
    assert control.getresponse().status == 200


def main() -> None:
    first_port, folder = int(sys.argv[1]), Path(sys.argv[2])
    wait_until_there(first_port + 5)
    ask_tencent(first_port, folder)
    ask_baidu(first_port + 1, folder)
    ask_alipay(first_port + 3, folder)


if __name__ == "__main__":
    main()
