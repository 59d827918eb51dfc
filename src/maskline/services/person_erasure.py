"""Erasing a person from a tenant's data, and the log that it was done."""

import asyncio
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b

import structlog

from maskline.domain.call import CallRecord
from maskline.domain.error import DuplicateRecord, PhotoInUse, UnknownRecord
from maskline.services.call_rule_store import CallBlockFilter
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.page import Page
from maskline.services.person import LISTED, PersonFinder, check_person_number
from maskline.services.person_data import Erased
from maskline.services.person_marker import erased_party, erased_text
from maskline.services.person_message_erasure import MessageCounts, MessageEraser
from maskline.services.person_paper import PaperEraser, PaperStorage
from maskline.services.person_store import Erasure
from maskline.services.recording import RecordingUnfinished
from maskline.services.recording_archive import RecordingArchive
from maskline.services.store import Store

PORTION = 100
"""Records rewritten in one unit of work."""

SEAL_SIZE = 32

log = structlog.get_logger("person")


@dataclass(slots=True)
class Counts(MessageCounts):
    """How much of what went."""

    bindings: int = 0
    ended_bindings: int = 0
    mentions: int = 0
    records: int = 0
    recordings: int = 0
    registrations: int = 0
    enterprises: int = 0
    contacts: int = 0
    live_calls: int = 0
    unfinished_recordings: int = 0


