"""A store is one class of many parts: a name that two of them use would be the first one's."""

from collections import Counter

import pytest

from maskline.stores.memory import MemoryStore
from maskline.stores.postgres import PostgresStore
from maskline.stores.sqlite import SqliteStore


@pytest.mark.parametrize("store", [MemoryStore, SqliteStore, PostgresStore])
def test_no_two_parts_of_a_store_have_a_method_of_the_same_name(store: type):
    names = Counter(
        name for part in store.__bases__ for name in vars(part) if callable(vars(part)[name])
    )
    assert [name for name, times in names.items() if times > 1] == ["__init__"]
