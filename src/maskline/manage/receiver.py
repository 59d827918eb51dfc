"""Endpoints of receivers: those in trouble, a test push, and the secret that signs bodies."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.notice import Endpoint as Receiver
from maskline.domain.notice import Purpose
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, view_items
from maskline.services.administration import Administration
from maskline.services.list_order import RECEIVERS
from maskline.services.notice_desk import NoticeDesk, TroubledReceiver
from maskline.services.page import Key, page_of


class ReceiverQuery(ListQuery, frozen=True, kw_only=True):
    """Receivers in trouble, of one application or all."""

    app_key: str | None = None


class ReceiverView(Struct, frozen=True, kw_only=True):
    """A receiver that accepts nothing: `failing` while it is still tried, else `disabled`."""

    app_key: str
    purpose: Purpose
    url: str
    state: str
    since: datetime
    disabled_at: datetime | None
    error: str


class TrialView(Struct, frozen=True, kw_only=True):
    """A test push and its answer; `status` null: there was none."""

    url: str
    headers: dict[str, str]
    body: str
    accepted: bool
    status: int | None
    error: str | None
    took_ms: float


class WebhookSecretView(Struct, frozen=True, kw_only=True):
    """What signs the bodies of pushes (`webhook-signature`), newest first; all of them are valid.

    `is_derived` tells that it was made from the application's secret, and changes with it.
    """

    app_key: str
    secrets: tuple[str, ...]
    is_derived: bool


class ReceiverEndpoints:
    """What operators do about one receiver."""

    def __init__(self, desk: NoticeDesk, administration: Administration) -> None:
        self._desk = desk
        self._administration = administration

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_receivers(), *self._of_secrets())

    def _of_receivers(self) -> tuple[Endpoint, ...]:
        receiver = "/applications/{app_key}/receivers/{purpose}"
        return (
            Endpoint(
                method="GET",
                path="/receivers",
                summary="Receivers that accept nothing, longest first",
                run=self.list_receivers,
                right=Right.PUSH_READ,
                query=ReceiverQuery,
                answer=Items[ReceiverView],
            ),
            Endpoint(
                method="POST",
                path=f"{receiver}/enable",
                summary="Let a receiver be pushed to again",
                run=self.enable_receiver,
                right=Right.PUSH_RESEND,
                status=204,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{receiver}/test",
                summary="Push a test event now and tell what came back",
                run=self.test_receiver,
                right=Right.PUSH_RESEND,
                answer=TrialView,
                refusals=(404,),
            ),
        )

    def _of_secrets(self) -> tuple[Endpoint, ...]:
        secret = "/applications/{app_key}/webhook-secret"  # noqa: S105 - a path
        return (
            Endpoint(
                method="GET",
                path=secret,
                summary="The secrets that sign the bodies of pushes",
                run=self.show_webhook_secret,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                answer=WebhookSecretView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=secret,
                summary="Sign with a new secret as well; the present one signs beside it",
                run=self.renew_webhook_secret,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                answer=WebhookSecretView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=secret,
                summary="Forget the older secret; the newest one signs alone",
                run=self.forget_webhook_secret,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_receivers(self, asked: Asked) -> Items[ReceiverView]:
        """Receivers in trouble."""
        query: ReceiverQuery = asked.query
        troubled = [
            one
            for one in await self._desk.receivers(query.app_key)
            if asked.app_keys is None or one.trouble.endpoint.app_key in asked.app_keys
        ]
        return view_items(page_of(troubled, RECEIVERS, _key, query.page), _view)

    async def enable_receiver(self, asked: Asked) -> None:
        """Let a receiver be pushed to again."""
        await self._desk.enable(_receiver(asked))

    async def test_receiver(self, asked: Asked) -> TrialView:
        """Push a test event now."""
        report = await self._desk.test(_receiver(asked))
        return TrialView(
            url=report.url,
            headers=dict(report.headers),
            body=report.body.decode(),
            accepted=report.error is None,
            status=report.status,
            error=report.error,
            took_ms=round(report.took_s * 1_000, 1),
        )

    async def show_webhook_secret(self, asked: Asked) -> WebhookSecretView:
        """The secrets that sign the bodies of pushes."""
        return _secrets(await self._administration.application(asked.path["app_key"]))

    async def renew_webhook_secret(self, asked: Asked) -> WebhookSecretView:
        """Sign with a new secret as well."""
        return _secrets(await self._administration.renew_webhook_secret(asked.path["app_key"]))

    async def forget_webhook_secret(self, asked: Asked) -> None:
        """Forget the older secret."""
        await self._administration.forget_webhook_secret(asked.path["app_key"])


def _receiver(asked: Asked) -> Receiver:
    try:
        purpose = Purpose(asked.path["purpose"])
    except ValueError:
        raise InvalidParameter("purpose", f"is one of {', '.join(Purpose)}") from None
    return Receiver(app_key=asked.path["app_key"], purpose=purpose)


def _secrets(application: Application) -> WebhookSecretView:
    return WebhookSecretView(
        app_key=application.app_key,
        secrets=application.signing_secrets,
        is_derived=not application.webhook_secrets,
    )


def _key(one: TroubledReceiver) -> Key:
    endpoint = one.trouble.endpoint
    return (round(one.trouble.since.timestamp() * 1e6), endpoint.app_key, endpoint.purpose.value)


def _view(receiver: TroubledReceiver) -> ReceiverView:
    trouble = receiver.trouble
    return ReceiverView(
        app_key=trouble.endpoint.app_key,
        purpose=trouble.endpoint.purpose,
        url=receiver.url,
        state="failing" if trouble.disabled_at is None else "disabled",
        since=trouble.since,
        disabled_at=trouble.disabled_at,
        error=trouble.error,
    )
