"""Where the keypad stands, whatever comes and goes: always on something that is there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.screens.focus import Focus, Target

names = st.lists(st.sampled_from("abcdef"), unique=True)
targets = names.flatmap(
    lambda chosen: st.tuples(*(st.builds(Target, st.just(tid), st.booleans()) for tid in chosen))
)
layers = st.sampled_from(["screen", "idle"])
moves = st.lists(
    st.tuples(layers, targets, st.sampled_from(["on", "back", "put", "forget"])), max_size=8
)


@settings(max_examples=60)
@given(moves)
def test_it_always_stands_on_something_that_is_there(
    happened: list[tuple[str, tuple[Target, ...], str]],
) -> None:
    focus = Focus()
    for layer, there, what in happened:
        before = focus.index(layer, there)
        match what:
            case "on" | "back":
                by = 1 if what == "on" else -1
                index = focus.step(layer, there, by)
                if index is not None and before is not None:
                    assert index == (before + by) % len(there)
            case "put":
                index = focus.put(layer, there)
            case _:
                focus.forget()
                index = focus.index(layer, there)
                if index is not None and any(target.is_main for target in there):
                    assert there[index].is_main
        assert (index is None) is (not there)
        assert index is None or 0 <= index < len(there)


@settings(max_examples=60)
@given(targets.filter(bool), st.sampled_from([1, -1]))
def test_everything_is_reached_and_the_round_ends_where_it_began(
    there: tuple[Target, ...], by: int
) -> None:
    focus = Focus()
    begun = focus.put("screen", there)
    reached = [focus.step("screen", there, by) for _ in there]
    assert sorted(index for index in reached if index is not None) == list(range(len(there)))
    assert reached[-1] == begun


def test_what_lies_over_the_screen_leaves_its_place_alone() -> None:
    focus, there = Focus(), (Target("a"), Target("b"), Target("c", is_main=True))
    focus.put("screen", there)
    focus.step("screen", there, -1)
    focus.put("sheet", (Target("ok", is_main=True),))
    assert focus.index("screen", there) == 1
