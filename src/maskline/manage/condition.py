"""What headers ask of a change: that it be made once, and only of what its caller has read."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import Response

from maskline.manage import keyed_change, version
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.keyed_change import KeyedChanges
from maskline.manage.version import Versions


class ChangeConditions:
    """`maskline.manage.endpoint.Conditions` by `Idempotency-Key` and `If-Match`.

    The key comes first: a repeat of a change that was made is answered, though the object has
    another version by then, namely that of the change.
    """

    def __init__(self, keyed: KeyedChanges, versions: Versions) -> None:
        self._keyed = keyed
        self._versions = versions

    async def carry_out(
        self,
        endpoint: Endpoint,
        asked: Asked,
        headers: Mapping[str, str],
        answer: Callable[[], Awaitable[Response]],
    ) -> Response:
        """See the seam."""

        async def change() -> Response:
            wanted = headers.get(version.HEADER)
            async with self._versions.kept(endpoint, asked, wanted):
                response = await answer()
            self._versions.mark(endpoint, asked, response)
            return response

        key = headers.get(keyed_change.HEADER)
        if key is None or not endpoint.takes_key:
            return await change()
        return await self._keyed.carry_out(endpoint, asked, key, change)
