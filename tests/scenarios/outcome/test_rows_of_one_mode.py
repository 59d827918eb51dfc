"""Rows that only some call outcome tables have: what is refused, and who gives up too early."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from tests.scenarios.outcome.house import AWAITED_S, Bound, House, People, Told
from tests.scenarios.outcome.test_rows_of_all_modes import is_answered_487
from tests.scenarios.outcome.way import (
    AX_CALLEE_PATH,
    AX_PATH,
    AXB_PATH,
    AXE_PATH,
    AXYB_PATH,
    FIRST_OF_MODE,
    WAYS,
    Way,
)

from maskline.domain.application import Mode
from maskline.lab.decision import close, connect
from maskline.lab.phone_call import CallState
from maskline.services.administration_request import PromptChoice

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.asyncio(loop_scope="module"),
]

PROMPT = "default-goodbye-en.wav"
AXB, AXB_BACK, AX, AX_OUT, AXE, AXE_BACK, AXYB, AXYB_BACK, X = WAYS
FORBIDDEN = (403, 21)
UNKNOWN = (404, 1)


async def assert_refused(
    house: House, caller: str, dialled: str, code: int, seen: tuple[int, int]
) -> Told:
    """Somebody calls and nobody is rung: the caller sees it, and both pushes say why."""
    assert await house.refused(caller, dialled) == seen
    return await told_of_refusal(house, caller, dialled, code)


async def told_of_refusal(
    house: House, caller: str, dialled: str, code: int, names: tuple[str, ...] = ("callin",)
) -> Told:
    told = await house.told(caller)
    told.assert_code(code)
    assert told.names == [*names, "disconnect"]
    assert told.record["calleeNum"] == told.record["bindNum"] == dialled
    assert not {"fwdDstNum", "fwdDisplayNum", "fwdStartTime"} & set(told.record)
    return told


def assert_unbound(told: Told) -> None:
    assert told.record["direction"] == 2
    assert "subscriptionId" not in told.record
