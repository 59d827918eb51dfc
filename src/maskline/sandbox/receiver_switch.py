"""Turning an application's pushes to the built-in receiver, and back to where they went before."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import structlog
from msgspec import UNSET, Struct, UnsetType

from maskline.domain.application import Application, Mode
from maskline.domain.error import CustomerError, InvalidParameter, SandboxRefused
from maskline.sandbox.receiver import PATH
from maskline.services.administration import Administration
from maskline.services.administration_request import ApplicationChange

log = structlog.get_logger("sandbox")


class _Before(Struct, frozen=True):
    """Where the pushes of an application went; what was left alone is absent."""

    app_key: str
    status_url: str | UnsetType | None = UNSET
    cdr_url: str | UnsetType | None = UNSET
    sms_url: str | UnsetType | None = UNSET
    sms_control_url: str | UnsetType | None = UNSET


class ReceiverSwitch:
    """`base_url` is this server's as senders of pushes reach it.

    What was there before is noted in `folder`, so that it comes back after a sudden end as well.
    """

    def __init__(self, administration: Administration, base_url: str, folder: Path) -> None:
        self._administration = administration
        self._base_url = base_url.rstrip("/")
        self._folder = folder

    def url(self, token: str) -> str:
        """Where pushes of a run are taken, without the purpose."""
        return f"{self._base_url}{PATH}{token}"

    async def turn_here(self, application: Application, token: str) -> None:
        """Have the pushes of an application come here. Raises SandboxRefused."""
        before = _before(application)
        urls = {
            field: f"{self.url(token)}/{field.removesuffix('_url')}"
            for field in _Before.__struct_fields__[1:]
            if getattr(before, field) is not UNSET
        }
        self._note(before)
        try:
            await self._change(application.app_key, urls)
        except InvalidParameter as error:
            self._path(application.app_key).unlink(missing_ok=True)
            raise SandboxRefused(
                "receiver_unreachable",
                f"pushes may not be sent to the built-in receiver: {error}",
                "try with the application's own receivers, or an operator sets [sandbox] "
                "receiver_url to a public address of this server",
            ) from error

    async def turn_back(self, app_key: str) -> None:
        """Have them go where they went before."""
        path = self._path(app_key)
        try:
            before = msgspec.json.decode(path.read_bytes(), type=_Before)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            log.warning("sandbox cannot tell where pushes went", app_key=app_key)
            return
        urls = {field: getattr(before, field) for field in _Before.__struct_fields__[1:]}
        await self._change(app_key, {name: url for name, url in urls.items() if url is not UNSET})
        path.unlink(missing_ok=True)

    async def recover(self) -> None:
        """Do so for every run that a sudden end has left behind."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                await self.turn_back(path.stem)
            except CustomerError as error:  # the application is gone, or its URL not allowed now
                log.warning("pushes stay with the sandbox", app_key=path.stem, why=str(error))
                path.unlink(missing_ok=True)

    async def _change(self, app_key: str, urls: Mapping[str, str | None]) -> None:
        change = msgspec.convert(urls, ApplicationChange)
        await self._administration.change_application(app_key, change)

    def _note(self, before: _Before) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(before.app_key)
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(before))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _path(self, app_key: str) -> Path:
        return self._folder / f"{app_key}.json"


def _before(application: Application) -> _Before:
    """What has to be turned: the control URL only where there is one, since it changes calls."""
    has_control = application.sms_control_url is not None or application.mode is Mode.X
    has_messages = application.may_message
    return _Before(
        app_key=application.app_key,
        status_url=application.status_url,
        cdr_url=application.cdr_url,
        sms_url=application.sms_url if has_messages else UNSET,
        sms_control_url=application.sms_control_url if has_messages and has_control else UNSET,
    )
