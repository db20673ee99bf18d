"""The mint: a seed makes a row of invoices, always the same."""

from dataclasses import replace
from datetime import date
from random import Random

from central.sandbox.mint import invoices, made_up, spoiling
from central.sandbox.mint.minted import MintedInvoice
from einvoice.kinds import Kind

ISSUED_ON = date(2026, 11, 2)
BEIJING = "11"


class Mint:
    """Mints invoices one after the other.

    Two mints of one seed that are asked for the same things give the same invoices, and
    every form of these has the same bytes.
    """

    def __init__(self, seed: str = "mint") -> None:
        self._seed = seed
        self._count = 0

    def invoice(
        self,
        kind: Kind = Kind.DIGITAL_ORDINARY,
        *,
        issued_on: date = ISSUED_ON,
        region: str = BEIJING,
        lines: int = 2,
    ) -> MintedInvoice:
        """The next invoice, in order in every respect.

        Args:
            kind: one of `invoices.KINDS`.
            issued_on: date of issue.
            region: two digits of the province.
            lines: how many, where the kind has any.

        Raises:
            KeyError: a kind that is not minted, or a region that is none.
        """
        random = self._next()
        made = invoices.make_invoice(kind, random, issued_on=issued_on, region=region, lines=lines)
        return MintedInvoice(made, self._tail(random))

    def red_of(self, blue: MintedInvoice, *, issued_on: date | None = None) -> MintedInvoice:
        """The next invoice, which reverses all of another.

        Args:
            blue: what is reversed.
            issued_on: date of issue; None for that of the blue one.
        """
        random = self._next()
        day = issued_on or blue.invoice.issued_on or ISSUED_ON
        number, code = blue.invoice.number, blue.invoice.code
        reversed_one = spoiling.reversed_invoice(blue.invoice)
        if code:
            own = f"{random.randrange(1, 10**8):08d}"
            remark = f"对应正数发票代码:{code}号码:{number}"
        else:
            own = f"{day:%y}{number[2:5]}{made_up.digits(random, 15)}"
            remark = f"被红冲蓝字数电票号码：{number}"
        made = replace(
            reversed_one,
            number=own,
            issued_on=day,
            remark=remark,
            original_number=number,
            original_code=code,
        )
        return MintedInvoice(made, self._tail(random))

    def _next(self) -> Random:
        self._count += 1
        return Random(f"{self._seed}/{self._count}")  # noqa: S311 - no secret: the same each time

    @staticmethod
    def _tail(random: Random) -> str:
        """Four hexadecimal digits: what follows no published rule cannot be computed."""
        return f"{random.randrange(16**4):04X}"
