import pytest

from maskline.domain.error import StoreFailed, UnknownRecord
from maskline.stores import sealing
from maskline.stores.keys import FixedKeys
from maskline.stores.sealing import Cipher, Sealer

KEY = bytes(range(32))


class Tenants:
    """Wrapped keys of two applications of one tenant and one of another; counts the reads."""

    def __init__(self) -> None:
        self.reads = 0
        self.rows: dict[str, tuple[str, bytes]] = {}
        self.sealer = Sealer(FixedKeys(), self.wrapped_key, self.tenant_key)
        one, two = self.sealer.new_data_key("t1"), self.sealer.new_data_key("t2")
        self.rows = {"a": ("t1", one), "b": ("t1", one), "c": ("t2", two)}

    def wrapped_key(self, app_key: str) -> tuple[str, bytes] | None:
        self.reads += 1
        return self.rows.get(app_key)

    def tenant_key(self, tenant_id: str) -> bytes | None:
        self.reads += 1
        return dict(self.rows.values()).get(tenant_id)


@pytest.mark.parametrize("plain", [b"", b"x", b"y" * 5000])
def test_what_is_sealed_opens_and_never_looks_the_same(plain: bytes):
    cipher = Cipher(KEY)
    first, second = cipher.seal(plain, b"here"), cipher.seal(plain, b"here")
    assert first != second
    assert cipher.open(first, b"here") == cipher.open(second, b"here") == plain
    assert len(first) == len(plain) + 37


@pytest.mark.parametrize("position", [0, 1, 8, 9, 20, 21, 30, -1])
def test_any_changed_byte_is_noticed(position: int):
    cipher = Cipher(KEY)
    blob = bytearray(cipher.seal(b"plain text", b"here"))
    blob[position] ^= 1
    with pytest.raises(StoreFailed):
        cipher.open(bytes(blob), b"here")


@pytest.mark.parametrize("length", [0, 1, 9, 21, 36])
def test_a_cut_blob_is_noticed(length: int):
    cipher = Cipher(KEY)
    with pytest.raises(StoreFailed):
        cipher.open(cipher.seal(b"plain", b"here")[:length], b"here")


def test_a_blob_opens_only_in_its_place_and_with_its_key():
    blob = Cipher(KEY).seal(b"plain", b"binding:1")
    assert Cipher(KEY).open(blob, b"binding:1") == b"plain"
    with pytest.raises(StoreFailed):
        Cipher(KEY).open(blob, b"binding:2")
    with pytest.raises(StoreFailed):
        Cipher(bytes(32)).open(blob, b"binding:1")


def test_a_cipher_moves_to_a_fresh_sub_key_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "SEALS_PER_EPOCH", 3)
    monkeypatch.setattr(sealing, "OPENED_EPOCHS", 2)
    cipher = Cipher(KEY)
    blobs = [cipher.seal(b"%d" % index, b"") for index in range(10)]
    assert len({blob[1:9] for blob in blobs}) == 4
    assert [cipher.open(blob, b"") for blob in blobs] == [b"%d" % index for index in range(10)]
    assert len(cipher._opened) == 2


def test_applications_of_one_tenant_share_its_key_and_no_others():
    sealer = Tenants().sealer
    blob = sealer.seal("a", b"plain", b"")
    assert sealer.open("b", blob, b"") == b"plain"
    with pytest.raises(StoreFailed):
        sealer.open("c", blob, b"")


def test_what_is_sealed_for_a_tenant_opens_for_it_alone():
    sealer = Tenants().sealer
    blob = sealer.seal_for_tenant("t1", b"plain", b"here")
    assert sealer.open_for_tenant("t1", blob, b"here") == b"plain"
    assert sealer.open("a", blob, b"here") == b"plain"
    for tenant_id, context in (("t2", b"here"), ("t1", b"there")):
        with pytest.raises(StoreFailed):
            sealer.open_for_tenant(tenant_id, blob, context)
    with pytest.raises(UnknownRecord):
        sealer.seal_for_tenant("nobody", b"plain", b"here")


def test_keys_of_tenants_are_read_once_and_the_memory_of_them_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sealing, "CACHED_TENANTS", 1)
    tenants = Tenants()
    for _ in range(5):
        tenants.sealer.seal_for_tenant("t1", b"", b"")
    assert tenants.reads == 1
    blob = tenants.sealer.seal_for_tenant("t2", b"", b"")
    tenants.sealer.seal_for_tenant("t1", b"", b"")
    assert tenants.sealer.open_for_tenant("t2", blob, b"") == b""
    assert len(tenants.sealer._by_tenant) == 1


def test_a_wrapped_key_belongs_to_its_tenant():
    tenants = Tenants()
    tenants.rows["c"] = ("t2", tenants.rows["a"][1])
    with pytest.raises(StoreFailed):
        tenants.sealer.seal("c", b"plain", b"")


def test_keys_are_read_once_and_the_memory_of_them_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "CACHED_APPLICATIONS", 2)
    tenants = Tenants()
    for _ in range(5):
        tenants.sealer.seal("a", b"", b"")
    assert tenants.reads == 1
    for app_key in "abcabc":
        tenants.sealer.open("a", tenants.sealer.seal("a", b"", b""), b"")
        tenants.sealer.seal(app_key, b"", b"")
    assert len(tenants.sealer._by_application) == 2


def test_what_belongs_to_no_application_opens_even_when_it_comes_to_be():
    tenants = Tenants()
    blob = tenants.sealer.seal("new", b"plain", b"")
    tenants.rows["new"] = tenants.rows["a"]
    assert tenants.sealer.open("new", blob, b"") == b"plain"
    assert tenants.sealer.open("new", tenants.sealer.seal("new", b"x", b""), b"") == b"x"


def test_an_empty_blob_is_damaged():
    with pytest.raises(StoreFailed):
        Tenants().sealer.open("a", b"", b"")


def test_lookups_are_equal_for_equal_numbers_under_one_key_only():
    sealer, other = Tenants().sealer, Sealer(FixedKeys(KEY), lambda _: None, lambda _: None)
    assert sealer.lookup("+8613900000001") == Tenants().sealer.lookup("+8613900000001")
    assert sealer.lookup("+8613900000001") != sealer.lookup("+8613900000002")
    assert sealer.lookup("+8613900000001") != other.lookup("+8613900000001")
    assert len(sealer.lookup("+8613900000001")) == 16
