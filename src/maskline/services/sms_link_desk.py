"""What operators change of SMS links."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from maskline.domain.error import DuplicateRecord, InvalidParameter, UnknownRecord
from maskline.domain.sms_link import SmsLink
from maskline.services.administration_rule import check_host, check_identifier, check_prefixes
from maskline.services.given import given_fields
from maskline.services.sms_link_request import SmsLinkChange, SmsLinkForm

_LAST_OTHER_CODE = 4
"""Data codings up to it are the default, ASCII, Latin-1 and binary (SMPP 3.4 5.2.19)."""


class SmsLinkStore(Protocol):
    """What the desk reads and writes; a part of `MessageStore`."""

    async def save_sms_link(self, link: SmsLink) -> None:
        """Add or replace a link by name."""
        ...

    async def remove_sms_link(self, name: str) -> None:
        """Forget a link. Raises UnknownRecord."""
        ...

    async def sms_links(self) -> tuple[SmsLink, ...]:
        """All links by name."""
        ...


class SmsLinkDesk:
    """Adds, changes, removes; `changed` is called after each, to have links follow at once.

    All verbs raise StoreBusy, StoreFailed.
    """

    def __init__(self, store: SmsLinkStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        # A change writes back all that it read.
        self._changing = asyncio.Lock()

    async def links(self) -> tuple[SmsLink, ...]:
        """All links by name."""
        return await self._store.sms_links()

    async def link(self, name: str) -> SmsLink:
        """One link. Raises UnknownRecord."""
        for link in await self._store.sms_links():
            if link.name == name:
                return link
        raise _unknown(name)

    async def add(self, form: SmsLinkForm) -> SmsLink:
        """Add a link under a new name. Raises InvalidParameter, DuplicateRecord."""
        link = SmsLink(**given_fields(form))
        _check(link)
        async with self._changing:
            if any(link.name == known.name for known in await self._store.sms_links()):
                raise DuplicateRecord(f"SMS link {link.name}")
            await self._save(link)
        return link

    async def change(self, name: str, change: SmsLinkChange) -> SmsLink:
        """Set fields of a link; it binds anew. Raises InvalidParameter, UnknownRecord."""
        async with self._changing:
            link = replace(await self.link(name), **given_fields(change))
            _check(link)
            await self._save(link)
        return link

    async def remove(self, name: str) -> None:
        """Forget a link; what waits for it takes another. Raises UnknownRecord."""
        async with self._changing:
            try:
                await self._store.remove_sms_link(name)
            except UnknownRecord:
                raise _unknown(name) from None
            self._changed()

    async def _save(self, link: SmsLink) -> None:
        await self._store.save_sms_link(link)
        self._changed()


def _unknown(name: str) -> UnknownRecord:
    return UnknownRecord(f"there is no SMS link {name}")


def _check(link: SmsLink) -> None:
    check_identifier("name", link.name)
    check_host("host", link.host)
    check_prefixes("owns", link.owns)
    check_prefixes("prefixes", link.prefixes)
    for field in ("system_id", "password", "system_type"):
        text: str = getattr(link, field)
        if not text.isascii() or any(character < " " for character in text):
            raise InvalidParameter(field, "letters, digits and signs of ASCII only")
    if link.ucs2_code <= _LAST_OTHER_CODE:
        raise InvalidParameter(
            "ucs2_code", f"up to {_LAST_OTHER_CODE} they mean other codings; 8 is the rule"
        )
