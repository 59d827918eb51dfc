import pytest
from msgspec.structs import replace

from maskline.bootstrap.sip import build_sip
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.services.clock import SystemClock
from maskline.settings import Settings


@pytest.mark.parametrize("ring_timeout_s", [90.0, 280.0, 600.0])
def test_sip_waits_longer_than_a_call_may_ring(ring_timeout_s):
    settings = Settings()
    settings = replace(settings, calls=replace(settings.calls, ring_timeout_s=ring_timeout_s))
    board = TrunkBoard(CallLimits(), lambda: 0.0, lambda: 0.0)
    config = build_sip(settings, SystemClock(), board)[0].config
    assert ring_timeout_s < config.invite_timeout_s < config.answer_timeout_s