class PersonEraser:
    """Erases, one person at a time.

    `key` seals the log of erasures; `archive` None where there are no recordings, `papers` where
    there are no files of enterprises. May be repeated: what is gone is no error, and what could
    not go yet goes then.
    """

    def __init__(
        self,
        store: Store,
        archive: RecordingArchive | None,
        clock: Clock,
        ids: Ids,
        key: bytes,
        *,
        papers: PaperStorage | None = None,
    ) -> None:
        self._store = store
        self._archive = archive
        self._clock = clock
        self._ids = ids
        self._key = key
        self._finder = PersonFinder(store, clock)
        self._messages = MessageEraser(store)
        self._papers = PaperEraser(store, papers, clock)
        self._erasing = asyncio.Lock()

    async def erase(self, number: str, tenant_id: str) -> Erased:
        """Erase a person; what was done.

        Bindings end and their routes with them, so that nobody calls the person through them any
        more. Calls that are up and messages on their way go on. Recordings go first, so that a call
        whose recording is still on its way keeps its record until the next time. Raises
        InvalidParameter, UnknownRecord, StorageFailed, StoreBusy, StoreFailed.
        """
        check_person_number(number)
        async with self._erasing:
            await self._finder.tenants(tenant_id)
            counts = Counts()
            app_keys = await self._finder.applications(tenant_id)
            await self._erase_registrant(tenant_id, number, counts)
            went = await self._papers.erase(tenant_id, number)
            counts.enterprises, counts.contacts = went.enterprises, went.contacts
            for app_key in app_keys:
                await self._erase_bindings(app_key, number, counts)
            # After them: what expired meanwhile would be kept as ended for months else.
            while await self._store.remove_expired(self._clock.now(), LISTED):
                pass
            for app_key in app_keys:
                await self._erase_ended_bindings(app_key, number, counts)  # these among them
                await self._erase_mentions(app_key, number, counts)
                await self._erase_records(app_key, number, counts)
            await self._messages.erase(app_keys, number, counts)
            await self._erase_call_blocks(tenant_id, number)
            live = await self._finder.live_calls(frozenset(app_keys), number)
            counts.live_calls = len(live)
            entry = await self._log(tenant_id, counts)
        return Erased(
            erasure_id=entry.erasure_id,
            tenant_id=tenant_id,
            erased_at=entry.erased_at,
            seal=entry.seal.hex(),
            **asdict(counts),
        )

    async def erasures(self) -> tuple[tuple[Erasure, bool], ...]:
        """The log, and of each entry whether it is as it was written, and where it was written."""
        seal, checked = bytes(SEAL_SIZE), list[tuple[Erasure, bool]]()
        for entry in await self._store.erasures():
            expected = self._seal(entry, seal)
            checked.append((entry, hmac.compare_digest(expected, entry.seal)))
            seal = entry.seal
        return tuple(checked)

    async def _erase_registrant(self, tenant_id: str, number: str, counts: Counts) -> None:
        registrant = await self._finder.registrant(tenant_id, number)
        if registrant is not None:
            counts.registrations += 1
            try:
                await self._store.remove_registrants(tenant_id, [number])
                if registrant.report.photo is not None:
                    await self._store.remove_report_files(tenant_id, [registrant.report.photo])
            except (UnknownRecord, PhotoInUse):
                # The tenant was quicker; or it is the picture of another number as well.
                log.info("photo stays", tenant_id=tenant_id)
        await self._store.remove_failures(tenant_id, number)

    async def _erase_call_blocks(self, tenant_id: str, number: str) -> None:
        """Those that the tenant made; the platform's are for others' sake."""
        own = CallBlockFilter(tenant_id=tenant_id, by_tenant=True, number=number)
        while found := (await self._store.call_blocks(own, Page(limit=PORTION))).rows:
            for block in found:
                with suppress(UnknownRecord):  # somebody was quicker
                    await self._store.remove_call_block(block.block_id)

    async def _erase_bindings(self, app_key: str, number: str, counts: Counts) -> None:
        bindings = await self._finder.bindings(app_key, number)
        for binding in bindings:
            try:
                await self._store.unbind(app_key, binding.binding_id, self._clock.now())
            except UnknownRecord:
                continue  # it went with its relation, or by its customer
            counts.bindings += 1
        ids = [binding.binding_id for binding in bindings]
        await self._store.remove_keys_of(app_key, ids)

    async def _erase_ended_bindings(self, app_key: str, number: str, counts: Counts) -> None:
        while found := await self._finder.ended_bindings(app_key, number, PORTION):
            ids = list({one.binding.binding_id for one in found})
            await self._store.remove_keys_of(app_key, ids)
            counts.ended_bindings += await self._store.remove_ended_of(app_key, number, ids)

    async def _erase_mentions(self, app_key: str, number: str, counts: Counts) -> None:
        async for binding_id, kind, _ in self._finder.mentions(app_key, number):
            await self._store.remove_onward(binding_id, kind)
            counts.mentions += 1

    async def _erase_records(self, app_key: str, number: str, counts: Counts) -> None:
        kept = 0  # records whose recording is not finished stand at the head of the list
        while True:
            found = await self._finder.records(app_key, number, kept + PORTION)
            ready: list[CallRecord] = []
            for record in found[kept:]:
                if await self._erase_recordings(record.call.session_id, counts):
                    ready.append(record)
                else:
                    kept += 1
            await self._rewrite(app_key, ready, number, counts)
            if not ready:
                return

    async def _rewrite(
        self, app_key: str, records: Sequence[CallRecord], number: str, counts: Counts
    ) -> None:
        if not records:
            return
        rewritten = [_without(record, number) for record in records]
        counts.notices += await self._store.rewrite_records(rewritten)
        counts.records += len(rewritten)
        ids = {record.call.binding_id for record in records}
        await self._store.remove_keys_of(app_key, [one for one in ids if one is not None])

    async def _erase_recordings(self, session_id: str, counts: Counts) -> bool:
        """Whether nothing of the call is recorded any more."""
        is_over = True
        for recording in await self._finder.recordings(session_id):
            if self._archive is None:
                return False
            try:
                await self._archive.remove(recording.object_name)
            except UnknownRecord:
                continue
            except RecordingUnfinished:
                counts.unfinished_recordings += 1
                is_over = False
            else:
                counts.recordings += 1
        return is_over

    async def _log(self, tenant_id: str, counts: Counts) -> Erasure:
        while True:
            entry = await self._next_entry(tenant_id, counts)
            try:
                await self._store.add_erasure(entry)
            except DuplicateRecord:
                continue  # another process had its entry there first: this one comes behind it
            log.info("person erased", tenant_id=tenant_id, erasure_id=entry.erasure_id)
            return entry

    async def _next_entry(self, tenant_id: str, counts: Counts) -> Erasure:
        entries = await self._store.erasures()
        last, seal = (entries[-1].place, entries[-1].seal) if entries else (0, bytes(SEAL_SIZE))
        entry = Erasure(
            place=last + 1,
            erasure_id=self._ids.uuid(),
            tenant_id=tenant_id,
            erased_at=self._clock.now(),
            counts=asdict(counts),
            seal=b"",
        )
        return replace(entry, seal=self._seal(entry, seal))

    def _seal(self, entry: Erasure, last: bytes) -> bytes:
        told: Mapping[str, object] = {
            "place": entry.place,
            "erasure_id": entry.erasure_id,
            "tenant_id": entry.tenant_id,
            "erased_at": entry.erased_at.isoformat(),
            "counts": dict(entry.counts),
        }
        written = json.dumps(told, sort_keys=True).encode()
        return blake2b(last + written, key=self._key, digest_size=SEAL_SIZE).digest()


def _without(record: CallRecord, number: str) -> CallRecord:
    """The record with a marker in place of the number, wherever it stands."""
    call = record.call
    cleaned = replace(
        call,
        caller=erased_party(call.caller, number),
        callee=None if call.callee is None else erased_party(call.callee, number),
        shown=None if call.shown is None else erased_party(call.shown, number),
        user_data=erased_text(call.user_data, number),
    )
    return replace(record, call=cleaned)
