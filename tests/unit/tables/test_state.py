"""The table's address and its state are the same thing."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict

from experiments.rules.fields import Builtin, Metric, OrderTerm, Parameter
from experiments.rules.filters import EVERYTHING
from webui.tables.state import LIMIT, TableState, read_state

LR = Parameter("Args", "lr")


def state_of(query: str) -> TableState:
    return read_state(QueryDict(query.lstrip("?")))


def test_an_empty_address_is_the_default_table() -> None:
    assert state_of("") == TableState()
    assert TableState().address() == "?"


@pytest.mark.parametrize(
    "query",
    [
        "columns=name,status,Args/lr,max(accuracy/total)",
        "columns=name,`odd, name`/`x y`",
        "order=-created,Args/lr",
        "filter=Args/lr < 1e-3 and status = completed",
        "archived=1&limit=25",
    ],
)
def test_an_address_survives_reading_and_writing(query: str) -> None:
    state = state_of(query)
    assert not state.notes
    assert state_of(state.address()) == state


def test_several_columns_parameters_are_one_list() -> None:
    state = state_of("columns=name&columns=Args%2Flr&columns=status")
    assert state.columns == (Builtin("name"), LR, Builtin("status"))


def test_the_name_always_leads_and_nothing_stands_twice() -> None:
    assert state_of("columns=status,name,status").columns == (Builtin("name"), Builtin("status"))


def test_what_makes_no_sense_is_said_and_left_out() -> None:
    state = state_of("columns=bogus&order=,,nonsense&limit=ten")
    assert len(state.notes) == 2
    assert state.columns == TableState().columns
    assert (state.order, state.limit) == ((), LIMIT)


def test_a_wrong_filter_keeps_its_text_and_its_place() -> None:
    state = state_of("filter=Args%2Flr+%3C")
    assert state.filter_text == "Args/lr <"
    assert state.filter_error is not None
    assert state.filter_error.position == 9
    assert state.where == EVERYTHING


def test_a_header_turns_then_drops_its_order() -> None:
    state = TableState()
    first = state_of(state.sort_address(LR, descending_first=False))
    assert first.order == (OrderTerm(LR),)
    second = state_of(first.sort_address(LR, descending_first=False))
    assert second.order == (OrderTerm(LR, descending=True),)
    assert state_of(second.sort_address(LR, descending_first=False)).order == ()


def test_adding_an_order_keeps_the_others() -> None:
    state = state_of("order=status")
    added = state_of(state.sort_address(Metric("loss", "val", "min"), descending_first=True,
                                        add=True))  # fmt: skip
    assert [term.descending for term in added.order] == [False, True]
    replaced = state_of(state.sort_address(LR, descending_first=False))
    assert replaced.order == (OrderTerm(LR),)


def test_a_change_goes_back_to_the_top_of_the_list() -> None:
    state = state_of("after=abc&order=status")
    assert "after" not in parse_qs(state.address(archived=True)[1:])
    assert parse_qs(state.address(after="xyz")[1:])["after"] == ["xyz"]


def test_each_condition_is_a_chip_that_can_go() -> None:
    state = state_of("filter=Args/lr < 0.1 and (status = failed or tags = prod)")
    chips = state.chips
    assert [chip.text for chip in chips] == ["Args/lr < 0.1", "status = failed or tags = prod"]
    assert state_of(chips[0].removed).filter_text == "status = failed or tags = prod"
    assert state_of(chips[1].removed).filter_text == "Args/lr < 0.1"


@pytest.mark.parametrize(("text", "limit"), [("0", 1), ("30", 30), ("5000", 100), ("²", LIMIT)])
def test_the_limit_is_bounded(text: str, limit: int) -> None:
    assert state_of(f"limit={text}").limit == limit
