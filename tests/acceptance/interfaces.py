"""Every interface of the modes that bind, asked as customers' clients of different years did.

Clients write flags as texts or as JSON booleans, integers as texts or floats, `null` for what they
have not, empty texts for keys they do not use (`spec/ax.md` 3.3, `spec/axe.md` 3.1).
"""

from dataclasses import dataclass
from typing import Any

from tests.acceptance.customer import Account

from maskline.domain.application import Mode

AX = "/rest/provision/caas/privatenumber/v1.0"
CALLEE = "/rest/caas/privatenumber/calleenumber/v1.0"
AXB = "/rest/caas/relationnumber/partners/v1.0"
AXE, AXE_LIST = "/rest/caas/extendnumber/v1.0", "/rest/caas/extendnumber/v2.0"
AXE_COUNT = "/rest/caas/virtualnumber/v1.0"
AXYB = "/rest/omp/xyrelationnumber/v1.0"
RECORDING = "/rest/provision/voice/record/v1.0"
STOP = "/rest/httpsessions/callStop/v2.0"

B, ANOTHER_B = "+8613911110002", "+8613911110003"


@dataclass(frozen=True)
class Bound:
    """A binding: who may call which number, and the binding's id."""

    caller: str
    dials: str
    binding_id: str


async def bind_ax(account: Account, a: str) -> Bound:
    x = account.numbers[0]
    bound = await account.ask(
        "POST", AX, origNum=a, privateNum=x, calleeNumDisplay="0", recordFlag=":true",
        callDirection="0", maxDuration=":60.0", preVoice=":[]", lastMinVoice=":null",
        userData="order-42",
    )  # fmt: skip
    binding_id = bound.pop("subscriptionId")
    assert bound == {"origNum": a, "privateNum": x}
    await account.ask("PUT", AX, origNum=a, privateNum=x, privateSms="true")
    await account.ask("PUT", AX, subscriptionId=binding_id, maxDuration=":30", userData="order-43")
    await account.ask("PUT", CALLEE, origNum=a, privateNum=x, calleeNum=ANOTHER_B)
    await account.ask(
        "PUT", CALLEE, subscriptionId=binding_id, calleeNum=B, duration=":120", userData="order-44"
    )
    for key in ({"origNum": a}, {"privateNum": x, "origNum": ""}, {"subscriptionId": binding_id}):
        (found,) = (await account.ask("GET", AX, **key))["privateNumList"]
        assert (found["origNum"], found["privateNum"], found["maxDuration"]) == (a, x, 30)
        assert (found["subscriptionId"], found["userData"]) == (binding_id, "order-43")
    return Bound(a, x, binding_id)


async def leave_ax(account: Account, bound: Bound) -> None:
    await account.ask("DELETE", AX, origNum=bound.caller, privateNum=bound.dials)
    answered = await account.send("GET", AX, subscriptionId=bound.binding_id)
    assert (answered.status, answered.code) == (403, "1016001")


async def bind_axb(account: Account, a: str) -> Bound:
    x = account.numbers[0]
    bound = await account.ask(
        "POST", AXB, relationNum=x, areaCode="", callerNum=a, calleeNum=ANOTHER_B,
        recordFlag="true", duration="86400", callDirection=":0", privateSms=":null",
    )  # fmt: skip
    binding_id = bound.pop("subscriptionId")
    assert bound == {"relationNum": x, "callDirection": 0, "duration": 86400, "maxDuration": 0}
    await account.ask(
        "PUT", AXB, subscriptionId=binding_id, callerNum=a, calleeNum=B, privateSms="true"
    )
    for key in (
        {"subscriptionId": binding_id, "relationNum": x},
        {"relationNum": x, "pageSize": "5"},
    ):
        told = await account.ask("GET", AXB, **key)
        (found,) = told["relationNumList"]
        assert (told["totalCount"], found["callerNum"], found["calleeNum"]) == (1, a, B)
        assert (found["recordFlag"], found["privateSms"]) == ("true", "true")
    return Bound(a, x, binding_id)


