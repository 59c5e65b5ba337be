"""The document keeps texts and order exactly, in few bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.document import Item, dumps, flatten, loads, split_key

texts = st.text(st.characters(exclude_categories=["Cs"]))
items = st.builds(Item, st.none() | texts, st.none() | texts, st.none() | texts)
documents = st.dictionaries(texts, st.dictionaries(texts, items, min_size=1))


@given(documents)
def test_it_comes_back_as_it_was_in_the_same_order(document):
    found = loads(dumps(document))
    assert found == document
    assert list(flatten(found)) == list(flatten(document))


def test_it_is_compact():
    document = {"Args": {"lr": Item("0.1"), "n": Item("3", "int"), "none": Item(None)}}
    assert dumps(document) == '{"Args":{"lr":"0.1","n":["3","int"],"none":[null]}}'


def test_a_key_is_split_at_its_first_slash():
    assert split_key("Args/model/dim") == ("Args", "model/dim")
    assert split_key("lr") == ("General", "lr")
