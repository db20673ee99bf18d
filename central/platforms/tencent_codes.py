"""What Tencent Cloud's words mean here.

Sources: the error codes and models of tencentcloud-sdk-python-ocr 3.1.193
(`tencentcloud/ocr/v20181119/errorcodes.py`, `models.py`, VatInvoiceVerifyNew) and the
page of the call, cloud.tencent.com/document/api/866/73674; einvoice-formats §6.
"""

from types import MappingProxyType

from central.contract import RulingReason
from central.platforms.outcome import (
    BadInput,
    Differs,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
)
from einvoice.kinds import Kind

_FIELDS_REFUSED = BadInput(RulingReason.FIELDS_REFUSED)

ANSWER_OF_CODE: MappingProxyType[str, PlatformAnswer] = MappingProxyType(
    {
        "ResourceNotFound.NoInvoice": NotFound(),
        "FailedOperation.InvoiceMismatch": Differs(),
        "FailedOperation.CountLimitError": LimitReached(),
        "ResourceNotFound.NotSupportCurrentInvoiceQuery": NotYet(),
        "ResourceNotFound.NoAreaCode": NotSupported(),
        "InvalidParameterValue.TicketCodeParameterValueLimit": _FIELDS_REFUSED,
        "InvalidParameterValue.TicketSnParameterValueLimit": _FIELDS_REFUSED,
        "InvalidParameterValue.TicketDateParameterValueLimit": _FIELDS_REFUSED,
        "InvalidParameterValue.PriceOrVerificationParameterValueLimit": _FIELDS_REFUSED,
        "InvalidParameterValue.InvalidParameterValueLimit": _FIELDS_REFUSED,
    }
)
"""What is said about the invoice, or about the fields that were sent."""

OUTAGE_OF_CODE = MappingProxyType(
    {
        "ResourceUnavailable.TaxNetworkError": Outage.UPSTREAM,
        "FailedOperation.UnKnowError": Outage.UPSTREAM,
        "FailedOperation.ArrearsError": Outage.CONTRACT,
        "FailedOperation.UnOpenError": Outage.CONTRACT,
        "ResourceUnavailable.InArrears": Outage.CONTRACT,
        "ResourceUnavailable.ResourcePackageRunOut": Outage.CONTRACT,
        "ResourcesSoldOut.ChargeStatusException": Outage.CONTRACT,
        "RequestLimitExceeded": Outage.THROTTLED,
        "InternalError": Outage.UPSTREAM,
    }
)
"""What is said about the platform or our contract with it."""

OUTAGE_OF_FAMILY = MappingProxyType(
    {
        # Common codes of all products (cloud.tencent.com/document/api/866/33528): the part
        # before the dot decides.
        "AuthFailure": Outage.CONTRACT,
        "UnauthorizedOperation": Outage.CONTRACT,
        "RequestLimitExceeded": Outage.THROTTLED,
        "LimitExceeded": Outage.THROTTLED,
        "InternalError": Outage.UPSTREAM,
        "ServiceUnavailable": Outage.UPSTREAM,
        "ResourceUnavailable": Outage.UPSTREAM,
        "FailedOperation": Outage.UPSTREAM,
    }
)


def answer_of(code: str) -> PlatformAnswer:
    """What an error code says. A code that no table knows says nothing about an invoice."""
    known = ANSWER_OF_CODE.get(code)
    if known is not None:
        return known
    outage = OUTAGE_OF_CODE.get(code) or OUTAGE_OF_FAMILY.get(code.partition(".")[0])
    return PlatformDown(code[:80], outage or Outage.NONSENSE)


STATE_OF_MARK = MappingProxyType(
    {
        "N": RecordState.NORMAL,
        "Y": RecordState.VOID,
        "HP": RecordState.RED_PARTIAL,
        "HF": RecordState.RED_FULL,
        "H": RecordState.RED_FULL,
    }
)
"""VatInvoice.IsAbandoned."""
MARK_WITHOUT_EXTENT = "H"
"""红冲, and nothing on how much of it."""

STATE_OF_TICKET = MappingProxyType(
    {"0": RecordState.NORMAL, "2": RecordState.VOID, "3": RecordState.RED_FULL}
)
"""StateCode of railway tickets and air itineraries; 1 is "not updated", which is no state."""
TICKET_WITHOUT_EXTENT = "3"

INVOICE_KIND = MappingProxyType(
    {
        Kind.SPECIAL_PAPER: "01",
        Kind.FREIGHT: "02",
        Kind.MOTOR_VEHICLE: "03",
        Kind.ORDINARY_PAPER: "04",
        Kind.SPECIAL_ELECTRONIC: "08",
        Kind.ORDINARY_ELECTRONIC: "10",
        Kind.ROLL: "11",
        Kind.TOLL: "14",
        Kind.USED_VEHICLE: "15",
        Kind.DIGITAL_SPECIAL: "08",
        Kind.DIGITAL_ORDINARY: "10",
    }
)
"""InvoiceKind; it may be left out, as for all kinds that are not here."""
