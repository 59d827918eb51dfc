"""Erasing a person from what a tenant has handed in: agents of enterprises, and contacts."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from maskline.domain.dossier import RecordChanged
from maskline.domain.enterprise import OF_AGENT, Enterprise, Paper
from maskline.domain.error import UnknownRecord
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.page import Page

READ_AT_ONCE = 50
TRIES = 5


class PaperStorage(Protocol):
    """Where files are kept (`maskline.services.paper_file`)."""

    async def remove(self, *papers: Paper) -> None:
        """Forget files. Raises StorageFailed."""
        ...


@dataclass(slots=True)
class PaperCounts:
    """How much of what went."""

    enterprises: int = 0
    contacts: int = 0


class PaperEraser:
    """Enterprises and contacts are few: all of a tenant are read.

    `papers` None where no files are kept.
    """

    def __init__(self, store: DossierStore, papers: PaperStorage | None, clock: Clock) -> None:
        self._store = store
        self._papers = papers
        self._clock = clock

    async def erase(self, tenant_id: str, number: str) -> PaperCounts:
        """Take a person out of all of them; an enterprise has to name another agent then.

        Raises StorageFailed, RecordChanged, StoreBusy, StoreFailed.
        """
        counts = PaperCounts()
        async for enterprise in self._enterprises(tenant_id):
            if enterprise.form.agent_phone == number:
                await self._without_agent(enterprise, number)
                counts.enterprises += 1
        for contact in await self._store.contacts(tenant_id):
            if contact.phone == number:
                with suppress(UnknownRecord):  # the tenant was quicker
                    await self._store.remove_contact(tenant_id, contact.contact_id)
                counts.contacts += 1
        return counts

    async def _enterprises(self, tenant_id: str) -> AsyncIterator[Enterprise]:
        wanted, found = DossierFilter(tenant_id=tenant_id), list[Enterprise]()
        page = Page(limit=READ_AT_ONCE)
        while True:
            # All are read first: what is changed moves to the head of the list.
            listed = await self._store.dossiers(Enterprise, wanted, page)
            found += listed.rows
            if listed.next is None:
                break
            page = Page(limit=READ_AT_ONCE, after=listed.next)
        for enterprise in found:
            yield enterprise

    async def _without_agent(self, enterprise: Enterprise, number: str) -> None:
        for _ in range(TRIES):
            found = await self._store.dossier(Enterprise, enterprise.dossier_id)
            if found is None or found.form.agent_phone != number:
                return
            # Files first: without them the number still leads to what is left over.
            gone = [paper for paper in found.papers if paper.kind in OF_AGENT]
            if self._papers is not None:
                await self._papers.remove(*gone)
            try:
                await self._store.save_dossier(found.without_agent(self._clock.now()))
            except RecordChanged:
                continue
            return
        raise RecordChanged
