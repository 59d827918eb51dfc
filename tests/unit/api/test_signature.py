from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

from maskline.api.signature import aksk_digest, is_of_push, sign, wsse_digests

HASH_AS_HEX = b"90344d92be5d02a85afd1ecd538bebe966bc6430348f967e54073a5d9d159b69"
AKSK = "nLcsIwh4/dE7K56zsLQ/A4SG1mrtpkJFfOpnmMpyaCs="
NONCE, CREATED = "66C92B11FF8A425FB8D4CCFE0ED9ED1F", "2018-02-12T15:30:20Z"


def test_the_aksk_digest_is_what_openssl_computes():
    # printf '%s' "$NONCE$CREATED" | openssl dgst -sha256 -hmac secret -binary | base64
    assert aksk_digest("secret", NONCE, CREATED) == AKSK


def test_the_wsse_digests_are_what_openssl_computes():
    # printf '%s' "$NONCE$CREATED"secret | openssl dgst -sha256 [-binary | base64]
    raw, lower, upper = wsse_digests("secret", NONCE, CREATED)

    assert raw == "kDRNkr5dAqha/R7NU4vr6Wa8ZDA0j5Z+VAc6XZ0Vm2k="
    assert b64decode(lower) == HASH_AS_HEX
    assert b64decode(upper) == HASH_AS_HEX.upper()


def test_a_push_is_signed_with_the_headers_a_customer_would_send():
    headers = sign("key", "secret", NONCE, datetime(2018, 2, 12, 15, 30, 20, tzinfo=UTC))

    # printf '%s' "push $NONCE" | openssl dgst -sha256 -hmac secret | cut -c 1-16
    marked = f"{NONCE}1ab548faba87a817"
    assert headers == {
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": (
            f'UsernameToken Username="key",PasswordDigest="'
            f'{aksk_digest("secret", marked, CREATED)}",Nonce="{marked}",Created="{CREATED}"'
        ),
    }


def test_the_nonce_of_a_push_is_known_by_its_mark():
    marked = f"{NONCE}1ab548faba87a817"

    assert is_of_push("secret", marked)
    assert not is_of_push("another", marked)
    assert not any(is_of_push("secret", nonce) for nonce in (NONCE, "", "f", marked[1:]))


def test_the_time_of_a_push_is_written_in_utc():
    beijing = timezone(timedelta(hours=8))

    headers = sign("key", "secret", NONCE, datetime(2018, 2, 12, 23, 30, 20, tzinfo=beijing))

    assert f'Created="{CREATED}"' in headers["X-AKSK"]
