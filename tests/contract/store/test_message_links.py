from dataclasses import replace

import pytest

from maskline.domain.error import UnknownRecord
from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import BindKind, DefaultAlphabet, LongMessages, ReceiptIds, SmsLink
from maskline.services.store import Store

PLAIN = SmsLink(name="plain", host="192.0.2.1", system_id="maskline")
FULL = SmsLink(
    name="full",
    host="smsc.example",
    port=3550,
    is_tls=True,
    system_id="masque",
    password="令牌",
    system_type="SMPP",
    bind=BindKind.SEPARATE,
    owns=("+86170", "+86171"),
    prefixes=("+86",),
    priority=3,
    window=8,
    per_s=100,
    enquire_s=10,
    number_format=NumberFormat.NATIONAL,
    ton=1,
    npi=0,
    default_alphabet=DefaultAlphabet.LATIN1,
    sends_latin1=True,
    ucs2_code=24,
    long_messages=LongMessages.SAR,
    receipt_ids=ReceiptIds.HEX,
    is_enabled=False,
)


async def test_links_are_kept_whole_and_listed_by_name(store: Store):
    assert await store.sms_links() == ()
    for link in (PLAIN, FULL):
        await store.save_sms_link(link)
    assert await store.sms_links() == (FULL, PLAIN)


async def test_a_link_is_replaced_by_name(store: Store):
    await store.save_sms_link(PLAIN)
    await store.save_sms_link(replace(PLAIN, host="192.0.2.2"))
    assert await store.sms_links() == (replace(PLAIN, host="192.0.2.2"),)


async def test_a_link_is_forgotten(store: Store):
    await store.save_sms_link(PLAIN)
    await store.remove_sms_link("plain")
    assert await store.sms_links() == ()
    with pytest.raises(UnknownRecord):
        await store.remove_sms_link("plain")
