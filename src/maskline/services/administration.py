"""What operators do: tenants, applications, virtual numbers and trunks."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from maskline.domain.application import (
    BINDING_RETENTION_DAYS,
    RECORD_RETENTION_DAYS,
    Application,
    ApplicationPrompts,
    Mode,
    Tenant,
    TenantState,
)
from maskline.domain.error import DuplicateRecord, InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.message_rule import NO_RULES
from maskline.domain.number_choice import AS_EVER
from maskline.domain.number_life import LifeStep, NumberEvent
from maskline.domain.recording import RETENTION_DAYS
from maskline.domain.trunk import Trunk
from maskline.domain.use_limit import NO_LIMITS, UseLimits
from maskline.domain.virtual_number import LOCKED, NumberState, VirtualNumber, kind_of
from maskline.domain.webhook_secret import MAX_SECRETS, written_secret
from maskline.services.administration_request import (
    ApplicationChange,
    MessageRuleChoice,
    NewApplication,
    NewNumber,
    NewNumbers,
    NewTenant,
    NumberChange,
    PromptChoice,
    TenantChange,
    TrunkChange,
    TrunkForm,
    UseLimitForm,
)
from maskline.services.administration_rule import (
    check_area_code,
    check_distinct,
    check_identifier,
    check_networks,
    check_number,
    check_prefixes,
    check_trunk,
    check_url,
)
from maskline.services.application_rule import (
    check_application_name,
    check_labels,
    relabelled,
)
from maskline.services.application_secret import (
    APP_SECRET_LENGTH,
    renewed_application,
    without_secret,
)
from maskline.services.clock import Clock
from maskline.services.given import given_fields
from maskline.services.ids import Ids
from maskline.services.notification import NATS
from maskline.services.number_choice import NumberChoiceForm
from maskline.services.number_state import NumberNews, changed_number
from maskline.services.prompt import FixedPrompts, PromptCatalogue
from maskline.services.store import DirectoryStore, Page

APP_KEY_LENGTH = 28  # as the compatible interface prints them: 28 of [0-9A-Za-z]
WEBHOOK_SECRET_LENGTH = 32
TENANT_ID_LENGTH = 12
DEFAULT_TENANT = "default"
MAX_NUMBERS_PER_REQUEST = 1_000
MAX_NAMES_COMPARED = 10_000
"""Applications of one tenant among which a name is looked for."""
NATS_FIELDS = ("status_url", "cdr_url", "sms_url", "number_state_url")
URL_FIELDS = ("status_url", "cdr_url", "sms_url", "sms_control_url", "number_state_url")


class DirectoryCache(Protocol):
    """Whoever keeps copies of what is changed here, and is told at once."""

    def forget_application(self, app_key: str) -> None:
        """This application changed."""
        ...

    def forget_tenant(self, tenant_id: str) -> None:
        """This tenant changed."""
        ...

    def forget_trunks(self) -> None:
        """The trunks changed."""
        ...


class Administration:
    """The verbs of the management API.

    All of them raise InvalidParameter (a value breaks a rule), UnknownRecord, DuplicateRecord,
    StoreBusy and StoreFailed. `allow_private` admits receivers on private addresses,
    `has_nats` receivers that are pushed to over NATS, `retention_days` is how long recordings of
    new tenants are kept, `record_days` how long their call records, `binding_days` how long their
    bindings that have ended, `prompts` says which prompts an application may play, `news` tells
    applications of their numbers.
    """

    def __init__(
        self,
        store: DirectoryStore,
        cache: DirectoryCache,
        clock: Clock,
        ids: Ids,
        *,
        allow_private: bool = False,
        has_nats: bool = False,
        max_numbers: int = MAX_NUMBERS_PER_REQUEST,
        retention_days: int = RETENTION_DAYS,
        record_days: int = RECORD_RETENTION_DAYS,
        binding_days: int = BINDING_RETENTION_DAYS,
        prompts: PromptCatalogue | None = None,
        news: NumberNews | None = None,
    ) -> None:
        self._store = store
        self._cache = cache
        self._clock = clock
        self._ids = ids
        self._allow_private = allow_private
        self._has_nats = has_nats
        self._max_numbers = max_numbers
        self._retention_days = retention_days
        self._record_days = record_days
        self._binding_days = binding_days
        self._prompts: PromptCatalogue = prompts or FixedPrompts()
        self._news = news
        # A change writes back all that it read: beside another, it could undo a renewed secret.
        self._changing = asyncio.Lock()

    async def create_tenant(self, new: NewTenant) -> Tenant:
        """Add a customer."""
        tenant_id = new.tenant_id or self._ids.token(TENANT_ID_LENGTH)
        check_identifier("tenant_id", tenant_id)
        tenant = Tenant(
            tenant_id=tenant_id,
            name=new.name,
            recording_retention_days=new.recording_retention_days or self._retention_days,
            record_retention_days=new.record_retention_days or self._record_days,
            binding_retention_days=new.binding_retention_days or self._binding_days,
            message_retention_days=new.message_retention_days,
            text_retention_days=new.text_retention_days,
            may_message=new.may_message,
            max_applications=new.max_applications,
            limits=_limits(NO_LIMITS, new.limits),
            created_at=self._clock.now(),
        )
        await self._store.add_tenant(tenant)
        return tenant

    async def change_tenant(self, tenant_id: str, change: TenantChange) -> Tenant:
        """Rename, freeze or thaw a customer, or change how long its recordings are kept."""
        if change.state is TenantState.IN_ARREARS:
            raise InvalidParameter("state", "follows from the balance; to stop a tenant, freeze it")
        async with self._changing:
            tenant = await self._store.tenant(tenant_id)
            if tenant is None:
                raise UnknownRecord(f"no tenant {tenant_id}")
            wanted = given_fields(change)
            if isinstance(change.limits, UseLimitForm):
                wanted["limits"] = _limits(tenant.limits, change.limits)
            changed = replace(tenant, **wanted)
            try:
                await self._store.save_tenant(changed)
            finally:  # a store that fails may have written it all the same
                self._cache.forget_tenant(tenant_id)
        return changed

    async def set_arrears(self, tenant_id: str, *, is_in_arrears: bool) -> bool:
        """Freeze a tenant for its arrears, or thaw it; whether that changed anything.

        Who was frozen by hand stays so, whatever its balance.
        """
        state = TenantState.IN_ARREARS if is_in_arrears else TenantState.NORMAL
        async with self._changing:
            tenant = await self._store.tenant(tenant_id)
            if tenant is None or tenant.state in {TenantState.FROZEN, state}:
                return False
            try:
                await self._store.save_tenant(replace(tenant, state=state))
            finally:  # as in `change_tenant`
                self._cache.forget_tenant(tenant_id)
        return True

    async def create_application(self, new: NewApplication) -> Application:
        """Add an application with a new key and secret. Its mode never changes.

        Raises also TenantFull, DuplicateRecord (its name).
        """
        tenant_id = new.tenant_id or await self._default_tenant()
        tenant = await self._store.tenant(tenant_id)
        if tenant is None:
            raise InvalidParameter("tenant_id", f"there is no tenant {tenant_id}")
        app_key = self._ids.token(APP_KEY_LENGTH)
        prompts = await self._chosen(app_key, ApplicationPrompts(), new.prompts)
        given: dict[str, Any] = {
            **given_fields(new),
            "tenant_id": tenant_id,
            "prompts": prompts,
            "messages": replace(NO_RULES, **given_fields(new.messages)),
            "number_choice": replace(AS_EVER, **given_fields(new.number_choice)),
            "limits": _limits(NO_LIMITS, new.limits),
        }
        application = Application(
            app_key=app_key,
            secret=self._ids.token(APP_SECRET_LENGTH),
            created_at=self._clock.now(),
            **given,
        )
        self._check_application(application)
        async with self._changing:
            await self._check_room(tenant)
            await self._check_name(application)
            await self._store.add_application(application)
        return application

    async def application(self, app_key: str) -> Application:
        """One application with its secrets."""
        application = await self._store.application(app_key)
        if application is None:
            raise UnknownRecord(f"there is no application {app_key}")
        return application

    async def change_application(self, app_key: str, change: ApplicationChange) -> Application:
        """Set fields of an application."""
        async with self._changing:
            before = await self.application(app_key)
            wanted = given_fields(change)
            if isinstance(change.prompts, PromptChoice):
                wanted["prompts"] = await self._chosen(app_key, before.prompts, change.prompts)
            if isinstance(change.messages, MessageRuleChoice):
                rules = given_fields(change.messages)
                wanted["messages"] = replace(before.messages, **rules)
            if isinstance(change.number_choice, NumberChoiceForm):
                choice = given_fields(change.number_choice)
                wanted["number_choice"] = replace(before.number_choice, **choice)
            if isinstance(change.limits, UseLimitForm):
                wanted["limits"] = _limits(before.limits, change.limits)
            if isinstance(change.labels, dict):
                wanted["labels"] = relabelled(before.labels, change.labels)
            application = replace(before, **wanted)
            self._check_application(application, before)
            if application.name != before.name:
                await self._check_name(application)
            await self._save_application(application)
        return application

    async def renew_secret(self, app_key: str, grace_s: int = 0) -> Application:
        """Give an application a new secret; the present one works for `grace_s` more.

        With 0 no earlier one works any more. Raises also SecretsInGrace.
        """
        async with self._changing:
            application = await self.application(app_key)
            renewed = renewed_application(application, self._ids, self._clock.now(), grace_s)
            await self._save_application(renewed)
        return renewed

    async def end_secret(self, app_key: str, secret_id: str) -> Application:
        """Let an earlier secret work no more. Raises also SecretNeeded for the present one."""
        async with self._changing:
            application = await self.application(app_key)
            changed = without_secret(application, secret_id)
            await self._save_application(changed)
        return changed

    async def renew_webhook_secret(self, app_key: str) -> Application:
        """Sign pushes with a new secret as well; the present one signs beside it."""
        secret = written_secret(self._ids.token(WEBHOOK_SECRET_LENGTH).encode())
        async with self._changing:
            application = await self.application(app_key)
            secrets = (secret, *application.signing_secrets)[:MAX_SECRETS]
            renewed = replace(application, webhook_secrets=secrets)
            await self._save_application(renewed)
        return renewed

    async def forget_webhook_secret(self, app_key: str) -> Application:
        """Sign pushes with the newest secret only."""
        async with self._changing:
            application = await self.application(app_key)
            changed = replace(application, webhook_secrets=application.webhook_secrets[:1])
            await self._save_application(changed)
        return changed

    async def add_numbers(self, new: NewNumbers, by: str = "") -> tuple[VirtualNumber, ...]:
        """Add virtual numbers to an application, all or none; `by` is for their history."""
        if len(new.numbers) > self._max_numbers:
            raise InvalidParameter("numbers", f"at most {self._max_numbers} at once")
        for index, entry in enumerate(new.numbers):
            check_number(f"numbers[{index}].number", entry.number)
            check_area_code(f"numbers[{index}].area_code", entry.area_code)
        check_distinct("numbers", [entry.number for entry in new.numbers])
        if await self._store.application(new.app_key) is None:
            raise InvalidParameter("app_key", f"there is no application {new.app_key}")
        now = self._clock.now()
        numbers = tuple(
            VirtualNumber(app_key=new.app_key, created_at=now, **_with_kind(entry))
            for entry in new.numbers
        )
        added = [_event(LifeStep.ADDED, None, number, by, now) for number in numbers]
        await self._store.add_numbers(numbers, added)
        return numbers

    async def change_number(
        self, number: str, change: NumberChange, *, by_tenant: bool = False, by: str = ""
    ) -> VirtualNumber:
        """Set state, city or switches of a virtual number; its application is told of the state.

        `by_tenant` says who wants it, the tenant itself or the platform, `by` is for its history.
        """
        async with self._changing:
            found = await self._store.number(number)
            if found is None:
                raise UnknownRecord(f"no virtual number {number}")
            changed = changed_number(found, _wanted(change), by_tenant=by_tenant)
            check_area_code("area_code", changed.area_code)
            await self._save_number(found, changed, by)
        return changed

    async def add_trunk(self, form: TrunkForm) -> Trunk:
        """Add a trunk under a new name."""
        trunk = Trunk(**given_fields(form))
        check_trunk(trunk)
        async with self._changing:
            if await self._trunk(trunk.name) is not None:
                raise DuplicateRecord(f"trunk {trunk.name}")
            await self._save_trunk(trunk)
        return trunk

    async def change_trunk(self, name: str, change: TrunkChange) -> Trunk:
        """Set fields of a trunk; calls under way keep the old ones."""
        async with self._changing:
            found = await self._trunk(name)
            if found is None:
                raise UnknownRecord(f"no trunk {name}")
            trunk = replace(found, **given_fields(change))
            check_trunk(trunk)
            await self._save_trunk(trunk)
        return trunk

    async def remove_trunk(self, name: str) -> None:
        """Forget a trunk; calls under way go on."""
        async with self._changing:
            await self._store.remove_trunk(name)
            self._cache.forget_trunks()

    async def _default_tenant(self) -> str:
        """The tenant of single-customer installations, made at its first use."""
        if await self._store.tenant(DEFAULT_TENANT) is None:
            tenant = Tenant(
                tenant_id=DEFAULT_TENANT,
                name="Default",
                recording_retention_days=self._retention_days,
                record_retention_days=self._record_days,
                binding_retention_days=self._binding_days,
                created_at=self._clock.now(),
            )
            try:
                await self._store.add_tenant(tenant)
            except DuplicateRecord:
                return DEFAULT_TENANT  # another request was first
        return DEFAULT_TENANT

    async def _save_application(self, application: Application) -> None:
        try:
            await self._store.save_application(application)
        finally:  # as in `change_tenant`
            self._cache.forget_application(application.app_key)

    async def _chosen(
        self, app_key: str, before: ApplicationPrompts, choice: PromptChoice
    ) -> ApplicationPrompts:
        """What is played from now on. Raises InvalidParameter for what was not approved."""
        wanted = given_fields(choice)
        for field, name in wanted.items():
            if name is not None and not await self._prompts.is_approved(app_key, name):
                raise InvalidParameter(
                    f"prompts.{field}", f"{name} was not uploaded, or is not approved yet"
                )
        return replace(before, **wanted)

    async def _check_room(self, tenant: Tenant) -> None:
        page = Page(limit=max(1, tenant.max_applications))
        found = await self._store.applications(tenant.tenant_id, page)
        if len(found.rows) >= tenant.max_applications:
            raise TenantFull(
                f"tenant {tenant.tenant_id} has {len(found.rows)} applications, as many as it may; "
                "its max_applications can be raised"
            )

    async def _check_name(self, application: Application) -> None:
        page = Page(limit=MAX_NAMES_COMPARED)
        for other in (await self._store.applications(application.tenant_id, page)).rows:
            if other.name == application.name and other.app_key != application.app_key:
                raise DuplicateRecord(f"an application named {application.name}")

    def _check_application(
        self, application: Application, before: Application | None = None
    ) -> None:
        # A name of an earlier release stays until it is changed.
        if before is None or application.name != before.name:
            check_application_name(application.name)
        check_labels(application.labels)
        for field in URL_FIELDS:
            url: str | None = getattr(application, field)
            if url is not None:
                has_nats = self._has_nats and field in NATS_FIELDS
                check_url(field, url, allow_private=self._allow_private, has_nats=has_nats)
        if application.mode is Mode.X and application.status_url in {None, "", NATS}:
            # `spec/x.md` 1: it is asked what to do with each call
            raise InvalidParameter(
                "status_url", "is needed in mode x, over HTTP: it decides about each call"
            )
        check_networks("allowed_addresses", application.allowed_addresses)
        if application.callback_number is not None:
            check_number("callback_number", application.callback_number)

    async def _save_number(self, before: VirtualNumber, after: VirtualNumber, by: str) -> None:
        events: tuple[NumberEvent, ...] = ()
        if (before.state, before.cause) != (after.state, after.cause):
            events = (_event(LifeStep.STATE_CHANGED, before.state, after, by, self._clock.now()),)
        if self._news is None:
            await self._store.save_number(after, (), events)
            return
        application = await self._store.application(after.app_key)
        notices = self._news.notices(application, before, after)
        await self._store.save_number(after, notices, events)
        if notices:
            self._news.hint()

    async def _trunk(self, name: str) -> Trunk | None:
        return next((trunk for trunk in await self._store.trunks() if trunk.name == name), None)

    async def _save_trunk(self, trunk: Trunk) -> None:
        await self._store.save_trunk(trunk)
        self._cache.forget_trunks()


def _with_kind(entry: NewNumber) -> dict[str, Any]:
    return {"kind": kind_of(entry.number), **given_fields(entry)}


def _limits(before: UseLimits, form: UseLimitForm) -> UseLimits:
    limits = replace(before, **given_fields(form))
    check_prefixes("limits.destinations", limits.destinations)
    return limits


def _wanted(change: NumberChange) -> dict[str, Any]:
    wanted = given_fields(change)
    is_locked = wanted.pop("is_locked", None)
    if is_locked is not None:
        wanted["held_until"] = LOCKED if is_locked else wanted.get("held_until")
    return wanted


def _event(
    step: LifeStep, was: NumberState | None, number: VirtualNumber, by: str, at: datetime
) -> NumberEvent:
    return NumberEvent(
        number=number.number,
        at=at,
        step=step,
        app_key=number.app_key,
        was=was,
        now=number.state,
        by=by,
        note=number.cause or "",
    )
