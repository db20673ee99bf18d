"""What stands in the letter that answers a case: Chinese first, then English.

Only the end of the invoice's number is in it, and no name and no amount: a letter is read by
whoever has the mailbox. The ticket tells the rest, at any terminal.
"""

from types import MappingProxyType

from central.contract import Reference
from central.contract_tickets import CaseState
from einvoice.verdict import Verdict

NUMBER_END = 4
"""Digits of the invoice's number that tell the holder which one is meant."""

_FOUND_ZH = MappingProxyType(
    {
        Verdict.NORMAL: "现已能在税务系统中查到，所填内容与登记信息一致。",
        Verdict.VOID: "现已能在税务系统中查到，状态为：已作废。",
        Verdict.RED_FULL: "现已能在税务系统中查到，状态为：已红冲。",
        Verdict.RED_PARTIAL: "现已能在税务系统中查到，状态为：部分红冲。",
        Verdict.MISMATCH: (
            "现已能在税务系统中查到，但所填内容中至少有一项与登记信息不一致，请核对后再查。"
        ),
    }
)
_FOUND_EN = MappingProxyType(
    {
        Verdict.NORMAL: "It can now be found in the tax records, and the fields you gave agree.",
        Verdict.VOID: "It can now be found in the tax records. Its state: void.",
        Verdict.RED_FULL: "It can now be found in the tax records. Its state: reversed.",
        Verdict.RED_PARTIAL: "It can now be found in the tax records. Its state: partly reversed.",
        Verdict.MISMATCH: (
            "It can now be found in the tax records, but at least one field that you gave"
            " differs. Please check the fields and ask again."
        ),
    }
)
# 查无此票 says nothing of the invoice being false; neither may the letter.
_CLOSED_ZH = (
    "我们每天查询一次，至今仍未查到，现已停止查询。这不表示发票是假的："
    "可能尚未上传，也可能所填内容有误。请向开票方核实，或到办税服务厅咨询。"
)
_CLOSED_EN = (
    "We asked once a day and it was not found; we have stopped asking. This does not mean that"
    " the invoice is false: it may not have been uploaded, or a field may be wrong. Please ask"
    " the seller, or the staff of a service hall."
)
_ENDED_ZH = "现已无法继续查询。原因请在任一自助终端扫描凭条查看。"
_ENDED_EN = "We can look for it no longer. The ticket tells why, at any terminal."
_NOT_THERE = frozenset({Verdict.NOT_FOUND, Verdict.NOT_YET, Verdict.LIMIT_REACHED})
_FRAME = """\
您好：

您委托继续查询的发票（号码末{end}位：{digits}，凭条号：{ticket}）有了结果。

{zh}

凭条可在任一自助终端扫描，查看完整结果。此邮件由系统自动发出，请勿回复。
邮件发出后，您的邮箱地址即从系统中删除。

----------------------------------------

There is news of the invoice that you asked us to look for (number ending in {digits},
ticket {ticket}).

{en}

Hold the ticket to any terminal for the whole answer. This letter was sent by a machine; please do
not reply. Your address is deleted as soon as it is sent.
"""


def subject_of(state: CaseState, ticket: str) -> str:
    """The letter's subject."""
    if state is CaseState.FOUND:
        return f"您委托查询的发票已有结果 · News of your invoice ({ticket})"
    return f"您委托查询的发票仍未查到 · Your invoice was not found ({ticket})"


def body_of(state: CaseState, verdict: Verdict, ticket: str, reference: Reference) -> str:
    """The letter's text."""
    if state is CaseState.FOUND:
        zh, en = _FOUND_ZH[verdict], _FOUND_EN[verdict]
    elif verdict in _NOT_THERE:
        zh, en = _CLOSED_ZH, _CLOSED_EN
    else:
        zh, en = _ENDED_ZH, _ENDED_EN
    return _FRAME.format(
        end=NUMBER_END, digits=reference.number[-NUMBER_END:], ticket=ticket, zh=zh, en=en
    )


FILE_SUBJECT = "您在自助终端取的发票 · Your invoice"
FILE_BODY = """\
您好：

附件是您刚才在自助终端取的电子发票文件。
此邮件由系统自动发出，请勿回复。邮件发出后，您的邮箱地址即从系统中删除。

----------------------------------------

Attached is the file of the invoice that you fetched at a terminal. This letter was sent by a
machine; please do not reply. Your address is deleted as soon as it is sent.
"""
FILE_GONE_SUBJECT = "发票文件未能及时发出，请重新取 · Your invoice was not sent in time"
FILE_GONE_BODY = """\
您好：

您在自助终端要求把发票文件发到这个邮箱，但我们没能及时发出；为保护您的信息，文件不长期保留，
现已删除。这与发票本身无关。需要的话，请到任一自助终端重新取一次，或用手机带走。
此邮件由系统自动发出，请勿回复。邮件发出后，您的邮箱地址即从系统中删除。

----------------------------------------

You asked a terminal to send an invoice to this address, but it could not be sent in time. Files
are not kept for long, so it is gone. This says nothing of the invoice itself. If you still need
it, please fetch it once more at any terminal, or take it to your phone there. This letter was
sent by a machine; please do not reply. Your address is deleted as soon as it is sent.
"""
