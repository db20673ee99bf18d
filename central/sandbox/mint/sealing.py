"""Who seals minted OFDs: a maker of seals, a tax bureau that holds one, and somebody else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from central.sandbox.mint.authority import Authority, Credential
from central.sandbox.mint.seals import SealVersion, TrialSeal, make_seal

# Around every date that an invoice is likely to be minted with.
_FROM, _TO = datetime(2015, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sealing:
    """A seal and who may use it.

    Attributes:
        maker: makes seals; pin its certificate to have them accepted.
        seal: with its holder, the tax bureau of the region.
        stranger: has a certificate of the same authority, and no seal.
    """

    maker: Credential
    seal: TrialSeal
    stranger: Credential


@cache
def sealing(
    authority: Authority | None = None,
    region: str = "11",
    version: SealVersion = SealVersion.V4,
) -> Sealing:
    """The same for the same arguments.

    Args:
        authority: None for the one that says 测试, whose seals are never accepted as genuine.
        region: two digits of the holder's province.
        version: of the seal's standard.
    """
    issuer = authority or Authority()
    maker = issuer.issue("沙箱印章制作系统", not_before=_FROM, not_after=_TO)
    bureau = f"1{region}00000000"
    holder = issuer.issue(f"沙箱税务局{region}", tax_bureau=bureau, not_before=_FROM, not_after=_TO)
    stranger = issuer.issue("沙箱路人", not_before=_FROM, not_after=_TO)
    seal = make_seal(maker, holder, version=version, valid_from=_FROM, valid_to=_TO)
    return Sealing(maker, seal, stranger)
