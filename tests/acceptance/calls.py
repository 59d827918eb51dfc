"""Calls of all modes through a stage, and what its receiver was told of them."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from tests.acceptance.customer import Account, Client
from tests.acceptance.interfaces import MODES, A

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import PhoneCall
from maskline.lab.receiver import Push

TALKING_S = 10.0


async def bind_all(stage: Stage, client: Client) -> dict[Mode, tuple[str, str]]:
    """Who calls which number in each mode."""
    callers = {Mode.X: (A[Mode.X], stage.tenant.applications[Mode.X].numbers[0])}
    for mode, (bind, _) in MODES.items():
        bound = await bind(Account.of(stage, mode, client), A[mode])
        callers[mode] = (bound.caller, bound.dials)
    return callers


async def begin(stack: AsyncExitStack, stage: Stage, caller: str, dials: str) -> PhoneCall:
    phone = await stack.enter_async_context(await Phone.start(caller))
    return await phone.dial(dials, via=stage.carrier.address)


def told(stage: Stage, kind: str) -> list[dict[str, Any]]:
    pushes = [push.json() for push in stage.receiver.received]
    return [push["statusInfo"] for push in pushes if push["eventType"] == kind]


async def record_of(stage: Stage, caller: str) -> dict[str, Any]:
    def entries(pushes: Sequence[Push]) -> list[dict[str, Any]]:
        fees = [push.json()["feeLst"] for push in pushes if b'"feeLst"' in push.body]
        return [entry for fee in fees for entry in fee if entry["callerNum"] == caller]

    (entry,) = entries(await stage.receiver.wait_for(entries, TALKING_S))
    return entry
