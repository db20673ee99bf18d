"""A small signed document, made anew for each run and always the same."""

from central.sandbox.mint.authority import Authority
from central.sandbox.mint.ofd_signer import SignedParts, sign_with_seal
from central.sandbox.mint.seals import SealVersion, TrialSeal, make_seal
from einvoice.seals import TrustStore
from einvoice.seals.certificate import Certificate

# Not the mint's own name, which says 测试 and is refused for it.
ACCEPTED = Authority("accepted", "样例税务CA(SM2)")
TRIAL = Authority()
MAKER = ACCEPTED.issue("样例印章制作系统")
HOLDER = ACCEPTED.issue("样例省税务局", tax_bureau="13300000000")
STRANGER = ACCEPTED.issue("路人")

ROOT_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.1">'
    "<ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID><ofd:CustomDatas>"
    '<ofd:CustomData Name="发票代码">033002000211</ofd:CustomData>'
    "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    "</ofd:DocBody></ofd:OFD>"
).encode()
ENTRIES = {
    "OFD.xml": ROOT_XML,
    "Doc_0/Document.xml": b"<ofd:Document/>",
    "Doc_0/Pages/Page_0/Content.xml": b"<ofd:Page>12.00</ofd:Page>",
    "Doc_0/Tpls/Tpl_0/Content.xml": b"<ofd:Page>title</ofd:Page>",
    "Doc_0/Attachs/original_invoice.xml": b"<eInvoice/>",
}
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def sha256_of(certificate: bytes) -> str:
    return Certificate.parse(certificate).sha256


PINS_MAKER = TrustStore(makers=frozenset({sha256_of(MAKER.certificate)}))
PINS_HOLDER = TrustStore(signers=frozenset({sha256_of(HOLDER.certificate)}))
PINS_NOBODY = TrustStore()


def seal(version: SealVersion = SealVersion.V4) -> TrialSeal:
    return make_seal(MAKER, HOLDER, version=version)


def signed(version: SealVersion = SealVersion.V4) -> SignedParts:
    return sign_with_seal(ENTRIES, seal(version))
