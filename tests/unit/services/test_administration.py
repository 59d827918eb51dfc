import asyncio
from datetime import UTC, datetime

import pytest

from maskline.domain.application import (
    Application,
    ApplicationPrompts,
    ApplicationState,
    Mode,
)
from maskline.domain.error import (
    DuplicateRecord,
    InvalidParameter,
    StoreFailed,
    TenantFull,
    UnknownRecord,
)
from maskline.domain.trunk import Trunk
from maskline.services.administration import DEFAULT_TENANT, Administration
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NewTenant,
    PromptChoice,
    TenantChange,
    TrunkChange,
    TrunkForm,
)
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.prompt import FixedPrompts
from maskline.services.store import Page
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Cache:
    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def forget_application(self, app_key: str) -> None:
        self.forgotten.append(app_key)

    def forget_tenant(self, tenant_id: str) -> None:
        self.forgotten.append(tenant_id)

    def forget_trunks(self) -> None:
        self.forgotten.append("trunks")


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def administration(store: MemoryStore, cache: Cache) -> Administration:
    return Administration(store, cache, SteppedClock(NOW), CountedIds(), max_numbers=3)


async def _app(administration: Administration, **fields: object) -> str:
    made = await administration.create_application(
        NewApplication(**{"name": "shop", "mode": Mode.AXB} | fields)
    )
    return made.app_key


def _numbers(app_key: str, *numbers: str, area_code: str = "0755") -> NewNumbers:
    entries = tuple(NewNumber(number=number, area_code=area_code) for number in numbers)
    return NewNumbers(app_key=app_key, numbers=entries)


async def test_the_first_application_makes_the_default_tenant_once(
    administration: Administration, store: MemoryStore
):
    await _app(administration)
    await _app(administration, name="second")
    tenants = await store.tenants(Page())
    assert [tenant.tenant_id for tenant in tenants.rows] == [DEFAULT_TENANT]


async def test_key_and_secret_have_the_length_of_the_interface(administration: Administration):
    made = await administration.create_application(NewApplication(name="n", mode=Mode.AXB))
    assert len(made.app_key) == 28
    assert made.app_key.isalnum()
    assert len(made.secret) == 36
    assert made.created_at == NOW


@pytest.mark.parametrize("name", ["a b", "shop-1", "", "x" * 65, "店 "])
async def test_a_name_has_chinese_letters_digits_and_underscores(
    administration: Administration, name: str
):
    with pytest.raises(InvalidParameter) as caught:
        await _app(administration, name=name)
    assert caught.value.parameter == "name"
    assert await _app(administration, name="网约车_1")


async def test_two_applications_of_a_tenant_have_two_names(administration: Administration):
    await _app(administration, name="taken")
    app_key = await _app(administration)
    with pytest.raises(DuplicateRecord):
        await _app(administration, name="taken")
    with pytest.raises(DuplicateRecord):
        await administration.change_application(app_key, ApplicationChange(name="taken"))
    await administration.change_application(app_key, ApplicationChange(name="shop"))
    await administration.create_tenant(NewTenant(name="other", tenant_id="other"))
    assert await _app(administration, name="taken", tenant_id="other")


async def test_a_tenant_has_five_applications_until_that_is_raised(administration: Administration):
    for number in range(5):
        await _app(administration, name=f"n{number}")
    with pytest.raises(TenantFull, match="max_applications"):
        await _app(administration)
    await administration.change_tenant(DEFAULT_TENANT, TenantChange(max_applications=6))
    assert await _app(administration)


async def test_labels_are_set_one_by_one_and_removed(administration: Administration):
    app_key = await _app(administration, labels={"team": "a", "环境": "test"})
    change = ApplicationChange(labels={"team": "b", "环境": None, "cost-centre": "7:1"})
    changed = await administration.change_application(app_key, change)
    assert changed.labels == {"team": "b", "cost-centre": "7:1"}
    for wrong in ({"a b": "1"}, {"a": "<"}, {"": "x"}, dict.fromkeys("abcdefghi", "1")):
        with pytest.raises(InvalidParameter) as caught:
            await administration.change_application(app_key, ApplicationChange(labels=wrong))
        assert caught.value.parameter == "labels"


@pytest.mark.parametrize("mode", list(Mode))
async def test_an_application_has_any_mode(administration: Administration, mode: Mode):
    url = "https://customer.example/status"
    made = await administration.create_application(
        NewApplication(name="shop", mode=mode, status_url=url)
    )
    assert made.mode is mode


