"""Which screen shows which situation."""

from kiosk import admin_messages as a
from kiosk import applying_messages as ap
from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk import people_pages as pp
from kiosk import screen_pages as sp
from kiosk import settings_pages as p
from kiosk import stick_messages as s
from kiosk.screens.a4 import A4EndedScreen, A4RunningScreen
from kiosk.screens.admin.devices import DevicesScreen
from kiosk.screens.admin.glass import GlassScreen, TouchScreen
from kiosk.screens.admin.history import HistoryScreen
from kiosk.screens.admin.logs import LogsScreen
from kiosk.screens.admin.network import NetworkScreen
from kiosk.screens.admin.overview import OverviewScreen
from kiosk.screens.admin.people import NewStaffScreen, OwnPinScreen
from kiosk.screens.admin.queue import QueueScreen
from kiosk.screens.admin.setting import SettingScreen
from kiosk.screens.admin.settings import SectionScreen, SettingsScreen
from kiosk.screens.admin.sign_in import SignInScreen
from kiosk.screens.admin.tickets import TicketsScreen
from kiosk.screens.admin.upkeep import UpkeepScreen
from kiosk.screens.admin.users import UsersScreen
from kiosk.screens.application_kept import ApplicationKeptScreen
from kiosk.screens.application_review import ApplicationReviewScreen
from kiosk.screens.application_told import ApplicationToldScreen
from kiosk.screens.asking_for import AskingForScreen
from kiosk.screens.attract import AttractScreen
from kiosk.screens.batch import BatchScreen
from kiosk.screens.case_kept import CaseKeptScreen
from kiosk.screens.checking import CheckingScreen
from kiosk.screens.choose_item import ChooseItemScreen
from kiosk.screens.choose_kind import ChooseKindScreen
from kiosk.screens.enter_address import EnterAddressScreen
from kiosk.screens.enter_name import EnterNameScreen
from kiosk.screens.enter_number import EnterNumberScreen
from kiosk.screens.enter_price import EnterPriceScreen
from kiosk.screens.enter_tax_id import EnterTaxIdScreen
from kiosk.screens.give_title import GiveTitleScreen
from kiosk.screens.guide import GuideScreen
from kiosk.screens.help import AnswersOfHelp, TasksOfHelp
from kiosk.screens.home import HomeScreen
from kiosk.screens.keep_failed import KeepFailedScreen
from kiosk.screens.not_accepted import NotAcceptedScreen
from kiosk.screens.not_an_invoice import NotAnInvoiceScreen
from kiosk.screens.out_of_service import OutOfServiceScreen
from kiosk.screens.own_ended import FetchFailedScreen, FetchingScreen, MailOrderedScreen
from kiosk.screens.own_entry import AskTaxScreen, EnterOrderScreen
from kiosk.screens.own_found import FoundScreen
from kiosk.screens.own_invoice import OwnInvoiceScreen
from kiosk.screens.own_phone import PhoneLinkScreen
from kiosk.screens.own_ways import WaysScreen
from kiosk.screens.print_ended import PrintEndedScreen
from kiosk.screens.printing import PrintingScreen
from kiosk.screens.reconnecting import Reconnecting, ReconnectingScreen
from kiosk.screens.situation import Means, Situation
from kiosk.screens.staff_coming import StaffComingScreen
from kiosk.screens.stick import StickScreen
from kiosk.screens.stick_reading import StickReadingScreen
from kiosk.screens.ticket_waiting import TicketWaitingScreen
from kiosk.screens.verdict import VerdictScreen
from kiosk.screens.watch_offered import WatchOfferedScreen
from kiosk.screens.why_not_found import WhyNotFoundScreen

SCREENS: dict[type, type[Situation]] = {
    m.Home: HomeScreen,
    m.EnterNumber: EnterNumberScreen,
    m.Checking: CheckingScreen,
    m.VerdictShown: VerdictScreen,
    m.BatchShown: BatchScreen,
    m.TicketWaiting: TicketWaitingScreen,
    m.NotAnInvoice: NotAnInvoiceScreen,
    m.KeepFailed: KeepFailedScreen,
    m.Printing: PrintingScreen,
    m.PrintEnded: PrintEndedScreen,
    m.Help: TasksOfHelp,
    g.GuideShown: GuideScreen,
    m.WhyNotFound: WhyNotFoundScreen,
    m.WatchOffered: WatchOfferedScreen,
    m.EnterAddress: EnterAddressScreen,
    m.CaseKept: CaseKeptScreen,
    ap.ApplicationTold: ApplicationToldScreen,
    ap.EnterTaxId: EnterTaxIdScreen,
    ap.AskingFor: AskingForScreen,
    ap.ChooseItem: ChooseItemScreen,
    ap.ChooseKind: ChooseKindScreen,
    ap.EnterPrice: EnterPriceScreen,
    ap.GiveTitle: GiveTitleScreen,
    ap.EnterName: EnterNameScreen,
    ap.ApplicationReview: ApplicationReviewScreen,
    ap.ApplicationKept: ApplicationKeptScreen,
    ap.NotAccepted: NotAcceptedScreen,
    m.StaffComing: StaffComingScreen,
    m.OutOfService: OutOfServiceScreen,
    o.WaysShown: WaysScreen,
    o.EnterOrder: EnterOrderScreen,
    o.Fetching: FetchingScreen,
    o.FoundShown: FoundScreen,
    o.AskTax: AskTaxScreen,
    o.OwnInvoice: OwnInvoiceScreen,
    o.PhoneLink: PhoneLinkScreen,
    o.MailOrdered: MailOrderedScreen,
    o.FetchFailed: FetchFailedScreen,
    o.A4Running: A4RunningScreen,
    o.A4Ended: A4EndedScreen,
    a.SignIn: SignInScreen,
    a.Overview: OverviewScreen,
    a.Devices: DevicesScreen,
    a.Queue: QueueScreen,
    a.Tickets: TicketsScreen,
    a.Logs: LogsScreen,
    a.History: HistoryScreen,
    a.Network: NetworkScreen,
    a.Upkeep: UpkeepScreen,
    a.Users: UsersScreen,
    pp.NewStaffPage: NewStaffScreen,
    pp.OwnPinPage: OwnPinScreen,
    sp.ScreenPage: GlassScreen,
    sp.TouchPage: TouchScreen,
    p.SettingsPage: SettingsScreen,
    p.SectionPage: SectionScreen,
    p.SettingPage: SettingScreen,
    s.StickReading: StickReadingScreen,
    s.StickShown: StickScreen,
    Reconnecting: ReconnectingScreen,
}


def screen_for(situation: object, means: Means) -> Situation:
    """The screen of a situation, built."""
    if isinstance(situation, m.Home) and situation.attract is not None:
        return AttractScreen(situation, means)
    if isinstance(situation, m.Help) and situation.topic == "not_found":
        return AnswersOfHelp(situation, means)
    return SCREENS[type(situation)](situation, means)
