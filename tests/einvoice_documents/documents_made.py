"""Invoice files made for tests. Every name, number and amount in them is invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents_zips import make_zip

CODE, NUMBER, CHECK_CODE = "011002300111", "12345678", "12345678901234567890"
DIGITAL_NUMBER = "24112000000012345678"
BUYER, BUYER_ID = "北京甲甲科技有限公司", "91110108MA00000A1B"
SELLER, SELLER_ID = "北京乙乙餐饮有限公司", "91110105MA00000C2D"
OLD_QR = f"01,10,{CODE},{NUMBER},200.00,20230405,{CHECK_CODE},A1B2,"

ORIGINAL_INVOICE = f"""<?xml version="1.0" encoding="UTF-8"?>
<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0">
<fp:DocID>01</fp:DocID><fp:TypeCode>0</fp:TypeCode>
<fp:InvoiceCode>{CODE}</fp:InvoiceCode><fp:InvoiceNo>{NUMBER}</fp:InvoiceNo>
<fp:IssueDate>2023年04月05日</fp:IssueDate>
<fp:InvoiceCheckCode>12345 67890 12345 67890</fp:InvoiceCheckCode>
<fp:MachineNo>661100000001</fp:MachineNo>
<fp:Buyer><fp:BuyerName>{BUYER}</fp:BuyerName><fp:BuyerTaxID>{BUYER_ID}</fp:BuyerTaxID>
<fp:BuyerAddrTel>甲路1号 010-1</fp:BuyerAddrTel></fp:Buyer>
<fp:Seller><fp:SellerName>{SELLER}</fp:SellerName><fp:SellerTaxID>{SELLER_ID}</fp:SellerTaxID>
<fp:SellerFinancialAccount>乙行 2</fp:SellerFinancialAccount></fp:Seller>
<fp:TaxInclusiveTotalAmount>212.00</fp:TaxInclusiveTotalAmount>
<fp:TaxInclusiveTotalAmountWithWords>贰佰壹拾贰圆整</fp:TaxInclusiveTotalAmountWithWords>
<fp:TaxExclusiveTotalAmount>200</fp:TaxExclusiveTotalAmount>
<fp:TaxTotalAmount>12.00</fp:TaxTotalAmount>
<fp:Note></fp:Note><fp:InvoiceClerk>甲</fp:InvoiceClerk><fp:Payee>乙</fp:Payee>
<fp:Checker>丙</fp:Checker><fp:GraphCode>{OLD_QR}</fp:GraphCode>
<DeductibleAmount></DeductibleAmount>
<fp:GoodsInfos>
<fp:GoodsInfo><fp:Item>*餐饮服务*餐费</fp:Item><fp:MeasurementDimension>次</fp:MeasurementDimension>
<fp:Price>60</fp:Price><fp:Quantity>5</fp:Quantity><fp:Amount>300.00</fp:Amount>
<fp:TaxScheme>6%</fp:TaxScheme><fp:TaxAmount>18.00</fp:TaxAmount></fp:GoodsInfo>
<fp:GoodsInfo><fp:Item>*餐饮服务*餐费</fp:Item><fp:Amount>-100.00</fp:Amount>
<fp:TaxScheme>6%</fp:TaxScheme><fp:TaxAmount>-6.00</fp:TaxAmount></fp:GoodsInfo>
</fp:GoodsInfos></eInvoice>"""


def digital_xml(
    version: str = "0.36", vat: str = "02", specifics: str = "", number: str = DIGITAL_NUMBER
) -> str:
    """The XML of a 数电票: 100.00 + 6.00, one line and one discount."""
    return f"""<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<EInvoice><Header><EIid>{number}</EIid><EInvoiceTag>SWEI1100</EInvoiceTag>
