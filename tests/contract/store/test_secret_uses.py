from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.application_secret import SecretUse
from maskline.services.store import Store


async def test_the_latest_use_of_each_secret_is_kept(store: Store, make: Make):
    first = SecretUse(app_key=make.app_key, secret_id="a", used_at=make.now, address="192.0.2.1")
    later = replace(first, used_at=make.after(5), address="2001:db8::1")
    other = replace(first, secret_id="b")
    await store.save_secret_uses([other, first])
    await store.save_secret_uses([later])
    await store.save_secret_uses([first])
    assert await store.secret_uses(make.app_key) == (later, other)
    assert await store.secret_uses("nobody") == ()


async def test_a_use_is_forgotten_with_its_secret(store: Store, make: Make):
    use = SecretUse(app_key=make.app_key, secret_id="a", used_at=make.now, address="192.0.2.1")
    await store.save_secret_uses([use])
    await store.forget_secret_use(make.app_key, "a")
    await store.forget_secret_use(make.app_key, "a")
    assert await store.secret_uses(make.app_key) == ()
