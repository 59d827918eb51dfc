"""The message tables (`spec/common.md` 5, `spec/codes.md` 9), one row one test."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.domain.application import (
    Application,
    ApplicationState,
    Mode,
    Tenant,
    TenantState,
)
from maskline.domain.binding import AxbBinding, AxBinding, CallDirection, Role
from maskline.domain.message import SendResult, Standing
from maskline.domain.message_rule import MessageRules
from maskline.domain.message_table import (
    MESSAGE_TABLES,
    Forward,
    MessageSituation,
    Reject,
    address,
    decide_message,
    reply_tag_of,
)
from maskline.domain.plan import AskCustomer
from maskline.domain.route import RouteFound
from maskline.domain.use_limit import UseLimits
from maskline.domain.virtual_number import NumberState, VirtualNumber

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
LANDLINE = "+8675528000001"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)
AX = AxBinding(binding_id="b1", app_key="k", x=X, a=A, created_at=NOW, modified_at=NOW)
AXB = AxbBinding(binding_id="b1", app_key="k", x=X, a=A, b=B, created_at=NOW, modified_at=NOW)
BINDINGS = {Mode.AX: AX, Mode.AXB: AXB}
SUPPORTED = (Mode.AX, Mode.AXB, Mode.X)
BOUND = (Mode.AX, Mode.AXB)


def application(mode, **changes):
    rules = MessageRules(**changes.pop("rules", {}))
    fields = {"may_message": True, "sms_control_url": "http://c.example/", "messages": rules}
    return Application(
        app_key="k",
        tenant_id="t",
        name="n",
        mode=mode,
        secret="s",
        created_at=NOW,
        **fields | changes,
    )


def found(mode, sender, binding="its own", number=NUMBER):
    if binding == "its own":
        binding = BINDINGS.get(mode)
    role = None if binding is None else Role.A if sender == binding.a else Role.B
    return RouteFound(number=number, binding=binding, role=role)


def plan(
    mode,
    sender=B,
    text="hello",
    *,
    binding="its own",
    number=NUMBER,
    tenant=TENANT,
    standing=None,
    is_registered=True,
    is_within_rates=lambda: True,
    tagged=None,
    is_spent=False,
    platform_words=(),
    **changes,
):
    owner, route = application(mode, **changes), found(mode, sender, binding, number)
    situation = MessageSituation(
        route=route,
        caller=sender,
        application=owner,
        tenant=tenant,
        now=NOW,
        is_registered=is_registered,
        text=text,
        standing=standing or Standing(),
        addressed=address(owner, route, sender, text, tagged),
        is_within_rates=is_within_rates,
        is_spent=is_spent,
        platform_words=platform_words,
    )
    return decide_message(situation)


def rejected(mode, **situation):
    outcome = plan(mode, **situation)
    assert isinstance(outcome, Reject)
    return outcome.result


def passes(mode, **situation):
    return not isinstance(plan(mode, **situation), Reject)


@pytest.mark.parametrize("mode", [Mode.AXE, Mode.AXYB])
def test_the_mode_has_no_messages(mode):
    assert rejected(mode) == SendResult.NO_MESSAGE_ABILITY


@pytest.mark.parametrize("mode", SUPPORTED)
class TestRowsOfEveryMode:
    def test_the_tenant_is_frozen(self, mode):
        frozen = replace(TENANT, state=TenantState.FROZEN)
        assert rejected(mode, tenant=frozen) == SendResult.ACCOUNT_FROZEN

    def test_the_application_is_suspended(self, mode):
        result = rejected(mode, state=ApplicationState.SUSPENDED)
        assert result == SendResult.NOT_COMMERCIAL

    def test_tenant_or_application_has_no_messages(self, mode):
        assert rejected(mode, may_message=False) == SendResult.NO_MESSAGE_ABILITY
        without = replace(TENANT, may_message=False)
        assert rejected(mode, tenant=without) == SendResult.NO_MESSAGE_ABILITY

    @pytest.mark.parametrize(
        "state",
        [
            NumberState.PAUSED,
            NumberState.UNAVAILABLE,
            NumberState.IN_TRANSFER,
            NumberState.AWAITING_REAL_NAME,
            NumberState.RETURNED,
        ],
    )
    def test_x_is_paused_or_unavailable(self, mode, state):
        number = replace(NUMBER, state=state)
        assert rejected(mode, number=number) == SendResult.NUMBER_SUSPENDED

    def test_x_is_blacklisted(self, mode):
        number = replace(NUMBER, state=NumberState.BLACKLISTED)
        assert rejected(mode, number=number) == SendResult.BLOCKED

    def test_x_whose_bindings_are_frozen_goes_on(self, mode):
        assert passes(mode, number=replace(NUMBER, state=NumberState.BINDING_FROZEN))

    def test_x_has_no_messages(self, mode):
        number = replace(NUMBER, may_message=False)
        assert rejected(mode, number=number) == SendResult.NO_MESSAGE_ABILITY

    @pytest.mark.parametrize("sender", [LANDLINE, "+8610086", "+85212345678"])
    def test_the_sender_is_not_mobile(self, mode, sender):
        assert rejected(mode, sender=sender) == SendResult.BLOCKED

    def test_the_sender_is_blocked(self, mode):
        assert rejected(mode, standing=Standing(is_blocked=True)) == SendResult.BLOCKED

    def test_messages_come_too_fast(self, mode):
        assert rejected(mode, is_within_rates=lambda: False) == SendResult.BLOCKED

    def test_the_quota_of_the_day_is_used_up(self, mode):
        quota = {"parts_per_day": 10}
        assert passes(mode, rules=quota, standing=Standing(today=9))
        used_up = rejected(mode, rules=quota, standing=Standing(today=10))
        assert used_up == SendResult.BLOCKED
        assert passes(mode, standing=Standing(today=10))

    def test_a_required_word_is_missing(self, mode):
        rules = {"required_words": ("order", "包裹")}
        assert rejected(mode, rules=rules) == SendResult.REQUIRED_WORD_MISSING
        assert passes(mode, rules=rules, text="your ORDER")

    def test_it_has_a_forbidden_word(self, mode):
        rules = {"forbidden_words": ("loan",)}
        assert rejected(mode, rules=rules, text="a Loan!") == SendResult.FORBIDDEN_WORD
        assert passes(mode, rules=rules)

    def test_it_has_a_word_that_the_platform_forbids(self, mode):
        assert rejected(mode, text="a Loan!", platform_words=("loan",)) == SendResult.FORBIDDEN_WORD
        assert passes(mode, platform_words=("loan",))

    def test_the_limit_of_the_day_is_spent(self, mode):
        assert rejected(mode, is_spent=True) == SendResult.ACCOUNT_FROZEN

    def test_a_message_that_does_not_pass_is_not_counted(self, mode):
        counted = []
        for situation in ({"may_message": False}, {"standing": Standing(is_blocked=True)}):
            rejected(mode, is_within_rates=lambda: counted.append(1), **situation)
        assert counted == []


@pytest.mark.parametrize("mode", BOUND)
class TestRowsOfBindings:
    def test_there_is_no_binding(self, mode):
        assert rejected(mode, binding=None) == SendResult.NO_BINDING
        expired = replace(BINDINGS[mode], expires_at=NOW)
        assert rejected(mode, binding=expired) == SendResult.NO_BINDING

    def test_the_binding_has_no_messages(self, mode):
        for may_message, is_told in ((None, True), (True, True), (False, False)):
            binding = replace(BINDINGS[mode], may_message=may_message)
            assert passes(mode, binding=binding) == is_told
        assert rejected(mode, binding=binding) == SendResult.NO_MESSAGE_ABILITY

    def test_a_is_not_registered(self, mode):
        assert rejected(mode, is_registered=False) == SendResult.BLOCKED

    @pytest.mark.parametrize("direction", CallDirection)
    @pytest.mark.parametrize("sender", [A, B])
    def test_the_direction_of_calls_does_not_matter(self, mode, direction, sender):
        assert passes(mode, sender=sender, binding=replace(BINDINGS[mode], direction=direction))

    def test_the_receiver_is_not_mobile(self, mode):
        binding = replace(BINDINGS[mode], a=LANDLINE)
        assert rejected(mode, binding=binding) == SendResult.BLOCKED

    def test_it_goes_from_x_to_x(self, mode):
        assert rejected(mode, standing=Standing(is_between_ours=True)) == SendResult.BLOCKED

    def test_the_receiver_has_opted_out(self, mode):
        assert rejected(mode, standing=Standing(has_opted_out=True)) == SendResult.BLOCKED


def test_ax_the_binding_is_switched_off():
    assert rejected(Mode.AX, binding=replace(AX, is_on=False)) == SendResult.NO_BINDING
    assert passes(Mode.AX, binding=replace(AX, is_on=True))


def test_axb_either_party_writes_to_the_other_unchanged():
    assert plan(Mode.AXB, A, "hi@13900004004") == Forward(receiver=B, text="hi@13900004004")
    assert plan(Mode.AXB, B) == Forward(receiver=A, text="hello")


def test_ax_others_write_to_a_who_sees_their_number():
    assert plan(Mode.AX, B) == Forward(receiver=A, text="hello[From+8613900003003]")


def test_ax_others_write_to_a_who_sees_a_tag_where_the_application_wants_that():
    forward = plan(Mode.AX, B, rules={"reply_tags": True})
    assert forward == Forward(receiver=A, text="hello", shows_tag=True)


@pytest.mark.parametrize("suffix", ["@13900003003", "@+8613900003003"])
def test_ax_a_writes_to_the_number_at_the_end(suffix):
    assert plan(Mode.AX, A, f"hello{suffix}") == Forward(receiver=B, text="hello")
    with_tags = plan(Mode.AX, A, f"hello{suffix}", rules={"reply_tags": True})
    assert with_tags == Forward(receiver=B, text="hello")


@pytest.mark.parametrize("text", ["hello", f"hello@{A}", f"hello@{X}", "hello@#7", "hello@12"])
def test_ax_a_who_does_not_say_to_whom_has_the_customer_decide(text):
    assert plan(Mode.AX, A, text) == AskCustomer()
    assert rejected(Mode.AX, sender=A, text=text, sms_control_url=None) == SendResult.NO_DECISION


def test_ax_a_answers_by_a_reply_tag():
    tags = {"reply_tags": True}
    assert plan(Mode.AX, A, "hello@#7", rules=tags, tagged=C) == Forward(receiver=C, text="hello")
    assert plan(Mode.AX, A, "hello@#7", rules=tags) == AskCustomer()


def test_ax_a_reply_tag_is_looked_for_only_in_what_a_writes_where_tags_are_used():
    tags, route_a, route_b = {"reply_tags": True}, found(Mode.AX, A), found(Mode.AX, B)
    assert reply_tag_of(application(Mode.AX, rules=tags), route_a, "hello@#7") == 7
    assert reply_tag_of(application(Mode.AX, rules=tags), route_a, "hello@7") is None
    assert reply_tag_of(application(Mode.AX, rules=tags), route_b, "hello@#7") is None
    assert reply_tag_of(application(Mode.AX), route_a, "hello@#7") is None


def test_x_the_customer_decides_about_every_message():
    assert plan(Mode.X, A, f"hello@{B}") == AskCustomer()
    assert rejected(Mode.X, sms_control_url=None) == SendResult.NO_DECISION


def test_every_table_has_a_row_for_everything_and_no_name_twice():
    for table in MESSAGE_TABLES.values():
        names = [row.name for row in table]
        assert len(set(names)) == len(names)
    assert MESSAGE_TABLES.keys() == set(Mode)


def test_of_several_reasons_the_first_of_the_table_is_told():
    """The message of each step has the faults of all later ones too."""
    faults = {
        "tenant": replace(TENANT, state=TenantState.FROZEN),
        "state": ApplicationState.SUSPENDED,
        "may_message": False,
        "number": replace(NUMBER, state=NumberState.PAUSED, may_message=False),
        "sender": LANDLINE,
        "standing": Standing(is_blocked=True, has_opted_out=True, today=1),
        "binding": None,
        "is_registered": False,
        "is_within_rates": lambda: False,
        "rules": {"parts_per_day": 1, "required_words": ("x",), "forbidden_words": ("loan",)},
        "text": "loan",
    }
    mended = [
        {},
        {"tenant": TENANT},
        {"state": ApplicationState.NORMAL},
        {"may_message": True},
        {"number": replace(NUMBER, state=NumberState.BLACKLISTED, may_message=False)},
        {"number": replace(NUMBER, may_message=False)},
        {"number": NUMBER},
        {"sender": A, "standing": Standing(has_opted_out=True, is_between_ours=True)},
        {"binding": replace(AX, is_on=False, may_message=False)},
        {"binding": replace(AX, may_message=False)},
        {"binding": AX},
        {"is_registered": True, "is_within_rates": lambda: True},
        {"text": "x loan"},
        {"text": "x loan", "rules": {}, "sms_control_url": None},
        {"text": f"x@{LANDLINE}@13900003003"},
        {"standing": Standing(has_opted_out=True)},
        {"standing": Standing()},
    ]
    results = []
    for step in mended:
        faults |= step
        outcome = plan(Mode.AX, **faults)
        results.append(outcome.result if isinstance(outcome, Reject) else outcome)

    assert results[:-1] == [1, 4, 11, 3, 8, 11, 8, 2, 2, 11, 8, 12, 13, 7, 8, 8]
    assert results[-1] == Forward(receiver=B, text=f"x@{LANDLINE}")


@pytest.mark.parametrize("mode", [Mode.AX, Mode.AXB])
def test_the_receiver_is_out_of_reach(mode):
    limits = UseLimits(destinations=("+8610",))
    assert rejected(mode, limits=limits) == SendResult.BLOCKED
    assert rejected(mode, tenant=replace(TENANT, limits=limits)) == SendResult.BLOCKED
    assert passes(mode, limits=UseLimits(destinations=("+8610", "+8613")))
