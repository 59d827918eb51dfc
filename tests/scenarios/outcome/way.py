"""How each mode connects two people: what is bound, who dials, what the record then says."""

from abc import ABC, abstractmethod
from typing import Any

from tests.scenarios.outcome.house import Bound, House, People

from maskline.api.axe import PATH as AXE_PATH
from maskline.domain.application import Mode
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, PhoneCall

AX_PATH = "/rest/provision/caas/privatenumber/v1.0"
AX_CALLEE_PATH = "/rest/caas/privatenumber/calleenumber/v1.0"
AXB_PATH = "/rest/caas/relationnumber/partners/v1.0"
AXYB_PATH = "/rest/omp/xyrelationnumber/v1.0"
EXTENSION = "0042"


async def ask_axyb(
    house: House, method: str, *, body: object = None, **query: str
) -> dict[str, Any]:
    """AXYB wants the application's key in the query too."""
    query["app_key"] = house.application(Mode.AXYB).app_key
    return await house.ask(Mode.AXYB, method, AXYB_PATH, body=body, query=query)


class Way(ABC):
    """One direction of one mode; `direction` and `service_type` are the record's."""

    name: str
    mode: Mode
    direction: int
    service_type: str
    asked: tuple[str, ...] = ()
    """Events between `callin` and `callout`."""

    @abstractmethod
    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        """Bind, and tell how the call goes. `fields` are of the bind's wire."""

    async def unbind(self, house: House, bound: Bound) -> None:
        """Give back what others need: numbers of AXYB cannot be chosen."""
        del house, bound

    async def call(self, house: House, phone: Phone, bound: Bound) -> PhoneCall:
        """Dial, and do what leads to the callee."""
        return await house.dial(phone, bound.dialled)

    def __str__(self) -> str:
        return self.name


class Axb(Way):
    name, mode, direction, service_type = "AXB: A to B", Mode.AXB, 1, "004"

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        a, b, x = people.a, people.b, people.x
        body = {"callerNum": a, "calleeNum": b, "relationNum": x, "duration": 600} | fields
        bound = await house.ask(self.mode, "POST", AXB_PATH, body=body)
        return Bound(a, x, b, x, bound["subscriptionId"])


class AxbBack(Axb):
    name, direction = "AXB: B to A", 0

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        there = await super().bind(house, people, **fields)
        return Bound(people.b, people.x, people.a, people.x, there.binding_id)


class Ax(Way):
    name, mode, direction, service_type = "AX: B to A", Mode.AX, 0, "003"

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        body = {"origNum": people.a, "privateNum": people.x} | fields
        bound = await house.ask(self.mode, "POST", AX_PATH, body=body)
        return Bound(people.b, people.x, people.a, people.x, bound["subscriptionId"])


class AxOut(Ax):
    name, direction = "AX: A to the temporary callee", 1

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        there = await super().bind(house, people, **fields)
        body = {"privateNum": people.x, "calleeNum": people.b}
        await house.ask(self.mode, "PUT", AX_CALLEE_PATH, body=body)
        return Bound(people.a, people.x, people.b, people.x, there.binding_id)


class Axe(Way):
    name, mode, direction, service_type = "AXE: B to A", Mode.AXE, 0, "005"
    asked = ("collectInfo",)

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        body = {"virtualNum": people.x, "bindNum": people.a, "extendNum": EXTENSION} | fields
        bound = await house.ask(self.mode, "POST", AXE_PATH, body=body)
        return Bound(people.b, people.x, people.a, people.x, bound["subscriptionId"])

    async def call(self, house: House, phone: Phone, bound: Bound) -> PhoneCall:
        call = await house.dial(phone, bound.dialled)
        await call.wait_until(CallState.RINGING)
        call.press(EXTENSION, duration_ms=60)
        return call


class AxeBack(Axe):
    name, direction, asked = "AXE: A to callbackNum", 1, ()

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        there = await super().bind(house, people, callbackNum=people.b, **fields)
        return Bound(people.a, people.x, people.b, people.x, there.binding_id)

    async def call(self, house: House, phone: Phone, bound: Bound) -> PhoneCall:
        return await house.dial(phone, bound.dialled)


class Axyb(Way):
    name, mode, direction, service_type = "AXYB: B dials X", Mode.AXYB, 0, "007"

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        relation_id, x, y = await self._bind(house, people, fields)
        return Bound(people.b, x, people.a, y, relation_id)

    async def unbind(self, house: House, bound: Bound) -> None:
        await ask_axyb(house, "DELETE", subscriptionId=str(bound.binding_id))

    async def _bind(
        self, house: House, people: People, fields: dict[str, object]
    ) -> tuple[str, str, str]:
        body = {"origNum": people.a, "areaCode": "755"} | fields
        ax = await ask_axyb(house, "POST", body=body)
        relation_id = ax["subscriptionId"]
        body = {"origNum": people.b, "subscriptionId": relation_id}
        yb = await ask_axyb(house, "POST", body=body)
        return relation_id, ax["relationNumber"], yb["relationNumber"]


class AxybBack(Axyb):
    name, direction = "AXYB: A dials Y", 1

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        relation_id, x, y = await self._bind(house, people, fields)
        return Bound(people.a, y, people.b, x, relation_id)


class X(Way):
    name, mode, direction, service_type = "X", Mode.X, 1, "004"

    async def bind(self, house: House, people: People, **fields: object) -> Bound:
        house.connects(people.b, **fields)
        return Bound(people.a, people.x, people.b, people.x)


WAYS = (Axb(), AxbBack(), Ax(), AxOut(), Axe(), AxeBack(), Axyb(), AxybBack(), X())
FIRST_OF_MODE = (WAYS[0], WAYS[2], WAYS[4], WAYS[6], WAYS[8])
LIMITED_WAYS = (*WAYS[:4], WAYS[8])
"""AXE and AXYB know no longest duration."""
