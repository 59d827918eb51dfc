"""Endpoints of rules that bound how often calls may come."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.call_rule import RELEASES, Counted, FrequencyRule, RuleScope
from maskline.manage.call_block import own_only
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied, view_items
from maskline.services.call_rule_desk import CallRuleDesk
from maskline.services.call_rule_request import FrequencyRuleChange, NewFrequencyRule
from maskline.services.call_rule_store import CallRuleStore, FrequencyRuleFilter

PATH = "/frequency-rules"


class FrequencyRuleQuery(ListQuery, frozen=True, kw_only=True):
    """Frequency rules, newest first; `tenant_id` is whose calls they bound."""

    scope: RuleScope | None = None
    tenant_id: str | None = None


class FrequencyRuleView(Struct, frozen=True, kw_only=True):
    """At most `calls` in any `within_s` seconds, of each that is `counted`; else `release`.

    `scope` says whose calls are meant, with its `tenant_id`, `app_key` or `x`. `by_tenant`: the
    tenant made it, else the platform. `hits` are the calls that it refused.
    """

    rule_id: str
    scope: RuleScope
    tenant_id: str | None
    app_key: str | None
    x: str | None
    counted: Counted
    calls: int
    within_s: int
    release: int
    is_enabled: bool
    note: str
    by_tenant: bool
    created_by: str
    created_at: datetime
    hits: int
    last_hit_at: datetime | None


class FrequencyRuleEndpoints:
    """Acts through the desk."""

    def __init__(self, store: CallRuleStore, desk: CallRuleDesk) -> None:
        self._store = store
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                summary="Frequency rules, newest first",
                run=self.list_frequency_rules,
                right=Right.CALL_RULE_READ,
                query=FrequencyRuleQuery,
                answer=Items[FrequencyRuleView],
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Bound how often calls may come",
                run=self.add_frequency_rule,
                right=Right.CALL_RULE_WRITE,
                body=NewFrequencyRule,
                answer=FrequencyRuleView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/{{rule_id}}",
                summary="One frequency rule",
                run=self.show_frequency_rule,
                right=Right.CALL_RULE_READ,
                answer=FrequencyRuleView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path=f"{PATH}/{{rule_id}}",
                summary="Set the figures of a frequency rule, or whether it counts",
                run=self.change_frequency_rule,
                right=Right.CALL_RULE_WRITE,
                body=FrequencyRuleChange,
                answer=FrequencyRuleView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/{{rule_id}}",
                summary="End a frequency rule",
                run=self.end_frequency_rule,
                right=Right.CALL_RULE_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_frequency_rules(self, asked: Asked) -> Items[FrequencyRuleView]:
        """Frequency rules."""
        query: FrequencyRuleQuery = asked.query
        wanted = FrequencyRuleFilter(
            scope=query.scope, tenant_id=query.tenant_id, by_tenant=own_only(asked.caller)
        )
        return view_items(await self._store.frequency_rules(wanted, query.page), _view)

    async def add_frequency_rule(self, asked: Asked) -> FrequencyRuleView:
        """Bound how often calls may come."""
        return _view(await self._desk.bound(asked.body, asked.caller))

    async def show_frequency_rule(self, asked: Asked) -> FrequencyRuleView:
        """One frequency rule."""
        return _view(await self._desk.find_rule(asked.path["rule_id"], asked.caller))

    async def change_frequency_rule(self, asked: Asked) -> FrequencyRuleView:
        """Set its figures, or whether it counts."""
        rule_id = asked.path["rule_id"]
        return _view(await self._desk.change_rule(rule_id, asked.body, asked.caller))

    async def end_frequency_rule(self, asked: Asked) -> None:
        """End a frequency rule."""
        await self._desk.end_rule(asked.path["rule_id"], asked.caller)


def _view(rule: FrequencyRule) -> FrequencyRuleView:
    place = rule.place
    return copied(
        FrequencyRuleView,
        rule,
        scope=place.scope,
        tenant_id=place.tenant_id or None,
        app_key=place.app_key or None,
        x=place.x or None,
        release=int(RELEASES[rule.counted]),
    )
