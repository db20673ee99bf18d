"""Putting a signature into an OFD, or taking care to leave something out of it."""

import base64
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from central.sandbox.mint.authority import Credential
from central.sandbox.mint.seals import TrialSeal, sealed_value, signed_message
from einvoice.seals.digests import sm3

SIGNED_AT = datetime(2021, 6, 1, 2, 3, 4, tzinfo=UTC)
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_SM3_OID = "1.2.156.10197.1.401"
_CHINA = timezone(timedelta(hours=8))
_FIXED_TIME = (2021, 6, 1, 10, 3, 4)
_FOLDER = "Doc_0/Signs"
_LIST = f"{_FOLDER}/Signatures.xml"
_SIGNATURE_XML = f"{_FOLDER}/Sign_0/Signature.xml"
_SEAL_FILE = f"{_FOLDER}/Sign_0/Seal.esl"


@dataclass(frozen=True)
class SignedParts:
    """An OFD's entries, by path, with its signature among them."""

    entries: Mapping[str, bytes]

    def packed(self) -> bytes:
        """The OFD as a file; the same entries give the same bytes."""
        return pack(self.entries)


def sign_with_seal(
    entries: Mapping[str, bytes],
    seal: TrialSeal,
    *,
    signer: Credential | None = None,
    signed_at: datetime = SIGNED_AT,
    left_out: Iterable[str] = (),
    seal_file: bool = True,
    lists_itself: bool = False,
    check_method: str = _SM3_OID,
) -> SignedParts:
    """Sign every entry with a seal.

    Args:
        entries: the document; OFD.xml must hold a DocBody.
        seal: goes into the signature.
        signer: signs instead of the seal's holder.
        signed_at: UTC.
        left_out: entries that the signature does not list.
        seal_file: whether Seal.esl is written and listed as well.
        lists_itself: whether the list of signatures is listed as well.
        check_method: how the digests' algorithm is named.
    """
    extra = {_SEAL_FILE: seal.der} if seal_file else {}
    if lists_itself:
        extra[_LIST] = _signature_list("Seal")

    def value(signature_xml: bytes, path: str) -> bytes:
        return sealed_value(seal, signer or seal.holder, signature_xml, path, signed_at)

    return _signed(entries, value, "Seal", signed_at, left_out, extra, check_method)


def sign_with_message(
    entries: Mapping[str, bytes],
    signer: Credential,
    *,
    signed_at: datetime = SIGNED_AT,
    with_certificate: bool = True,
    is_bare: bool = False,
) -> SignedParts:
    """Sign every entry without a seal, as type Sign.

    Args:
        entries: the document; OFD.xml must hold a DocBody.
        signer: signs.
        signed_at: UTC.
        with_certificate: whether the certificate goes in.
        is_bare: write the two numbers of the signature and nothing else.
    """

    def value(signature_xml: bytes, path: str) -> bytes:
        del path
        if is_bare:
            return signer.key.sign(signature_xml)
        return signed_message(signer, signature_xml, with_certificate=with_certificate)

    return _signed(entries, value, "Sign", signed_at, (), {}, _SM3_OID)


def pack(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP of these entries, in their order, with a fixed time."""
    return pack_pairs(entries.items())


def pack_pairs(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """As `pack`, for pairs: a name may come twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in pairs:
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file.getvalue()


def _signed(
    entries: Mapping[str, bytes],
    value: Callable[[bytes, str], bytes],
    kind: str,
    signed_at: datetime,
    left_out: Iterable[str],
    extra: Mapping[str, bytes],
    check_method: str,
) -> SignedParts:
    root = entries["OFD.xml"].replace(
        b"</ofd:DocBody>", f"<ofd:Signatures>{_LIST}</ofd:Signatures></ofd:DocBody>".encode()
    )
    document = {**entries, "OFD.xml": root, **extra}
    path = _SIGNATURE_XML
    signed_value = f"{_FOLDER}/Sign_0/SignedValue.dat"
    omitted = frozenset(left_out)
    listed = {name: content for name, content in document.items() if name not in omitted}
    seal = (
        f"<ofd:Seal><ofd:BaseLoc>/{_SEAL_FILE}</ofd:BaseLoc></ofd:Seal>"
        if _SEAL_FILE in extra
        else ""
    )
    local = signed_at.astimezone(_CHINA).strftime("%Y%m%d%H%M%S")
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>'
        f"{base64.b64encode(sm3(content)).decode()}</ofd:CheckValue></ofd:Reference>"
        for name, content in listed.items()
    )
    signature_xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Signature {_NAMESPACE}><ofd:SignedInfo>'
        '<ofd:Provider ProviderName="sandbox" Version="1.0" Company="sandbox"/>'
        "<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{local}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{check_method}">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="1" PageRef="1" Boundary="90 8 30 20"/>{seal}</ofd:SignedInfo>'
        f"<ofd:SignedValue>/{signed_value}</ofd:SignedValue></ofd:Signature>"
    ).encode()
    return SignedParts(
        {
            **document,
            _LIST: _signature_list(kind),
            path: signature_xml,
            signed_value: value(signature_xml, f"/{path}"),
        }
    )


def _signature_list(kind: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Signatures {_NAMESPACE}>'
        "<ofd:MaxSignId>1</ofd:MaxSignId>"
        f'<ofd:Signature ID="1" Type="{kind}" BaseLoc="/{_SIGNATURE_XML}"/></ofd:Signatures>'
    ).encode()
