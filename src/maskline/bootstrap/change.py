"""What changes: everything in this process hears of it at once, the other processes by bulletin."""

from collections.abc import Callable, Mapping
from functools import partial

from maskline.services.bulletin import BulletinBoard
from maskline.services.bulletin_store import Bulletin, BulletinKind
from maskline.services.call_screen import CallScreen
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.link_watch import LinkWatch
from maskline.services.lockout import Lockout
from maskline.services.part_watch import PartWatch
from maskline.services.prompt_shelf import PromptShelf


class Changes:
    """Where changes of this process go out, and those of others come in (`apply`).

    `on_trunks` and `on_stop`, which takes a session id, are set once there is a call plane,
    `on_sms_links` once there is a message plane. `links` and `parts` hear how
    links, trunks and media engines stand elsewhere.
    """

    def __init__(
        self,
        board: BulletinBoard,
        directory: Directory,
        prompts: PromptShelf,
        clock: Clock,
        screen: CallScreen,
    ) -> None:
        self._board = board
        self._directory = directory
        self._prompts = prompts
        self._clock = clock
        self._screen = screen
        self._lockouts: Mapping[str, Lockout] = {}
        self.on_trunks: Callable[[], None] | None = None
        self.on_stop: Callable[[str], object] | None = None
        self.links = LinkWatch(board, clock)
        self.parts = PartWatch(board, clock)
        self.on_sms_links: Callable[[], None] | None = None

    def forget_application(self, app_key: str) -> None:
        """An application was changed here."""
        self._directory.forget_application(app_key)
        self._board.post_soon(BulletinKind.APPLICATION, app_key)

    def forget_tenant(self, tenant_id: str) -> None:
        """A tenant was changed here."""
        self._directory.forget_tenant(tenant_id)
        self._board.post_soon(BulletinKind.TENANT, tenant_id)

    def forget_trunks(self) -> None:
        """The trunks were changed here."""
        self._refresh_trunks()
        self._board.post_soon(BulletinKind.TRUNKS)

    def forget_sms_links(self) -> None:
        """The links of messages were changed here."""
        self._refresh_sms_links()
        self._board.post_soon(BulletinKind.SMS_LINKS)

    def forget_call_rules(self) -> None:
        """Blocked numbers or frequency rules were changed here."""
        self._screen.forget()
        self._board.post_soon(BulletinKind.CALL_RULES)

    def forget_prompt(self, app_key: str, name: str) -> None:
        """A prompt was changed here."""
        self._prompts.forget(app_key, name)
        self._board.post_soon(BulletinKind.PROMPT, f"{app_key} {name}")

    def share_lockouts(self, lockouts: Mapping[str, Lockout]) -> None:
        """Tell the others of addresses that are locked out of these interfaces, and let in."""
        self._lockouts = lockouts
        for interface, lockout in lockouts.items():
            lockout.on_locked = partial(self._post_address, BulletinKind.LOCKED_OUT, interface)
            lockout.on_released = partial(self._post_address, BulletinKind.LET_IN, interface)

    def apply(self, bulletin: Bulletin) -> None:
        """Do here what another process has told."""
        subject = bulletin.subject
        match bulletin.kind:
            case BulletinKind.APPLICATION:
                self._directory.forget_application(subject)
            case BulletinKind.TENANT:
                self._directory.forget_tenant(subject)
            case BulletinKind.TRUNKS:
                self._refresh_trunks()
            case BulletinKind.CALL_RULES:
                self._screen.forget()
            case BulletinKind.SMS_LINKS:
                self._refresh_sms_links()
            case BulletinKind.SMS_LINK_STATES:
                self.links.hear(subject)
            case BulletinKind.WORKER_PARTS:
                self.parts.hear(subject, bulletin.posted_at)
            case BulletinKind.PROMPT:
                app_key, _, name = subject.partition(" ")
                self._prompts.forget(app_key, name)
            case BulletinKind.LOCKED_OUT | BulletinKind.LET_IN:
                self._apply_lockout(bulletin)
            case BulletinKind.STOP_CALL:
                if self.on_stop is not None:
                    self.on_stop(subject)
            case _:
                # A newer release tells of something that this one does not know.
                return

    def _apply_lockout(self, bulletin: Bulletin) -> None:
        interface, _, address = bulletin.subject.partition(" ")
        lockout = self._lockouts.get(interface)
        if lockout is None:
            return
        if bulletin.kind == BulletinKind.LET_IN:
            lockout.let_in(address)
        else:
            ago_s = (self._clock.now() - bulletin.posted_at).total_seconds()
            lockout.lock(address, ago_s)

    def _refresh_trunks(self) -> None:
        self._directory.forget_trunks()
        if self.on_trunks is not None:
            self.on_trunks()

    def _refresh_sms_links(self) -> None:
        if self.on_sms_links is not None:
            self.on_sms_links()

    def _post_address(self, kind: BulletinKind, interface: str, address: str) -> None:
        self._board.post_soon(kind, f"{interface} {address}")
