"""What a terminal accepts for businesses while the service is away: never twice, never too much."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from central.contract import sha256_hex
from central.contract_people import (
    OP_ISSUE_REQUESTED,
    IssueRequested,
    IssuingTerms,
    Item,
    ItemSold,
    Title,
)
from einvoice.kinds import Kind
from kiosk.clock import BEIJING
from kiosk.daemon import journal
from kiosk.daemon.allowance import TERMS_LAST_AT_MOST, Application, NotGranted
from kiosk.daemon.applications import Applications
from kiosk.daemon.journal import Job
from kiosk.daemon.keeping import Keeper, Kept, NotKept
from kiosk.daemon.opening import open_queue
from offline_queue.entry import Deferred, Done, Parked
from offline_queue.errors import StorageFailed
from offline_queue.sealing import Sealer

TAX_ID, OTHER_TAX_ID = "91110000MA00SHL15X", "92110105MA00SHL16Q"
BUYER = Title("某某示例科技有限公司", "91110105MA00TEST1X")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)


def terms(allowance: str = "2000", limit: str = "1000", tax_id: str = TAX_ID) -> IssuingTerms:
    return IssuingTerms(
        tax_id,
        "北京示例商贸有限公司",
        (Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL),
        (Item("meal", "餐饮服务", Decimal("0.06")), Item("tea", "茶叶", Decimal("0.13"))),
        limit=Decimal(limit),
        offline_allowance=Decimal(allowance),
        good_until=NOON + timedelta(days=7),
    )


def wanted(
    yuan: str = "106.00",
    tax_id: str = TAX_ID,
    *,
    kind: Kind = Kind.DIGITAL_ORDINARY,
    title: Title = BUYER,
    items: tuple[ItemSold, ...] | None = None,
) -> Application:
    return Application(
        tax_id, kind, title, (ItemSold("meal", Decimal(yuan)),) if items is None else items
    )


class HandClock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class Terminal:
    """The parts that accept, on a real file."""

    def __init__(self, folder: Path, clock: HandClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or HandClock()
        self.agrees: bool | None = None
        self.dies_in: Callable[[], None] = lambda: None
        self.sealer, self.outbox = open_queue(folder)
        self.keeper = Keeper(
            self.outbox,
            self.sealer,
            "03",
            self.clock,
            note_in=lambda _connection, _act: self.dies_in(),
        )
        self.desk = self.applications(self.sealer)

    def applications(self, sealer: Sealer) -> Applications:
        return Applications(
            self.outbox, sealer, self.keeper, self.clock, clock_agrees=lambda: self.agrees
        )

    def restart(self) -> None:
        self.outbox.close()
        self.__init__(self.folder, self.clock)

    def accept(self, application: Application, *, asked: bool = False) -> Kept:
        kept = self.desk.apply(application, asked=asked)
        assert isinstance(kept, Kept), kept
        return kept

    def slip(self, number: str, outcome: str) -> None:
        job = Job(f"{number}-{outcome}", number, 0, number, self.clock.now(), None)
        self.keeper.begin_job(job)
        if outcome:
            self.keeper.end_job(job, outcome, "")

    def owed(self, tax_id: str = TAX_ID) -> Decimal:
        known = self.desk.known(tax_id)
        assert known is not None
        return known.owed


@pytest.fixture
def here(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "state")
    terminal.desk.keep_terms(TAX_ID, terms())
    return terminal


def test_accepted_without_the_service_survives_and_says_what_was_wanted(here: Terminal) -> None:
    kept = here.accept(wanted())
    for file in here.folder.iterdir():
        if file.name != "queue.key":
            for secret in (TAX_ID, BUYER.name, BUYER.tax_id, "北京示例商贸"):
                assert secret.encode() not in file.read_bytes(), file.name
    here.restart()
    (entry,) = here.outbox.due(10, 1 << 20)
    assert (entry.kind, entry.at) == (OP_ISSUE_REQUESTED, NOON)
    assert msgspec.json.decode(entry.body, type=IssueRequested) == IssueRequested(
        kept.ticket.number,
        sha256_hex(kept.ticket.secret),
        TAX_ID,
        Kind.DIGITAL_ORDINARY,
        BUYER,
        (ItemSold("meal", Decimal("106.00")),),
        applied_on=NOON.date(),
        offline=True,
    )
    assert here.owed() == Decimal("106.00")
    assert here.keeper.ticket(kept.ticket.number) == kept.ticket


def test_to_the_last_fen_and_not_one_more(here: Terminal) -> None:
    here.desk.keep_terms(TAX_ID, terms("300.10", "200.05"))
    here.accept(wanted("200.05"))
    assert here.desk.apply(wanted("100.06"), asked=False) is NotGranted.ALLOWANCE
    here.accept(wanted("100.05"))
    assert here.owed() == Decimal("300.10")
    assert here.desk.apply(wanted("0.01"), asked=False) is NotGranted.ALLOWANCE


def test_what_the_service_has_is_owed_no_longer_and_what_it_parks_still_is(here: Terminal) -> None:
    first, second = here.accept(wanted("600.00")), here.accept(wanted("700.00"))
    ids = {entry.order_key: entry.op_id for entry in here.outbox.due(10, 1 << 20)}
    here.outbox.settle([Parked(ids[first.ticket.number], "kind_unknown")])
    assert here.owed() == Decimal(1300)
    here.outbox.settle([Done(ids[second.ticket.number], "new")])
    assert here.owed() == Decimal(600)
    here.outbox.settle([Done(ids[first.ticket.number], "new")])
    assert here.owed() == 0


def test_each_business_has_its_own_allowance(here: Terminal) -> None:
    here.desk.keep_terms(OTHER_TAX_ID, terms("50", tax_id=OTHER_TAX_ID))
    here.accept(wanted("900.00"))
    here.accept(wanted("50.00", OTHER_TAX_ID))
    assert here.desk.apply(wanted("1.00", OTHER_TAX_ID), asked=False) is NotGranted.ALLOWANCE
    assert (here.owed(), here.owed(OTHER_TAX_ID)) == (Decimal(900), Decimal(50))


def test_with_the_service_at_hand_one_may_be_on_its_way_beyond_the_allowance(
    here: Terminal,
) -> None:
    here.desk.keep_terms(TAX_ID, terms("0"))
    assert here.desk.apply(wanted("900.00"), asked=False) is NotGranted.ALLOWANCE
    here.accept(wanted("900.00"), asked=True)
    (entry,) = here.outbox.due(10, 1 << 20)
    assert not msgspec.json.decode(entry.body, type=IssueRequested).offline
    assert here.desk.apply(wanted("800.00"), asked=True) is NotGranted.ALLOWANCE
    here.outbox.settle([Done(entry.op_id, "new")])
    here.accept(wanted("800.00"), asked=True)


@pytest.mark.parametrize(
    ("application", "why"),
    [
        (wanted(tax_id=OTHER_TAX_ID), NotGranted.NO_TERMS),
        (wanted(kind=Kind.TOLL), NotGranted.KIND),
        (wanted(items=()), NotGranted.ITEMS),
        (wanted(items=(ItemSold("gold", Decimal(1)),)), NotGranted.ITEMS),
        (wanted(items=(ItemSold("tea", Decimal(1)),) * 9), NotGranted.ITEMS),
        (wanted("0"), NotGranted.AMOUNT),
        (wanted("-5"), NotGranted.AMOUNT),
        (wanted("0.005"), NotGranted.AMOUNT),
        (wanted("NaN"), NotGranted.AMOUNT),
        (wanted("1000.01"), NotGranted.LIMIT),
        (wanted(kind=Kind.DIGITAL_SPECIAL, title=Title("张三")), NotGranted.TAX_ID),
    ],
)
def test_what_is_not_accepted_leaves_nothing(
    here: Terminal, application: Application, why: NotGranted
) -> None:
    for asked in (False, True):
        assert here.desk.apply(application, asked=asked) is why
    assert here.outbox.counts().waiting == 0
    assert here.owed() == 0


def test_old_terms_are_not_relied_on_and_new_ones_are(here: Terminal) -> None:
    here.clock.time = NOON + timedelta(days=7) - timedelta(seconds=1)
    here.accept(wanted("1.00"))
    here.clock.time = NOON + timedelta(days=7)
    assert here.desk.apply(wanted("2.00"), asked=False) is NotGranted.OLD_TERMS
    assert here.desk.standing(TAX_ID, asked=False) is NotGranted.OLD_TERMS
    assert here.desk.standing(TAX_ID, asked=True) is None
    later = msgspec.structs.replace(terms(), good_until=NOON + timedelta(days=14))
    here.desk.keep_terms(TAX_ID, later)
    here.accept(wanted("2.00"))
    assert here.owed() == Decimal("3.00")


def test_terms_that_say_they_are_good_for_ever_are_not(here: Terminal) -> None:
    ever = msgspec.structs.replace(terms(), good_until=NOON + timedelta(days=9999))
    here.desk.keep_terms(TAX_ID, ever)
    here.clock.time = NOON + TERMS_LAST_AT_MOST
    assert here.desk.apply(wanted(), asked=False) is NotGranted.OLD_TERMS


def test_a_clock_that_went_back_or_is_wrong_makes_no_terms_younger(here: Terminal) -> None:
    here.clock.time = NOON + timedelta(days=6)
    here.accept(wanted("1.00"))
    here.restart()
    here.clock.time = NOON + timedelta(days=1)  # an empty battery: behind our own tickets
    assert here.desk.apply(wanted("2.00"), asked=False) is NotGranted.CLOCK
    here.agrees = True  # the ticket was given by a clock that was ahead
    here.accept(wanted("3.00"))
    here.agrees = False
    assert here.desk.apply(wanted("4.00"), asked=False) is NotGranted.CLOCK
    here.agrees = None
    here.clock.time = NOON - timedelta(days=1)  # before the terms themselves
    assert here.desk.apply(wanted("5.00"), asked=False) is NotGranted.CLOCK
    here.desk.keep_terms(TAX_ID, terms())  # with the service at hand no clock is needed
    assert here.desk.standing(TAX_ID, asked=True) is None


def test_who_is_no_longer_registered_gets_nothing_and_still_owes(here: Terminal) -> None:
    here.accept(wanted("500.00"))
    here.desk.keep_terms(TAX_ID, None)
    assert here.desk.apply(wanted("1.00"), asked=False) is NotGranted.NO_TERMS
    here.desk.keep_terms(TAX_ID, terms("500"))
    assert here.desk.apply(wanted("1.00"), asked=False) is NotGranted.ALLOWANCE


def test_after_a_restore_terms_must_be_asked_for_again(here: Terminal) -> None:
    assert here.keeper.follow_restore(2)
    assert here.desk.apply(wanted(), asked=False) is NotGranted.NO_TERMS


@pytest.mark.parametrize("outcome", [None, "failed", "unknown", "proven", ""])
def test_the_same_again_is_the_same_only_while_nobody_can_hold_its_slip(
    here: Terminal, outcome: str | None
) -> None:
    """`None`: killed before the print began; "": while it ran."""
    first = here.accept(wanted())
    if outcome is not None:
        here.slip(first.ticket.number, outcome)
    here.restart()
    again = here.accept(wanted())
    may_be_held = outcome not in (None, "failed")
    assert (again.ticket != first.ticket) is may_be_held
    assert here.owed() == Decimal(212 if may_be_held else 106)
    assert here.accept(wanted("107.00")).ticket != first.ticket


def test_forgotten_after_its_time_but_never_while_it_is_owed(here: Terminal) -> None:
    here.accept(wanted("1.00"))
    done = here.accept(wanted("2.00"))
    ids = {entry.order_key: entry.op_id for entry in here.outbox.due(10, 1 << 20)}
    here.outbox.settle([Done(ids[done.ticket.number], "new")])
    here.keeper.forget_before(NOON + timedelta(days=60))
    assert here.owed() == Decimal("1.00")
    with here.outbox.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM application").fetchone() == (1,)
        plans = [
            row[-1]
            for row in connection.execute(
                "EXPLAIN QUERY PLAN SELECT coalesce(sum(fen), 0) FROM application"
                " WHERE business = 1 AND op_id IN (SELECT op_id FROM operations)"
            )
        ]
    assert any("application_of_business" in line for line in plans), plans


def test_a_failing_disk_is_said_and_nothing_is_owed(
    here: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageFailed("disk I/O error")

    monkeypatch.setattr(journal, "add_ticket", refuse)
    assert isinstance(here.desk.apply(wanted(), asked=False), NotKept)
    assert (here.owed(), here.outbox.counts().waiting) == (0, 0)


class KilledHere(Exception):
    """The process ends at this point."""


class DyingSealer:
    """Ends the process at its n-th sealing from now: all along the way of an acceptance."""

    def __init__(self, inner: Sealer, dies_at: int) -> None:
        self._inner, self._left = inner, dies_at

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def seal(self, plain: bytes, name: str) -> bytes:
        self._left -= 1
        if self._left == 0:
            raise KilledHere
        return self._inner.seal(plain, name)


class Ledger(RuleBasedStateMachine):
    """The ledger against the plainest model: a set of what is owed, in fen."""

    @initialize(allowance=st.integers(0, 3000))
    def begin(self, allowance: int) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="ledger-"))
        self.cuts = 0
        self.here = Terminal(self.root / "0")
        self.owed: dict[str, int] = {}  # ticket -> fen, for as long as the service has it not
        self.allowance, self.limit, self.amount = allowance, 1000, 0
        self.here.desk.keep_terms(TAX_ID, self._terms())

    def _terms(self) -> IssuingTerms:
        return terms(str(Decimal(self.allowance) / 100), str(Decimal(self.limit) / 100))

    def teardown(self) -> None:
        if hasattr(self, "root"):
            self.here.outbox.close()
            shutil.rmtree(self.root)

    def _want(self, fen: int) -> Application:
        # No two alike: repetitions have a test of their own.
        self.amount += 1
        return wanted(str(Decimal(fen) / 100), title=Title(f"甲{self.amount}"))

    def _may(self, fen: int, *, asked: bool) -> bool:
        owed = sum(self.owed.values())
        is_alone = asked and owed == 0
        return fen <= self.limit and (is_alone or owed + fen <= self.allowance)

    @rule(fen=st.integers(1, 1100), asked=st.booleans())
    def apply(self, fen: int, asked: bool) -> None:
        result = self.here.desk.apply(self._want(fen), asked=asked)
        assert isinstance(result, Kept) is self._may(fen, asked=asked)
        if isinstance(result, Kept):
            self.owed[result.ticket.number] = fen
        else:
            assert result is (NotGranted.LIMIT if fen > self.limit else NotGranted.ALLOWANCE)

    @rule(fen=st.integers(1, 1000), at=st.integers(1, 4))
    def killed_on_the_way(self, fen: int, at: int) -> None:
        """Killed at one of the sealings, or in the commit; then the same again after a restart."""
        want, may = self._want(fen), self._may(fen, asked=False)
        here = self.here
        here.keeper._sealer = here.outbox._sealer = DyingSealer(here.sealer, at)  # pyright: ignore
        desk = here.applications(here.keeper._sealer)
        if at == 4:
            here.dies_in = _die
        died = True
        try:
            desk.apply(want, asked=False)
            died = False
        except KilledHere:
            pass
        assert died or not may
        self._power_cut()
        result = self.here.desk.apply(want, asked=False)
        assert isinstance(result, Kept) is may
        if isinstance(result, Kept):
            self.owed[result.ticket.number] = fen

    @rule(fen=st.integers(1, 1000))
    def killed_after_the_commit(self, fen: int) -> None:
        """Whoever comes again after it gets the ticket that was kept, not a second one."""
        want = self._want(fen)
        first = self.here.desk.apply(want, asked=False)
        self._power_cut()
        again = self.here.desk.apply(want, asked=False)
        assert again == first
        if isinstance(first, Kept):
            self.owed[first.ticket.number] = fen

    @precondition(lambda self: self.owed)
    @rule(data=st.data(), how=st.sampled_from(["done", "parked", "deferred", "done_twice"]))
    def settle(self, data: st.DataObject, how: str) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.owed)))
        with self.here.outbox.transaction() as connection:
            (op_id,) = connection.execute(
                "SELECT op_id FROM ticket WHERE number = ?", [ticket]
            ).fetchone()
        settlements = {
            "done": [Done(op_id, "new")],
            "done_twice": [Done(op_id, "new"), Done(op_id, "seen")],
            "parked": [Parked(op_id, "kind_unknown")],
            "deferred": [Deferred(op_id, 30.0, "later")],
        }
        self.here.outbox.settle(settlements[how])
        if how.startswith("done"):
            self.here.outbox.settle(settlements[how])  # the answer came twice
            del self.owed[ticket]

    @rule(allowance=st.integers(0, 3000))
    def new_terms(self, allowance: int) -> None:
        self.allowance = allowance
        self.here.desk.keep_terms(TAX_ID, self._terms())

    @rule()
    def restart(self) -> None:
        self.here.restart()

    @rule()
    def _power_cut(self) -> None:
        """Goes on with the file and its log as they lie on the disk at this moment."""
        self.cuts += 1
        folder = self.root / str(self.cuts)
        shutil.copytree(self.here.folder, folder)
        self.here.outbox.close()
        self.here = Terminal(folder, self.here.clock)

    @invariant()
    def nothing_is_counted_twice_or_lost(self) -> None:
        if not hasattr(self, "here"):
            return
        assert self.here.owed() == Decimal(sum(self.owed.values())) / 100
        counts = self.here.outbox.counts()
        assert counts.waiting + counts.parked == len(self.owed)
        assert all(self.here.keeper.ticket(number) is not None for number in self.owed)


def _die() -> None:
    raise KilledHere


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
