"""Examples with the numbers of an application, and of the developer's run where there is one."""

from collections.abc import Mapping

from maskline.domain.application import Application
from maskline.domain.error import UnknownRecord
from maskline.sandbox.desk import Developer, SandboxDesk
from maskline.sandbox.operation import ID_WORD
from maskline.services.store import DirectoryStore

EXAMPLE_A, EXAMPLE_B, EXAMPLE_X = "+8613800000001", "+8613900000002", "+8617000000001"
EXAMPLE_CITY = "0755"


class SnippetDesk:
    """Works without a sandbox too: then the examples have numbers of nobody."""

    def __init__(self, store: DirectoryStore, base_url: str, sandbox: SandboxDesk | None) -> None:
        self.base_url = base_url.rstrip("/")
        self._store = store
        self._sandbox = sandbox

    async def application(self, app_key: str, developer: Developer) -> Application:
        """An application that the developer may see. Raises UnknownRecord."""
        found = await self._store.application(app_key)
        if found is None or developer.tenant_id not in {None, found.tenant_id}:
            raise UnknownRecord("no such application")
        return found

    async def words(self, application: Application, developer: Developer) -> Mapping[str, str]:
        """What the words of an example stand for."""
        run = self._sandbox and self._sandbox.run_of(application.app_key, developer)
        numbers = await self._store.numbers_after(application.app_key, "", 1)
        first = numbers[0] if numbers else None
        return {
            "a": run.phone("a").number if run else EXAMPLE_A,
            "b": run.phone("b").number if run else EXAMPLE_B,
            "x": first.number if first else EXAMPLE_X,
            "city": first.area_code if first else EXAMPLE_CITY,
            "id": run.bindings[-1] if run and run.bindings else ID_WORD,
        }
