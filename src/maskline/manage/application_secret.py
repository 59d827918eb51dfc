"""Endpoints of application secrets: renewed with a grace, listed with their last use, ended."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.application import Application
from maskline.domain.application_secret import SecretUse
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.administration import Administration
from maskline.services.clock import Clock
from maskline.services.secret_use import SecretUses, SecretUseStore

PATH = "/applications/{app_key}/secrets"
DEFAULT_GRACE_S = 86_400


class SecretRenewal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the present secret works beside the new one: 0, 3600, 86400 or 604800 s.

    With 0 no earlier one works any more.
    """

    grace_s: int = DEFAULT_GRACE_S


class SecretView(Struct, frozen=True, kw_only=True):
    """A secret that works. `valid_until` null: as long as there is no newer one.

    `used_at` and `used_from` tell of the last request that was signed with it, half a minute late.
    """

    secret_id: str
    is_current: bool
    created_at: datetime
    valid_until: datetime | None
    used_at: datetime | None
    used_from: str | None


class SecretsView(Struct, frozen=True, kw_only=True):
    """All that work, newest first."""

    items: tuple[SecretView, ...]


class NewSecretView(Struct, frozen=True, kw_only=True):
    """A new secret. `app_secret` is in this answer only; `former` are those that still work."""

    app_key: str
    secret_id: str
    app_secret: str
    created_at: datetime
    former: tuple[SecretView, ...]


class ApplicationSecretEndpoints:
    """What a tenant does about secrets. `uses` are those that this process has noted."""

    def __init__(
        self,
        store: SecretUseStore,
        administration: Administration,
        clock: Clock,
        uses: SecretUses | None = None,
    ) -> None:
        self._store = store
        self._administration = administration
        self._clock = clock
        self._uses = uses

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                summary="The secrets that work, and when each was last used",
                run=self.list_secrets,
                answer=SecretsView,
                right=Right.SECRET_WRITE,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Make a new secret; the present one works for a grace",
                run=self.add_secret,
                body=SecretRenewal,
                answer=NewSecretView,
                status=201,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/{{secret_id}}",
                summary="Let an earlier secret work no more",
                run=self.end_secret,
                status=204,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                refusals=(404, 409),
            ),
        )

    async def list_secrets(self, asked: Asked) -> SecretsView:
        """The secrets that work."""
        return SecretsView(items=await self._shown(await self._application(asked)))

    async def add_secret(self, asked: Asked) -> NewSecretView:
        """Make a new secret."""
        renewal: SecretRenewal = asked.body
        before = await self._application(asked)
        renewed = await self._administration.renew_secret(before.app_key, renewal.grace_s)
        await self._forget_uses(before, renewed)
        return NewSecretView(
            app_key=renewed.app_key,
            secret_id=renewed.secret_id,
            app_secret=renewed.secret,
            created_at=renewed.secret_since,
            former=(await self._shown(renewed))[1:],
        )

    async def end_secret(self, asked: Asked) -> None:
        """Let an earlier secret work no more."""
        before = await self._application(asked)
        after = await self._administration.end_secret(before.app_key, asked.path["secret_id"])
        await self._forget_uses(before, after)

    async def _application(self, asked: Asked) -> Application:
        return await self._administration.application(asked.path["app_key"])

    async def _forget_uses(self, before: Application, after: Application) -> None:
        """Of secrets that are gone."""
        gone = _ids(before) - _ids(after)
        for secret_id in gone:
            await self._store.forget_secret_use(before.app_key, secret_id)

    async def _shown(self, application: Application) -> tuple[SecretView, ...]:
        if self._uses is not None:
            await self._uses.flush()
        uses = {one.secret_id: one for one in await self._store.secret_uses(application.app_key)}
        former = application.former_secrets_at(self._clock.now())
        return (
            _view(application.secret_id, application.secret_since, None, uses),
            *(_view(one.secret_id, one.created_at, one.valid_until, uses) for one in former),
        )


def _ids(application: Application) -> set[str]:
    return {application.secret_id, *(one.secret_id for one in application.former_secrets)}


def _view(
    secret_id: str,
    created_at: datetime,
    valid_until: datetime | None,
    uses: dict[str, SecretUse],
) -> SecretView:
    use = uses.get(secret_id)
    return SecretView(
        secret_id=secret_id,
        is_current=valid_until is None,
        created_at=created_at,
        valid_until=valid_until,
        used_at=use.used_at if use is not None else None,
        used_from=use.address if use is not None else None,
    )
