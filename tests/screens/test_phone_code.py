"""The code for a phone, read from the pixels of the screen."""

import zxingcpp
from offscreen import Stage
from own_samples import OWN
from samples import show

from kiosk import own_messages as o


def test_the_code_on_the_screen_is_the_link_and_goes_with_its_time(stage: Stage) -> None:
    linked = OWN["own_phone"]
    assert isinstance(linked, o.PhoneLink)
    read: list[list[str]] = []
    for name, large in (("own_phone", False), ("own_phone", True), ("own_phone_over", False)):
        stage.show(show(name, language="zh", large=large, turn=len(read) + 1))
        read.append([code.text for code in zxingcpp.read_barcodes(stage.pixels())])
    assert read == [[linked.url], [linked.url], []]