<Version>{version}</Version><InherentLabel>
<InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
<GeneralOrSpecialVAT><LabelCode>{vat}</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData>
<SellerInformation><SellerIdNum>{SELLER_ID}</SellerIdNum><SellerName>{SELLER}</SellerName>
<SellerAddr>乙路2号</SellerAddr><SellerTelNum>010-2</SellerTelNum></SellerInformation>
<BuyerInformation><BuyerIdNum>{BUYER_ID}</BuyerIdNum><BuyerName>{BUYER}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>100.00</TotalAmWithoutTax><TotalTaxAm>6.00</TotalTaxAm>
<TotalTax-includedAmount>106.00</TotalTax-includedAmount>
<TotalTax-includedAmountInChinese>壹佰零陆圆整</TotalTax-includedAmountInChinese>
<Drawer>甲</Drawer><RequestTime>2024-05-28 10:08:05</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*信息技术服务*服务费</ItemName><SpecMod>A1</SpecMod>
<MeaUnits>项</MeaUnits><Quantity>2</Quantity><UnPrice>60</UnPrice><Amount>120.00</Amount>
<TaxRate>0.060000</TaxRate><ComTaxAm>7.200000</ComTaxAm>
<TotaltaxIncludedAmount>127.20</TotaltaxIncludedAmount>
<TaxClassificationCode>3040201000000000000</TaxClassificationCode></IssuItemInformation>
<IssuItemInformation><ItemName>*信息技术服务*服务费</ItemName><Amount>-20.00</Amount>
<TaxRate>0.06</TaxRate><ComTaxAm>-1.20</ComTaxAm></IssuItemInformation>
<SpecificInformation>{specifics}</SpecificInformation>
<AdditionalInformation><Remark>备注</Remark></AdditionalInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>2024-05-28</IssueTime>
</TaxSupervisionInfo></EInvoice>"""


def xbrl(taxonomy: str, facts: str, day: str = "2023-12-31") -> str:
    """An instance of a taxonomy of the Ministry; facts are written with the prefix `t:`."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<xbrl xmlns="http://www.xbrl.org/2003/instance"'
        f' xmlns:t="http://xbrl.mof.gov.cn/taxonomy/{day}/{taxonomy}">{facts}</xbrl>'
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Text on a page: place of its first character in millimetres, and its type size."""

    left: float
    baseline: float
    text: str
    size: float = 3.0


# The form of a 数电票, with labels where the platform prints them.
DIGITAL_FORM = (
    Words(57, 14, "电子发票（普通发票）", 7),
    Words(154, 14, "发票号码："),
    Words(154, 20, "开票日期："),
    Words(11, 36.5, "名称："),
    Words(112, 36.5, "名称："),
    Words(11, 47, "统一社会信用代码/纳税人识别号：", 2.7),
    Words(112, 47, "统一社会信用代码/纳税人识别号：", 2.7),
    Words(16, 56, "项目名称"),
    Words(42, 56, "规格型号"),
    Words(67, 56, "单 位"),
    Words(93, 56, "数 量"),
    Words(118, 56, "单 价"),
    Words(143.5, 56, "金 额"),
    Words(157.5, 56, "税率/征收率"),
    Words(194.5, 56, "税 额"),
    Words(20.5, 95, "合"),
    Words(36.5, 95, "计"),
    Words(17, 101.5, "价税合计（大写）"),
    Words(143.5, 101.5, "（小写）"),
    Words(19.5, 132.5, "开票人："),
)


def digital_values(
    number: str = DIGITAL_NUMBER, total: str = "106.00", seller: str = SELLER
) -> tuple[Words, ...]:
    """The values that belong into `DIGITAL_FORM`."""
    return (
        Words(170, 13.9, number),
        Words(170, 20, "2024年05月28日"),
        Words(20, 36.5, BUYER),
        Words(120, 36.5, seller),
        Words(54, 47, BUYER_ID, 4),
        Words(155, 47, SELLER_ID, 4),
        Words(5, 59.4, "*信息技术服务*服务"),
        Words(5, 63.7, "费"),
        Words(100.7, 59.4, "1"),
        Words(103.4, 59.4, "100.000000000000"),  # right-aligned, and wider than its heading
        Words(143.5, 59.4, "100.00"),
        Words(165, 59.4, "6%"),
        Words(199, 59.4, "6.00"),
        Words(140, 94.6, "¥"),
        Words(142, 94.6, "100.00"),
        Words(194, 94.6, "¥"),
        Words(196, 94.6, "6.00"),
        Words(63, 101, "壹佰零陆圆整"),
        Words(155.5, 101, "¥"),
        Words(158, 101, total),
        Words(32, 132.6, "甲"),
    )


@dataclass(slots=True)
class Ofd:
    """The parts of an OFD under construction."""

    custom: dict[str, str] = field(default_factory=dict[str, str])
    attachments: dict[str, str] = field(default_factory=dict[str, str])
    tags: str = ""
    page: Sequence[Words] = ()
    template: Sequence[Words] = ()
    extra: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def parts(self) -> dict[str, bytes]:
        """Every part by name."""
        entries = "".join(
            f'<ofd:CustomData Name="{name}">{value}</ofd:CustomData>'
            for name, value in self.custom.items()
        )
        lists, listed = "", {}
        if self.attachments:
            files = "".join(
                f"<ofd:Attachment><ofd:FileLoc>{name}</ofd:FileLoc></ofd:Attachment>"
                for name in self.attachments
            )
            lists += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
            listed["Doc_0/Attachs/Attachments.xml"] = _in_ofd("Attachments", files)
            for name, content in self.attachments.items():
                listed[f"Doc_0/Attachs/{name}"] = content.encode()
        if self.tags:
            lists += "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
            listed["Doc_0/Tags/CustomTags.xml"] = _in_ofd(
                "CustomTags",
                "<ofd:CustomTag><ofd:FileLoc>Some_Tag.xml</ofd:FileLoc></ofd:CustomTag>",
            )
            listed["Doc_0/Tags/Some_Tag.xml"] = self.tags.encode()
        return {
            "OFD.xml": _in_ofd(
                "OFD",
                "<ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>"
                f"{entries}</ofd:CustomDatas></ofd:DocInfo>"
                "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>",
            ),
            "Doc_0/Document.xml": _in_ofd(
                "Document",
                '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
                '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
                f"</ofd:Pages>{lists}",
            ),
            "Doc_0/Pages/Page_0/Content.xml": _in_ofd(
                "Page", '<ofd:Template TemplateID="9"/>' + _text_objects(self.page, 100)
            ),
            "Doc_0/Tpls/Tpl_0/Content.xml": _in_ofd("Page", _text_objects(self.template, 1)),
            **listed,
            **self.extra,
        }

    def file(self) -> bytes:
        """The OFD itself."""
        return make_zip(self.parts())


def _in_ofd(root: str, content: str) -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return f'<?xml version="1.0"?><ofd:{root} {space}>{content}</ofd:{root}>'.encode()


def _text_objects(words: Sequence[Words], first_number: int) -> str:
    return (
        "<ofd:Content><ofd:Layer>"
        + "".join(
            f'<ofd:TextObject ID="{number}" Boundary="{word.left} {word.baseline - 5} 80 6"'
            f' Size="{word.size}"><ofd:TextCode X="0" Y="5">{word.text}</ofd:TextCode>'
            "</ofd:TextObject>"
            for number, word in enumerate(words, start=first_number)
        )
        + "</ofd:Layer></ofd:Content>"
    )


def old_ofd() -> Ofd:
    """An old invoice: attachment and entry data that agree."""
    return Ofd(
        custom={"发票代码": CODE, "发票号码": NUMBER, "合计金额": "200.00", "合计税额": "12.00"},
        attachments={"original_invoice.xml": ORIGINAL_INVOICE},
        page=(Words(57, 14, "北京增值税电子普通发票", 7),),
    )


def digital_ofd() -> Ofd:
    """A 数电票 as the platform writes it: no attachment; entry data, tags and page text."""
    page = digital_values()
    refs = {
        name: "".join(
            f'<ofd:ObjectRef PageRef="1">{100 + index}</ofd:ObjectRef>' for index in indices
        )
        for name, indices in {
            "InvoiceNo": (0,),
            "IssueDate": (1,),
            "BuyerName": (2,),
            "SellerName": (3,),
            "TaxInclusiveTotalAmount": (18, 19),
            "Item": (6, 7),
            "Amount": (10,),
            "TaxAmount": (12,),
        }.items()
    }
    fields = "".join(f"<ofd:{name}>{ref}</ofd:{name}>" for name, ref in refs.items())
    return Ofd(
        custom={
            "发票号码": DIGITAL_NUMBER,
            "合计金额": "100.00",
            "合计税额": "6.00",
            "开票日期": "2024年05月28日",
        },
        tags=f'<ofd:root xmlns:ofd="http://www.ofdspec.org/2016">{fields}</ofd:root>',
        page=page,
        template=DIGITAL_FORM,
    )
