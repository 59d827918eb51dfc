"""A customer's client of the AX interface (`spec/ax.md` 2)."""

from typing import Any
from urllib.parse import urlencode

X = "+8617000002001"
PATH = "/rest/provision/caas/privatenumber/v1.0"
CALLEE_PATH = "/rest/caas/privatenumber/calleenumber/v1.0"


class AxCustomer:
    """Sends what `...` does not take away; every answer is a reply of the API's test client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    @property
    def app_key(self) -> str:
        return self.client.app_key

    async def bind(self, **fields: object) -> Any:
        return await self.client.send("POST", body=_given(fields), path=PATH)

    async def bind_under(self, key: str, **fields: object) -> Any:
        headers = self.client.headers() | {"Idempotency-Key": key}
        return await self.client.send("POST", body=_given(fields), headers=headers, path=PATH)

    async def modify(self, **fields: object) -> Any:
        return await self.client.send("PUT", body=_given(fields), path=PATH)

    async def unbind(self, **parameters: str) -> Any:
        return await self.client.send("DELETE", query=urlencode(parameters), path=PATH)

    async def query(self, **parameters: str) -> Any:
        return await self.client.send("GET", query=urlencode(parameters), path=PATH)

    async def set_callee(self, **fields: object) -> Any:
        return await self.client.send("PUT", body=_given(fields), path=CALLEE_PATH)

    async def bound(self, a: str, x: str = X, **fields: object) -> str:
        """Bind and return the id."""
        reply = await self.bind(origNum=a, privateNum=x, **fields)
        assert reply.code == "0", reply.text
        return reply.json["subscriptionId"]

    async def info(self, **parameters: str) -> dict[str, Any]:
        """The one binding that a query finds."""
        (info,) = (await self.query(**parameters)).json["privateNumList"]
        return info


def _given(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not ...}
