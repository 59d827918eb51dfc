"""Numbers of the phones: of nobody, of one run each, and led to the lab."""

from collections.abc import Collection, Mapping

from maskline.domain.error import SandboxRefused
from maskline.domain.trunk import order_trunks
from maskline.sandbox.run import PHONES
from maskline.services.ids import Ids
from maskline.services.store import DirectoryStore

MAX_SLOTS = 1_000
"""Runs that have numbers of their own: three digits of a phone's number tell them apart."""

CHINA_MOBILE_DIGITS = 14
"""Characters of a mobile number in global form: `+86` and eleven digits."""


class PhoneNumbers:
    """Numbers that begin with `prefix`; calls to them have to end at `carrier`."""

    def __init__(
        self, store: DirectoryStore, carrier: tuple[str, int], prefix: str, ids: Ids
    ) -> None:
        self._store = store
        self._carrier = carrier
        self._prefix = prefix
        self._ids = ids

    def draw(self, taken: Collection[str]) -> Mapping[str, str]:
        """A number for each phone, none of them `taken` by fewer than `MAX_SLOTS` runs."""
        while True:
            slot = int(self._ids.draw() * MAX_SLOTS)
            fill = "0" * max(0, CHINA_MOBILE_DIGITS - len(self._prefix) - 4)
            numbers = {
                phone: f"{self._prefix}{fill}{slot:03}{place}"
                for place, phone in enumerate(PHONES, start=1)
            }
            if not any(number in taken for number in numbers.values()):
                return numbers

    async def check_routes(self, numbers: Collection[str]) -> None:
        """Raises SandboxRefused when calls to them would leave the lab."""
        trunks = await self._store.trunks()
        host, port = self._carrier
        for number in numbers:
            first = next(iter(order_trunks(trunks, number, self._ids.draw)), None)
            if first is None or (first.host, first.port) != (host, port):
                raise SandboxRefused(
                    "not_routed_to_lab",
                    f"calls to {number} do not go to the lab",
                    f"an operator adds a trunk: maskline trunk add sandbox --host {host} "
                    f"--port {port} --prefix {self._prefix} --inbound-from 127.0.0.1/32",
                )
