import pytest

from maskline.planes.media.engine import BadMedia
from maskline.planes.media.settings import EmbeddedSettings


def test_pairs_begin_at_even_ports_and_fit_the_range():
    assert list(EmbeddedSettings(first_port=20001, last_port=20006).pair_ports) == [20002, 20004]
    assert list(EmbeddedSettings(first_port=20000, last_port=20001).pair_ports) == [20000]


def test_the_bound_address_is_announced_unless_another_is_given():
    assert EmbeddedSettings(bind_address="10.0.0.1").announced_address == "10.0.0.1"
    settings = EmbeddedSettings(bind_address="10.0.0.1", advertised_address="203.0.113.5")
    assert settings.announced_address == "203.0.113.5"


@pytest.mark.parametrize(
    "changes",
    [
        {"first_port": 20001, "last_port": 20002},
        {"first_port": 20000, "last_port": 20000},
        {"first_port": 80},
        {"last_port": 65536},
        {"bind_address": "localhost"},
        {"advertised_address": "media.example"},
        {"bind_address": "0.0.0.0"},
        {"loss_after_s": -1},
        {"report_interval_s": 0},
        {"dscp": 64},
        {"max_calls": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, object]):
    with pytest.raises(BadMedia):
        EmbeddedSettings(**changes)