async def test_a_receiver_may_be_a_subject_of_nats_where_a_server_is_set(
    store: MemoryStore, cache: Cache
):
    with_nats = Administration(store, cache, SteppedClock(NOW), CountedIds(), has_nats=True)
    urls = dict.fromkeys(("status_url", "cdr_url", "sms_url", "number_state_url"), "nats:")
    assert await _app(with_nats, **urls)
    for fields in ({"sms_control_url": "nats:"}, {"status_url": "nats:other"}, {"mode": Mode.X}):
        with pytest.raises(InvalidParameter):
            await _app(with_nats, **{"status_url": "nats:", **fields})
    without = Administration(store, cache, SteppedClock(NOW), CountedIds())
    with pytest.raises(InvalidParameter, match=r"\[nats\] url"):
        await _app(without, status_url="nats:")


@pytest.mark.parametrize("url", [None, ""])
async def test_in_mode_x_the_status_url_cannot_be_done_without(
    administration: Administration, url: str | None
):
    with pytest.raises(InvalidParameter, match="status_url"):
        await _app(administration, mode=Mode.X, status_url=url)
    app_key = await _app(administration, mode=Mode.X, status_url="https://customer.example/status")
    with pytest.raises(InvalidParameter, match="status_url"):
        await administration.change_application(app_key, ApplicationChange(status_url=url))


async def test_an_application_of_an_unknown_tenant_is_refused(administration: Administration):
    with pytest.raises(InvalidParameter, match="no tenant nope"):
        await _app(administration, tenant_id="nope")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://shop.example/", "http:// or https://"),
        ("https:///path", "name a host"),
        ("https://user:pass@shop.example/", "user or password"),
        ("https://shop.example/#top", "fragment"),
        ("https://shop.example/a b", "blanks"),
        ("https://shop.example/\r\nX: y", "blanks"),
        ("https://shop.example:99999/", "is no URL"),
        ("https://[::1/", "is no URL"),
        ("http://shop.example:0/", "port 0"),
        ("http://127.0.0.1:8080/", "private or loopback"),
        ("http://10.1.2.3/", "private or loopback"),
        ("http://169.254.169.254/latest", "private or loopback"),
        ("http://[fd00::1]/", "private or loopback"),
        ("http://localhost/", "private or loopback"),
    ],
)
async def test_a_receiver_that_must_not_be_pushed_to_is_refused(
    administration: Administration, url: str, reason: str
):
    with pytest.raises(InvalidParameter, match=reason) as caught:
        await _app(administration, cdr_url=url)
    assert caught.value.parameter == "cdr_url"


@pytest.mark.parametrize(
    "url", ["https://shop.example/cdr?a=b", "http://8.8.8.8:8080", "https://推送.example/"]
)
async def test_receivers_on_the_internet_are_accepted(administration: Administration, url: str):
    assert await _app(administration, status_url=url)


async def test_the_demo_may_push_to_loopback(store: MemoryStore, cache: Cache):
    demo = Administration(store, cache, SteppedClock(NOW), CountedIds(), allow_private=True)
    assert await _app(demo, status_url="http://127.0.0.1:5170/status")


async def test_a_change_is_checked_kept_and_told_to_the_cache(
    administration: Administration, store: MemoryStore, cache: Cache
):
    app_key = await _app(administration, status_url="https://shop.example/")
    with pytest.raises(InvalidParameter):
        await administration.change_application(
            app_key, ApplicationChange(allowed_addresses=("10.0.0.1/8",))
        )
    changed = await administration.change_application(
        app_key, ApplicationChange(state=ApplicationState.SUSPENDED, status_url=None)
    )
    assert await store.application(app_key) == changed
    assert (changed.state, changed.status_url) == (ApplicationState.SUSPENDED, None)
    assert cache.forgotten == [app_key]


async def test_a_new_secret_replaces_the_old_one(
    administration: Administration, store: MemoryStore, cache: Cache
):
    app_key = await _app(administration)
    before = await store.application(app_key)
    after = await administration.renew_secret(app_key)
    assert before is not None
    assert after.secret != before.secret
    assert await store.application(app_key) == after
    assert cache.forgotten == [app_key]


