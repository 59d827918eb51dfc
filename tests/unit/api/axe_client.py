"""A client of the AXE interface on top of the world of `conftest`."""

from typing import Any
from urllib.parse import urlencode

from maskline.domain.application import Mode

PATH = "/rest/caas/extendnumber/v1.0"
LIST_PATH = "/rest/caas/extendnumber/v2.0"
COUNT_PATH = "/rest/caas/virtualnumber/v1.0"
KEY = "key-axe"
X, Y, OTHERS_X = "+8617000002001", "+8617000002002", "+8617000009009"
A, B, C = "+8613510001001", "+8613900003003", "+8613700004004"


class AxeClient:
    """Sends as `client`, to the paths of AXE; bind, modify and the like take wire parameters."""

    def __init__(self, world: Any, client: Any) -> None:
        self.world = world
        self.client = client

    async def bind(self, **fields: object) -> Any:
        """Bind A on X, with the given fields on top; ... takes one away."""
        values = {"virtualNum": X, "bindNum": A} | fields
        body = {name: value for name, value in values.items() if value is not ...}
        return await self.client.send("POST", body=body, path=PATH)

    async def bind_under(self, key: str, **fields: object) -> Any:
        """Bind A on X under an `Idempotency-Key`."""
        headers = self.client.headers() | {"Idempotency-Key": key}
        body = {"virtualNum": X, "bindNum": A} | fields
        return await self.client.send("POST", body=body, path=PATH, headers=headers)

    async def bound(self, **fields: object) -> dict[str, Any]:
        """What a bind that has to succeed answers."""
        reply = await self.bind(**fields)
        assert reply.told == (200, "0", "Success")
        return reply.json

    async def modify(self, **fields: object) -> Any:
        return await self.client.send("PUT", body=fields, path=PATH)

    async def unbind(self, **parameters: object) -> Any:
        return await self.client.send("DELETE", query=urlencode(parameters), path=PATH)

    async def query(self, **parameters: object) -> Any:
        return await self.client.send("GET", query=urlencode(parameters), path=PATH)

    async def list(self, **parameters: object) -> Any:
        return await self.client.send("GET", query=urlencode(parameters), path=LIST_PATH)

    async def count(self, **parameters: object) -> Any:
        return await self.client.send("GET", query=urlencode(parameters), path=COUNT_PATH)


async def make_axe_client(world: Any, **changes: Any) -> AxeClient:
    """A client of an AXE application with extensions of three digits, without numbers."""
    values = {"mode": Mode.AXE, "extension_digits": 3} | changes
    return AxeClient(world, await world.add_application(KEY, **values))
