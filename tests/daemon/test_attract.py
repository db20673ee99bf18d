"""After long idleness the page is for eyes far away; whoever comes is led straight on."""

from visit_kit import INVOICE_TEXT, Hall

from drivers.printers.status import Cause, NotReady, Ready
from kiosk import messages as m

LONG_S = 600


def idle(hall: Hall) -> None:
    hall.visit.tick()
    hall.pass_seconds(LONG_S - 1)
    assert hall.situation == m.Home()
    hall.pass_seconds(1)


async def test_it_comes_after_long_idleness_and_says_how_paper_and_network_are() -> None:
    hall = Hall()
    idle(hall)
    assert hall.situation == m.Home(attract=m.Attract())
    hall.visit.printer_changed(Ready(near_end=True))
    hall.visit.link_changed(is_down=True)
    hall.pass_seconds(1)
    assert hall.situation == m.Home(attract=m.Attract("near_end", link_down=True))
    hall.visit.printer_changed(NotReady(Cause.PAPER_OUT))
    assert hall.situation == m.Home(attract=m.Attract("paper_out", link_down=True))
    assert hall.visit.is_quiet


async def test_a_scan_goes_straight_on() -> None:
    hall = Hall()
    idle(hall)
    hall.visit.scanned(INVOICE_TEXT)
    assert isinstance(hall.situation, m.Checking)
    await hall.settle()


async def test_a_touch_leads_to_the_page_and_the_wait_begins_anew() -> None:
    hall = Hall()
    idle(hall)
    hall.visit.intend(m.Touched())
    assert hall.situation == m.Home(attract=m.Attract())
    hall.visit.intend(m.GoHome(hall.turn))
    await hall.settle()
    idle(hall)


async def test_whoever_chooses_a_language_is_on_the_page_itself() -> None:
    hall = Hall()
    idle(hall)
    hall.visit.intend(m.SetLanguage("en"))
    assert (hall.situation, hall.now.language) == (m.Home(), "en")


async def test_back_leads_to_the_page_itself() -> None:
    hall = Hall()
    idle(hall)
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == m.Home()
