"""The SMS links as they are configured now, each at work."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from maskline.domain.sms_link import SmsLink, order_links
from maskline.planes.sms.link import Link
from maskline.services.sms_link_state import LinkCondition, SmsLinkState

log = structlog.get_logger("messages")

MakeLink = Callable[[SmsLink, asyncio.Task[None] | None], Link]
"""Makes a link, which begins to work once the task is done."""


class LinkBoard:
    """All links by name. `make` builds one."""

    def __init__(self, make: MakeLink) -> None:
        self._make = make
        self._configs: tuple[SmsLink, ...] = ()
        self._links: dict[str, Link] = {}
        self._closing: dict[str, asyncio.Task[None]] = {}

    @property
    def states(self) -> tuple[SmsLinkState, ...]:
        """How every configured link stands."""
        return tuple(
            self._links[config.name].state
            if config.name in self._links
            else SmsLinkState(name=config.name, condition=LinkCondition.DISABLED)
            for config in self._configs
        )

    def link(self, name: str) -> Link | None:
        """The enabled link of this name."""
        return self._links.get(name)

    def refresh(self, configs: tuple[SmsLink, ...]) -> None:
        """Take over the links as they are configured now.

        One whose connections can stay keeps them. Another one, and one that is gone or disabled,
        waits for what is in flight before it unbinds; its successor binds only then.
        """
        self._configs = configs
        wanted = {config.name: config for config in configs if config.is_enabled}
        for name, link in list(self._links.items()):
            config = wanted.get(name)
            if config is None or not link.change(config):
                self._let_go(name)
        for name, config in wanted.items():
            if name not in self._links:
                self._links[name] = self._make(config, self._closing.get(name))

    def carries(self, x: str, receiver: str) -> bool:
        """Whether any link is configured for such messages, bound, enabled or not."""
        return any(config.fit(x, receiver) is not None for config in self._configs)

    def candidates(self, x: str, receiver: str) -> list[Link]:
        """The links that may carry a message from `x` to `receiver`, best first, bound or not."""
        configs = (link.config for link in self._links.values())
        return [self._links[config.name] for config in order_links(configs, x, receiver)]

    def heard(self) -> list[tuple[str, datetime]]:
        """Connections over which a centre has lately heard our answers, and up to when."""
        return [news for link in self._links.values() for news in link.heard()]

    def tick(self) -> None:
        """Let every link do what is due."""
        for link in self._links.values():
            link.tick()

    def leave(self) -> None:
        """Send nothing more over any link."""
        for link in self._links.values():
            link.leave()

    async def close(self) -> None:
        """Unbind all."""
        for name in list(self._links):
            self._let_go(name)
        while self._closing:
            await asyncio.wait(self._closing.values())

    def _let_go(self, name: str) -> None:
        link = self._links.pop(name)
        before = self._closing.get(name)
        closing = asyncio.get_running_loop().create_task(_close(link, before))
        self._closing[name] = closing
        closing.add_done_callback(lambda done: self._closed(name, done))

    def _closed(self, name: str, done: asyncio.Task[None]) -> None:
        if self._closing.get(name) is done:
            del self._closing[name]


async def _close(link: Link, before: asyncio.Task[None] | None) -> None:
    if before is not None:
        await asyncio.wait([before])
    await link.close()
    log.info("link closed", link=link.config.name)
