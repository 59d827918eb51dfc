"""Sign-up: a stranger makes a tenant of his own, which waits for its activation."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from maskline.domain.access import OPERATOR, Role
from maskline.domain.account import User, check_password, read_login, read_name
from maskline.domain.error import BusyError, DuplicateRecord
from maskline.services.accounts import Accounts, NewUser, Person
from maskline.services.activation import ActivationDesk
from maskline.services.administration import Administration
from maskline.services.administration_request import NewTenant
from maskline.services.clock import Clock

MAX_ADDRESSES = 10_000
"""Addresses that are counted; the longest known go first."""
HOUR = timedelta(hours=1)


class TooManySignUps(BusyError):
    """So many have signed up from one address that the next one has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """Who wants to be a customer: the company, and the first person of it."""

    company: str
    login: str
    name: str
    password: str = field(repr=False)
    language: str | None = None
    zone: str | None = None


class SignUpStore(Protocol):
    """What is looked at first."""

    async def user_of_login(self, login: str) -> User | None:
        """The account with this login."""
        ...


class SignUpDesk:
    """Makes tenants; `an_hour` of them from one address."""

    def __init__(
        self,
        store: SignUpStore,
        administration: Administration,
        accounts: Accounts,
        activations: ActivationDesk,
        *,
        clock: Clock,
        an_hour: int,
    ) -> None:
        self._store = store
        self._administration = administration
        self._accounts = accounts
        self._activations = activations
        self._clock = clock
        self._an_hour = an_hour
        self._tries: dict[str, list[float]] = {}

    async def sign_up(self, new: SignUp, address: str) -> User:
        """Make a tenant and its owner.

        Raises TooManySignUps, InvalidParameter, DuplicateRecord (login), StoreBusy, StoreFailed.
        """
        self._count(address)
        login = read_login(new.login)
        read_name(new.name)
        check_password(new.password, login)
        if await self._store.user_of_login(login) is not None:
            raise DuplicateRecord("this login")
        tenant = await self._administration.create_tenant(NewTenant(name=new.company))
        await self._activations.begin(tenant.tenant_id)
        invited = NewUser(login=login, name=new.name, role=Role.OWNER, tenant_id=tenant.tenant_id)
        made = await self._accounts.invite(OPERATOR, invited)
        person = Person(password=new.password, language=new.language, zone=new.zone)
        return await self._accounts.follow(made.token, person)

    def _count(self, address: str) -> None:
        now_s = self._clock.monotonic()
        recent = [at for at in self._tries.pop(address, []) if now_s - at < HOUR.total_seconds()]
        if len(recent) < self._an_hour:
            recent.append(now_s)
            self._keep(address, recent)
            return
        self._keep(address, recent)
        raise TooManySignUps(f"{self._an_hour} sign-ups an hour from one address")

    def _keep(self, address: str, recent: list[float]) -> None:
        self._tries[address] = recent
        if len(self._tries) > MAX_ADDRESSES:
            del self._tries[next(iter(self._tries))]
