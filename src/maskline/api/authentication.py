"""Who may ask: the checks before a request's parameters are read (`spec/codes.md` 2.3)."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import structlog

from maskline.api.guard import Rates, SeenRequests
from maskline.api.header import Credentials, Scheme, read_credentials
from maskline.api.limits import MAX_APP_KEY, MAX_NONCE, ApiLimits
from maskline.api.result import Refused, Result
from maskline.api.signature import aksk_digest, is_of_push, wsse_digests
from maskline.domain.application import (
    Application,
    ApplicationState,
    Mode,
    Tenant,
)
from maskline.services.address import AllowLists, Networks, client_address
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.lockout import Lockout, address_key
from maskline.services.secret_use import SecretUses

log = structlog.get_logger("api")


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request came from and what it says of itself, header values as they came."""

    peer: str
    forwarded_for: str | None
    authorization: str | None
    aksk: str | None
    wsse: str | None


class Gate:
    """Lets requests of applications in and keeps what that needs to remember."""

    def __init__(
        self,
        directory: Directory,
        clock: Clock,
        limits: ApiLimits,
        lockout: Lockout,
        secret_uses: SecretUses | None = None,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._limits = limits
        self._proxies = Networks(limits.trusted_proxies)
        self._allow_lists = AllowLists()
        self._lockout = lockout
        self._secret_uses = secret_uses
        self._seen: dict[str, SeenRequests] = {}
        self._application_rates = Rates(limits.tracked_addresses)
        self._address_rates = Rates(limits.tracked_addresses)

    async def admit(self, caller: Caller, mode: Mode | None) -> Application:
        """The application that signed a request for an interface of `mode`, None for every mode's.

        Raises Refused with the first code that applies; StoreFailed.
        """
        address = client_address(caller.peer, caller.forwarded_for, self._proxies)
        if self._lockout.is_locked(address):
            raise Refused.by(Result.LOCKED_OUT)
        credentials = read_credentials(caller.authorization, caller.aksk, caller.wsse)
        application, tenant = await self._application(credentials, address)
        created = self._check_time(credentials)
        self._check_digest(application, credentials, address)
        if not self._allow_lists.admits(application.allowed_addresses, address):
            raise Refused.by(Result.ADDRESS_NOT_ALLOWED)
        self._check_rates(application, address)
        if self._limits.refuses_replays:
            self._check_replay(application, credentials, created)
        if mode is not None and application.mode is not mode:
            raise Refused.by(Result.WRONG_MODE)
        if tenant.is_frozen:
            raise Refused.by(Result.TENANT_FROZEN)
        return application

    async def _application(
        self, credentials: Credentials, address: str
    ) -> tuple[Application, Tenant]:
        app_key = credentials.app_key
        found = self._directory.cached(app_key)
        if found is None and len(app_key) <= MAX_APP_KEY:
            found = await self._directory.application(app_key)
        if found is None:
            self._fail(address, "unknown app_key")
            raise Refused.by(Result.INVALID_APP_KEY)
        if found[0].state is not ApplicationState.NORMAL:
            raise Refused.by(Result.APP_KEY_UNAVAILABLE)
        return found

    def _check_time(self, credentials: Credentials) -> float:
        """The request's time in epoch seconds, if it is near enough."""
        created = _epoch_seconds(credentials.created)
        if created is None:
            is_wsse = credentials.scheme is Scheme.WSSE
            raise Refused.by(Result.WRONG_WSSE_CREATED if is_wsse else Result.TIME_OUT)
        if abs(self._now() - created) > self._limits.clock_window_s:
            raise Refused.by(Result.TIME_OUT)
        return created

    def _check_digest(
        self, application: Application, credentials: Credentials, address: str
    ) -> None:
        signed_with = self._secret_of(application, credentials)
        if signed_with is None:
            self._fail(address, "wrong digest")
            raise Refused.by(Result.INVALID_DIGEST)
        secret_id, secret = signed_with
        if is_of_push(secret, credentials.nonce):
            self._fail(address, "signature of a push")
            raise Refused.by(Result.INVALID_DIGEST)
        if self._secret_uses is not None:
            self._secret_uses.note(application.app_key, secret_id, address)

    def _secret_of(
        self, application: Application, credentials: Credentials
    ) -> tuple[str, str] | None:
        """Id and text of the secret that signed the request: the present one, or one in grace."""
        if _is_signed_by(application.secret, credentials):
            return application.secret_id, application.secret
        if application.former_secrets:
            for former in application.former_secrets_at(self._clock.now()):
                if _is_signed_by(former.secret, credentials):
                    return former.secret_id, former.secret
        return None

    def _check_replay(
        self, application: Application, credentials: Credentials, created: float
    ) -> None:
        seen = self._seen.get(application.app_key)
        if seen is None:
            seen = SeenRequests(self._limits.clock_window_s, self._limits.nonce_cache)
            self._seen[application.app_key] = seen
        if seen.is_full(self._now()):
            raise Refused.by(Result.FLOW_CONTROL)
        if not seen.add(credentials.nonce + credentials.created, created):
            raise Refused.by(Result.INVALID_DIGEST)

    def _check_rates(self, application: Application, address: str) -> None:
        limit = self._limits.address_requests_per_s
        now = self._clock.monotonic()
        if limit and not self._address_rates.take(address_key(address), limit, now):
            raise Refused.by(Result.TRAFFIC_CONTROL)
        limit = application.request_limit_per_s
        if not self._application_rates.take(application.app_key, limit, now):
            raise Refused.by(Result.FLOW_CONTROL)

    def _fail(self, address: str, reason: str) -> None:
        if self._lockout.fail(address):
            log.warning("address locked out", address=address, reason=reason)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _epoch_seconds(created: str) -> float | None:
    """`yyyy-MM-dd'T'HH:mm:ss'Z'`; fractions of seconds, which some clients send, are read too."""
    try:
        moment = datetime.fromisoformat(created)
        return moment.timestamp() if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _is_signed_by(secret: str, credentials: Credentials) -> bool:
    if len(credentials.nonce) > MAX_NONCE:
        return False
    given = credentials.digest.encode()
    signed = (secret, credentials.nonce, credentials.created)
    if credentials.scheme is Scheme.AKSK:
        return hmac.compare_digest(aksk_digest(*signed).encode(), given)
    return any(hmac.compare_digest(form.encode(), given) for form in wsse_digests(*signed))
