"""Somebody new is asked for step by step, and the PIN is on no screen."""

from offscreen import Stage
from samples import show

from kiosk import admin_messages as a
from kiosk import people_pages as pp
from kiosk import staff_messages as s


def press(stage: Stage, *keys: str) -> None:
    for key in keys:
        stage.tap(f"key.{key}")


def ask(stage: Stage, name: str, turn: int) -> None:
    stage.show(show(name, language="zh", large=False, turn=turn), draw=False)


def test_number_name_role_and_the_pin_twice(stage: Stage) -> None:
    ask(stage, "admin_new_staff", 1)
    press(stage, *"1002")
    stage.tap("sign_in.next")
    press(stage, "letters", "z", "letters", "h", "u")
    stage.tap("sign_in.next")
    stage.tap("admin_new_staff.technician")
    press(stage, *"716094")
    assert "716094" not in [getattr(one, "words", "") for one in stage.widgets()]
    stage.tap("sign_in.next")
    press(stage, *"716095")
    stage.tap("sign_in.next")  # they differ: both are asked for again
    for _ in range(2):
        press(stage, *"716094")
        stage.tap("sign_in.next")
    asked = [intent.ask for intent in stage.sent if isinstance(intent, a.Do)]
    assert asked == [s.AddStaff("1002", "Zhu", "technician", "716094")]


def test_the_own_pin_is_asked_for_before_a_new_one(stage: Stage) -> None:
    ask(stage, "admin_own_pin", 2)
    for pin in ("280614", "716094", "716094"):
        press(stage, *pin)
        stage.tap("sign_in.next")
    changes = [intent for intent in stage.sent if isinstance(intent, pp.ChangeOwnPin)]
    assert changes == [pp.ChangeOwnPin(2, "280614", "716094")]
