"""Endpoints of tenants, applications, virtual numbers and trunks."""

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.domain.virtual_number import VirtualNumber
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.own_change import (
    check_application_change,
    check_new_application,
    check_number_change,
)
from maskline.manage.query import ApplicationQuery, ListQuery, NumberQuery, read_prefix
from maskline.manage.view import (
    ApplicationView,
    BoundedCountView,
    Items,
    NumbersView,
    NumberView,
    TenantView,
    TrunkView,
    view_application,
    view_count,
    view_items,
    view_number,
    view_tenant,
    view_trunk,
)
from maskline.services.administration import Administration
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumbers,
    NewTenant,
    NumberChange,
    TenantChange,
    TrunkChange,
    TrunkForm,
)
from maskline.services.list_filter import NumberFilter
from maskline.services.list_order import TRUNKS
from maskline.services.page import page_of
from maskline.services.store import DirectoryStore


class DirectoryEndpoints:
    """Reads from the store, writes through the administration."""

    def __init__(self, store: DirectoryStore, administration: Administration) -> None:
        self._store = store
        self._administration = administration

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            *self._tenant_endpoints(),
            *self._application_endpoints(),
            *self._number_endpoints(),
            *self._trunk_endpoints(),
        )

    def _tenant_endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/tenants",
                summary="Customers by id",
                run=self.list_tenants,
                right=Right.TENANT_READ,
                query=ListQuery,
                answer=Items[TenantView],
            ),
            Endpoint(
                method="POST",
                path="/tenants",
                summary="Add a customer",
                run=self.create_tenant,
                right=Right.TENANT_WRITE,
                body=NewTenant,
                answer=TenantView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path="/tenants/{tenant_id}",
                summary="One customer",
                run=self.show_tenant,
                right=Right.TENANT_READ,
                answer=TenantView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/tenants/{tenant_id}",
                summary="Rename, freeze or thaw a customer",
                run=self.change_tenant,
                right=Right.TENANT_WRITE,
                body=TenantChange,
                answer=TenantView,
                refusals=(404,),
            ),
        )

    def _application_endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/applications",
                summary="Applications by creation time",
                run=self.list_applications,
                right=Right.APPLICATION_READ,
                query=ApplicationQuery,
                answer=Items[ApplicationView],
            ),
            Endpoint(
                method="POST",
                path="/applications",
                summary="Add an application; the answer is the only one with its secret",
                run=self.create_application,
                right=Right.APPLICATION_WRITE,
                body=NewApplication,
                answer=ApplicationView,
                status=201,
            ),
            Endpoint(
                method="GET",
                path="/applications/{app_key}",
                summary="One application",
                run=self.show_application,
                right=Right.APPLICATION_READ,
                answer=ApplicationView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/applications/{app_key}",
                summary="Set fields of an application",
                run=self.change_application,
                right=Right.APPLICATION_WRITE,
                or_right=Right.APPLICATION_PAUSE,
                body=ApplicationChange,
                answer=ApplicationView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/applications/{app_key}/secret",
                summary="Give an application a new secret; the old one stops working",
                run=self.renew_secret,
                right=Right.SECRET_WRITE,
                needs_step_up=True,
                answer=ApplicationView,
                refusals=(404,),
            ),
        )

    def _number_endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/numbers",
                summary="Virtual numbers by number",
                run=self.list_numbers,
                right=Right.NUMBER_READ,
                query=NumberQuery,
                answer=Items[NumberView],
            ),
            Endpoint(
                method="GET",
                path="/numbers/count",
                summary="How many virtual numbers there are",
                run=self.count_numbers,
                right=Right.NUMBER_READ,
                query=NumberQuery,
                answer=BoundedCountView,
            ),
            Endpoint(
                method="POST",
                path="/numbers",
                summary="Add virtual numbers to an application, all or none",
                run=self.add_numbers,
                right=Right.NUMBER_WRITE,
                body=NewNumbers,
                answer=NumbersView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path="/numbers/{number}",
                summary="One virtual number",
                run=self.show_number,
                right=Right.NUMBER_READ,
                answer=NumberView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/numbers/{number}",
                summary="Set state, city or switches of a virtual number",
                run=self.change_number,
                right=Right.NUMBER_WRITE,
                body=NumberChange,
                answer=NumberView,
                refusals=(404,),
            ),
        )

    def _trunk_endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/trunks",
                summary="Trunks by name",
                run=self.list_trunks,
                right=Right.TRUNK_WRITE,
                query=ListQuery,
                answer=Items[TrunkView],
            ),
            Endpoint(
                method="POST",
                path="/trunks",
                summary="Add a trunk",
                run=self.add_trunk,
                right=Right.TRUNK_WRITE,
                body=TrunkForm,
                answer=TrunkView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path="/trunks/{name}",
                summary="One trunk",
                run=self.show_trunk,
                right=Right.TRUNK_WRITE,
                answer=TrunkView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/trunks/{name}",
                summary="Set fields of a trunk; calls under way keep the old ones",
                run=self.change_trunk,
                right=Right.TRUNK_WRITE,
                body=TrunkChange,
                answer=TrunkView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/trunks/{name}",
                summary="Forget a trunk; calls under way go on",
                run=self.remove_trunk,
                right=Right.TRUNK_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_tenants(self, asked: Asked) -> Items[TenantView]:
        """Customers by id."""
        query: ListQuery = asked.query
        found = await self._store.tenants(query.page)
        return view_items(found, view_tenant)

    async def create_tenant(self, asked: Asked) -> TenantView:
        """Add a customer."""
        return view_tenant(await self._administration.create_tenant(asked.body))

    async def show_tenant(self, asked: Asked) -> TenantView:
        """One customer."""
        tenant = await self._store.tenant(asked.path["tenant_id"])
        if tenant is None:
            raise UnknownRecord(f"there is no tenant {asked.path['tenant_id']}")
        return view_tenant(tenant)

    async def change_tenant(self, asked: Asked) -> TenantView:
        """Rename, freeze or thaw a customer."""
        tenant = await self._administration.change_tenant(asked.path["tenant_id"], asked.body)
        return view_tenant(tenant)

    async def list_applications(self, asked: Asked) -> Items[ApplicationView]:
        """Applications by creation time."""
        query: ApplicationQuery = asked.query
        found = await self._store.applications(query.tenant_id, query.page)
        return view_items(found, view_application)

    async def create_application(self, asked: Asked) -> ApplicationView:
        """Add an application."""
        check_new_application(asked.caller, asked.body)
        application = await self._administration.create_application(asked.body)
        return view_application(application, with_secret=True)

    async def show_application(self, asked: Asked) -> ApplicationView:
        """One application."""
        application = await self._store.application(asked.path["app_key"])
        if application is None:
            raise UnknownRecord(f"there is no application {asked.path['app_key']}")
        return view_application(application)

    async def change_application(self, asked: Asked) -> ApplicationView:
        """Set fields of an application."""
        check_application_change(asked.caller, asked.body)
        changed = await self._administration.change_application(asked.path["app_key"], asked.body)
        return view_application(changed)

    async def renew_secret(self, asked: Asked) -> ApplicationView:
        """Give an application a new secret."""
        application = await self._administration.renew_secret(asked.path["app_key"])
        return view_application(application, with_secret=True)

    async def list_numbers(self, asked: Asked) -> Items[NumberView]:
        """Virtual numbers by number."""
        query: NumberQuery = asked.query
        found = await self._store.numbers(wanted_numbers(asked), query.page)
        return view_items(found, view_number)

    async def count_numbers(self, asked: Asked) -> BoundedCountView:
        """How many virtual numbers there are."""
        return view_count(await self._store.count_numbers_in(wanted_numbers(asked)))

    async def add_numbers(self, asked: Asked) -> NumbersView:
        """Add virtual numbers to an application, all or none."""
        added = await self._administration.add_numbers(asked.body, asked.caller.name)
        return NumbersView(numbers=tuple(view_number(number) for number in added))

    async def show_number(self, asked: Asked) -> NumberView:
        """One virtual number."""
        return view_number(await self._number(asked))

    async def change_number(self, asked: Asked) -> NumberView:
        """Set state, city or switches of a virtual number."""
        check_number_change(asked.caller, await self._number(asked), asked.body)
        changed = await self._administration.change_number(
            asked.path["number"],
            asked.body,
            by_tenant=asked.caller.tenant_id is not None,
            by=asked.caller.name,
        )
        return view_number(changed)

    async def _number(self, asked: Asked) -> VirtualNumber:
        number = await self._store.number(asked.path["number"])
        if number is None:
            raise UnknownRecord(f"there is no virtual number {asked.path['number']}")
        return number

    async def list_trunks(self, asked: Asked) -> Items[TrunkView]:
        """Trunks by name."""
        query: ListQuery = asked.query
        trunks = await self._store.trunks()
        found = page_of(trunks, TRUNKS, lambda trunk: (trunk.name,), query.page)
        return view_items(found, view_trunk)

    async def add_trunk(self, asked: Asked) -> TrunkView:
        """Add a trunk."""
        return view_trunk(await self._administration.add_trunk(asked.body))

    async def show_trunk(self, asked: Asked) -> TrunkView:
        """One trunk."""
        name = asked.path["name"]
        for trunk in await self._store.trunks():
            if trunk.name == name:
                return view_trunk(trunk)
        raise UnknownRecord(f"there is no trunk {name}")

    async def change_trunk(self, asked: Asked) -> TrunkView:
        """Set fields of a trunk."""
        return view_trunk(await self._administration.change_trunk(asked.path["name"], asked.body))

    async def remove_trunk(self, asked: Asked) -> None:
        """Forget a trunk."""
        await self._administration.remove_trunk(asked.path["name"])


def wanted_numbers(asked: Asked) -> NumberFilter:
    """Which virtual numbers a NumberQuery means. Raises InvalidParameter."""
    query: NumberQuery = asked.query
    return NumberFilter(
        app_key=query.app_key,
        app_keys=asked.app_keys,
        state=query.state,
        area_code=query.area_code,
        prefix=read_prefix("prefix", query.prefix),
        may_message=query.may_message,
        is_free=query.is_free,
    )