async def leave_axb(account: Account, bound: Bound) -> None:
    await account.ask("DELETE", AXB, subscriptionId=bound.binding_id, relationNum="")
    answered = await account.send("GET", AXB, relationNum=bound.dials)
    assert (answered.status, answered.code) == (403, "1012007")


async def bind_axe(account: Account, a: str) -> Bound:
    x = account.numbers[0]
    bound = await account.ask(
        "POST", AXE, virtualNum=x, bindNum=a, extendNum="", displayNumMode=":0", recordFlag=":true",
        bindExpiredTime="24", callbackExpiredTime=":24", userData="parcel",
    )  # fmt: skip
    binding_id, extension = bound["subscriptionId"], bound["extendNum"]
    assert (bound["virtualNum"], bound["bindExpiredTime"], bound["userData"]) == (x, 24, "parcel")
    await account.ask("PUT", AXE, virtualNum=x, extendNum=extension, callbackTone="")
    await account.ask("PUT", AXE, subscriptionId=binding_id, callbackNum=B)
    found = await account.ask("GET", AXE, subscriptionId="", virtualNum=x, extendNum=extension)
    assert (found["bindNum"], found["callbackNum"], found["subscriptionId"]) == (a, B, binding_id)
    listed = await account.ask("GET", AXE_LIST, virtualNum=x, cursor="0000000000000_0", limit="10")
    (only,) = listed["extendNumList"]
    assert only == found
    counted = await account.ask("GET", AXE_COUNT, number=x)
    assert counted["virtualNumList"] == [{"number": x, "bindCount": 1}]
    return Bound(a, x, binding_id)


async def leave_axe(account: Account, bound: Bound) -> None:
    key = {"virtualNum": "", "extendNum": "", "subscriptionId": bound.binding_id}
    await account.ask("DELETE", AXE, **key)
    answered = await account.send("DELETE", AXE, **key)
    assert (answered.status, answered.code) == (403, "1016001")


async def bind_axyb(account: Account, a: str) -> Bound:
    path = f"{AXYB}?app_key={account.key}"
    relation = await account.ask(
        "POST", path, origNum=a, subscriptionId="", areaCode="0755", areaMatchMode="1",
        callDirection=":0", duration=":7200", recordFlag=":true", preVoiceX=":null",
    )  # fmt: skip
    relation_id, x = relation["subscriptionId"], relation["relationNumber"]
    ys = [
        (await account.ask("POST", path, origNum=b, subscriptionId=relation_id))["relationNumber"]
        for b in (B, ANOTHER_B)
    ]
    key = {"subscriptionId": relation_id, "app_key": account.key}
    await account.ask("DELETE", AXYB, **key, yNum=ys[1])
    for where in (key, {"relationNum": x, "app_key": account.key}):
        (found,) = (await account.ask("GET", AXYB, **where))["xyRelationNumList"]
        assert _parties(found) == (a, x, ys[0], B)
        assert (found["bindId"], found["duration"]) == (relation_id, "7200")
    return Bound(a, ys[0], relation_id)


def _parties(found: dict[str, Any]) -> tuple[str, ...]:
    return found["numA"], found["numX"], found["numY"], found["numB"]


async def leave_axyb(account: Account, bound: Bound) -> None:
    key = {"subscriptionId": bound.binding_id, "app_key": account.key}
    await account.ask("DELETE", AXYB, **key)
    answered = await account.send("GET", AXYB, **key)
    assert (answered.status, answered.code) == (403, "1016001")


MODES: dict[Mode, tuple[Any, Any]] = {
    Mode.AX: (bind_ax, leave_ax),
    Mode.AXB: (bind_axb, leave_axb),
    Mode.AXE: (bind_axe, leave_axe),
    Mode.AXYB: (bind_axyb, leave_axyb),
}
A = {mode: f"+861381111000{place}" for place, mode in enumerate((*MODES, Mode.X), 1)}
