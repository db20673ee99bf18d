"""What Baidu's words mean here.

Sources: the page of the call, cloud.baidu.com/doc/OCR/s/cklbnrnwe (VerifyResult,
InvalidSign, invoice_type), and the page of error codes, ai.baidu.com/ai-doc/OCR/dk3h7y5vr;
einvoice-formats §6.
"""

from types import MappingProxyType

from central.contract import RulingReason
from central.platforms.outcome import (
    BadInput,
    Differs,
    LimitReached,
    NotFound,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from einvoice.kinds import Kind

_FIELDS_REFUSED = BadInput(RulingReason.FIELDS_REFUSED)

AGREES = "0001"
ANSWER_OF_RESULT: MappingProxyType[str, PlatformAnswer] = MappingProxyType(
    {
        "0002": LimitReached(),
        "0005": _FIELDS_REFUSED,
        "0006": Differs(),
        "0009": NotFound(),
        "1004": PlatformDown("VerifyResult 1004", Outage.CONTRACT),
        "1005": _FIELDS_REFUSED,
        "1006": _FIELDS_REFUSED,
        "1008": _FIELDS_REFUSED,
        "1009": _FIELDS_REFUSED,
        "1014": NotYet(),
        "1015": TooOld(),
        "1020": PlatformDown("VerifyResult 1020", Outage.CONTRACT),
        "1021": PlatformDown("VerifyResult 1021", Outage.UPSTREAM),
        "9999": PlatformDown("VerifyResult 9999", Outage.UPSTREAM),
    }
)
"""VerifyResult, beside 0001."""

OUTAGE_OF_ERROR = MappingProxyType(
    {
        1: Outage.UPSTREAM,
        2: Outage.UPSTREAM,
        3: Outage.CONTRACT,
        4: Outage.THROTTLED,
        6: Outage.CONTRACT,
        14: Outage.CONTRACT,
        17: Outage.CONTRACT,
        18: Outage.THROTTLED,
        19: Outage.CONTRACT,
        100: Outage.CONTRACT,
        110: Outage.CONTRACT,
        111: Outage.CONTRACT,
        216100: Outage.NONSENSE,
        216101: Outage.NONSENSE,
        216102: Outage.CONTRACT,
        216103: Outage.NONSENSE,
        216110: Outage.CONTRACT,
        282000: Outage.UPSTREAM,
    }
)
"""error_code: what is said about the call, never about the invoice."""
TOKEN_ERRORS = frozenset({100, 110, 111})
"""The access token is no longer taken: get another, once."""

STATE_OF_SIGN = MappingProxyType(
    {
        "N": RecordState.NORMAL,
        "Y": RecordState.VOID,
        "BH": RecordState.RED_PARTIAL,
        "QH": RecordState.RED_FULL,
        "H": RecordState.RED_FULL,
    }
)
"""InvalidSign."""
SIGN_WITHOUT_EXTENT = "H"
"""已冲红, and nothing on how much of it."""

INVOICE_TYPE = MappingProxyType(
    {
        Kind.SPECIAL_PAPER: "special_vat_invoice",
        Kind.FREIGHT: "special_freight_transport_invoice",
        Kind.MOTOR_VEHICLE: "motor_vehicle_invoice",
        Kind.ORDINARY_PAPER: "normal_invoice",
        Kind.SPECIAL_ELECTRONIC: "elec_special_vat_invoice",
        Kind.ORDINARY_ELECTRONIC: "elec_normal_invoice",
        Kind.ROLL: "roll_normal_invoice",
        Kind.TOLL: "toll_elec_normal_invoice",
        Kind.USED_VEHICLE: "used_vehicle_invoice",
        Kind.DIGITAL_SPECIAL: "elec_invoice_special",
        Kind.DIGITAL_ORDINARY: "elec_invoice_normal",
    }
)
"""invoice_type. It must be given, so only these kinds can be asked for: the names for railway
tickets and air itineraries are in no source that could be read here."""


def answer_of_error(code: int) -> PlatformDown:
    """What an error code says. One that no table knows is not relied on."""
    return PlatformDown(f"error_code {code}", OUTAGE_OF_ERROR.get(code, Outage.NONSENSE))
