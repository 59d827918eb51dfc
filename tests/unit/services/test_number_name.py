from tests.unit.manage.operating import NOW, A, B, Operator, X

from maskline.services.number_name import NumberNames
from maskline.stores.memory import MemoryStore


async def test_a_body_shows_who_is_who_and_nothing_that_somebody_wrote():
    store = MemoryStore()
    await store.open()
    names = NumberNames(store, ("smsContent", "userData"))
    call = Operator(None, store, None, None, {}).call("s1")
    await store.save_call(call.forwarded(NOW), ())
    body = f'{{"callee":"{B}","caller":"{A}","userData": "a \\"b\\"","smsContent":"","x":"{X}"}}'
    shown = '{"callee":"%s","caller":"%s","userData": "{text}","smsContent":"{text}","x":"%s"}'
    assert await names.hide(body, "s1") == shown % ("{B}", "{A}", "{C}")
    assert await names.hide(body, "forgotten") == shown % ("{A}", "{B}", "{C}")
    await store.close()