@pytest.mark.parametrize(
    ("number", "area_code", "field"),
    [
        ("17010000001", "0755", "numbers[0].number"),
        ("+0861701", "0755", "numbers[0].number"),
        ("", "0755", "numbers[0].number"),
        ("+8617010000001", "755", "numbers[0].area_code"),
        ("+8617010000001", "07555", "numbers[0].area_code"),
    ],
)
async def test_numbers_and_cities_have_their_form(
    administration: Administration, number: str, area_code: str, field: str
):
    app_key = await _app(administration)
    with pytest.raises(InvalidParameter) as caught:
        await administration.add_numbers(_numbers(app_key, number, area_code=area_code))
    assert caught.value.parameter == field


async def test_a_number_in_national_form_gets_its_global_form_suggested(
    administration: Administration,
):
    app_key = await _app(administration)
    with pytest.raises(InvalidParameter, match=r"did you mean \+8617010000001\?"):
        await administration.add_numbers(_numbers(app_key, "17010000001"))


async def test_virtual_numbers_may_be_longer_than_e164(administration: Administration):
    app_key = await _app(administration)
    added = await administration.add_numbers(_numbers(app_key, "+86700123456789012"))
    assert added[0].number == "+86700123456789012"


async def test_numbers_of_one_request_are_distinct_and_bounded(administration: Administration):
    app_key = await _app(administration)
    first, second, third, fourth = (f"+861701000000{digit}" for digit in range(4))
    with pytest.raises(InvalidParameter, match="named twice"):
        await administration.add_numbers(_numbers(app_key, first, first))
    with pytest.raises(InvalidParameter, match="at most 3"):
        await administration.add_numbers(_numbers(app_key, first, second, third, fourth))
    await administration.add_numbers(_numbers(app_key, first))
    with pytest.raises(DuplicateRecord):
        await administration.add_numbers(_numbers(app_key, second, first))


async def test_numbers_of_an_unknown_application_are_refused(administration: Administration):
    with pytest.raises(InvalidParameter, match="no application nope"):
        await administration.add_numbers(_numbers("nope", "+8617010000001"))


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"name": "a b"}, "name"),
        ({"host": "no host"}, "host"),
        ({"host": "192.0.2.300"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"prefixes": ("8613",)}, "prefixes"),
        ({"inbound_from": ("192.0.2.1/24",)}, "inbound_from"),
        ({"outbound_add": "0" * 17}, "outbound_add"),
        ({"inbound_strip": "abc"}, "inbound_strip"),
        ({"password": "p"}, "username"),
        ({"outbound_proxy": "10.0.0.5:"}, "outbound_proxy"),
        ({"outbound_proxy": "10.0.0.300"}, "outbound_proxy"),
        ({"outbound_proxy": "10.0.0.5:70000"}, "outbound_proxy"),
    ],
)
async def test_a_wrong_trunk_names_its_field(
    administration: Administration, fields: dict, parameter: str
):
    with pytest.raises(InvalidParameter) as caught:
        await administration.add_trunk(TrunkForm(**{"name": "t", "host": "192.0.2.1", **fields}))
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "sip.carrier.example", "carrier-1"])
async def test_trunks_are_named_by_address_or_name(administration: Administration, host: str):
    assert (await administration.add_trunk(TrunkForm(name="t", host=host))).host == host


async def test_trunk_changes_are_told_to_the_cache(administration: Administration, cache: Cache):
    await administration.add_trunk(TrunkForm(name="t", host="192.0.2.1"))
    changed = await administration.change_trunk("t", TrunkChange(max_calls=5))
    assert (changed.host, changed.max_calls) == ("192.0.2.1", 5)
    await administration.remove_trunk("t")
    assert cache.forgotten == ["trunks"] * 3
    with pytest.raises(UnknownRecord):
        await administration.change_trunk("t", TrunkChange(max_calls=5))


async def test_a_tenant_id_is_made_up_or_checked(administration: Administration, cache: Cache):
    made = await administration.create_tenant(NewTenant(name="n"))
    assert made.tenant_id
    with pytest.raises(InvalidParameter):
        await administration.create_tenant(NewTenant(name="n", tenant_id="a/b"))
    await administration.change_tenant(made.tenant_id, TenantChange(name="m"))
    assert cache.forgotten == [made.tenant_id]
    with pytest.raises(UnknownRecord):
        await administration.change_tenant("nope", TenantChange(name="m"))


class SlowStore(MemoryStore):
    """Takes its time to commit, as a disk does."""

    async def save_application(self, application: Application) -> None:
        await asyncio.sleep(0)
        await super().save_application(application)

    async def save_trunk(self, trunk: Trunk) -> None:
        await asyncio.sleep(0)
        await super().save_trunk(trunk)


async def test_a_change_beside_a_renewal_does_not_bring_the_old_secret_back(cache: Cache):
    store = SlowStore()
    administration = Administration(store, cache, SteppedClock(NOW), CountedIds())
    app_key = await _app(administration)
    renewed, _ = await asyncio.gather(
        administration.renew_secret(app_key),
        administration.change_application(app_key, ApplicationChange(name="market")),
    )
    kept = await store.application(app_key)
    assert kept is not None
    assert (kept.secret, kept.name) == (renewed.secret, "market")


async def test_of_two_trunks_of_one_name_only_the_first_is_added(cache: Cache):
    administration = Administration(SlowStore(), cache, SteppedClock(NOW), CountedIds())
    _, second = await asyncio.gather(
        administration.add_trunk(TrunkForm(name="carrier", host="192.0.2.1")),
        administration.add_trunk(TrunkForm(name="carrier", host="192.0.2.2")),
        return_exceptions=True,
    )
    assert isinstance(second, DuplicateRecord)


async def test_recordings_of_new_tenants_are_kept_as_long_as_the_settings_say(
    store: MemoryStore, cache: Cache
):
    administration = Administration(
        store, cache, SteppedClock(NOW), CountedIds(), retention_days=30
    )
    plain = await administration.create_tenant(NewTenant(name="a"))
    longer = await administration.create_tenant(NewTenant(name="b", recording_retention_days=365))
    await _app(administration)
    default = await store.tenant(DEFAULT_TENANT)
    assert default is not None
    days = [one.recording_retention_days for one in (plain, longer, default)]
    assert days == [30, 365, 30]
    changed = await administration.change_tenant(
        plain.tenant_id, TenantChange(recording_retention_days=90)
    )
    assert (changed.recording_retention_days, changed.name) == (90, "a")


async def test_an_application_plays_only_what_was_approved(store: MemoryStore, cache: Cache):
    ids = CountedIds()
    app_key = await _app(Administration(store, cache, SteppedClock(NOW), ids))
    known = FixedPrompts([(app_key, "none.wav"), (app_key, "wait.wav")])
    administration = Administration(store, cache, SteppedClock(NOW), ids, prompts=known)

    async def play(**names: str | None) -> ApplicationPrompts:
        change = ApplicationChange(prompts=PromptChoice(**names))
        return (await administration.change_application(app_key, change)).prompts

    assert await play(no_binding="none.wav") == ApplicationPrompts(no_binding="none.wav")
    both = ApplicationPrompts(no_binding="none.wav", waiting_tone="wait.wav")
    assert await play(waiting_tone="wait.wav") == both
    with pytest.raises(InvalidParameter) as refused:
        await play(no_binding=None, no_permission="lost.wav")
    assert refused.value.parameter == "prompts.no_permission"
    await administration.change_application(app_key, ApplicationChange(name="other"))
    found = await store.application(app_key)
    assert found is not None
    assert found.prompts == both
    assert await play(no_binding=None) == ApplicationPrompts(waiting_tone="wait.wav")


async def test_a_new_application_may_name_prompts_too(store: MemoryStore, cache: Cache):
    administration = Administration(store, cache, SteppedClock(NOW), CountedIds())
    with pytest.raises(InvalidParameter, match=r"prompts\.no_binding"):
        await _app(administration, prompts=PromptChoice(no_binding="lost.wav"))
    assert len((await store.applications(None, Page())).rows) == 0


async def test_what_a_failing_store_may_have_written_is_read_anew(
    administration: Administration,
    store: MemoryStore,
    cache: Cache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application = await administration.create_application(NewApplication(name="n", mode=Mode.AXB))
    save = store.save_application

    async def breaking(changed: Application) -> None:
        await save(changed)
        raise StoreFailed("the answer was lost")

    monkeypatch.setattr(store, "save_application", breaking)
    with pytest.raises(StoreFailed):
        await administration.change_application(
            application.app_key, ApplicationChange(state=ApplicationState.SUSPENDED)
        )
    assert cache.forgotten == [application.app_key]
