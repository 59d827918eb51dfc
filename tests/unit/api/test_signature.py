from datetime import UTC, datetime, timedelta, timezone

from maskline.api.signature import aksk_digest, sign, wsse_digests

NONCE, CREATED = "66C92B11FF8A425FB8D4CCFE0ED9ED1F", "2018-02-12T15:30:20Z"


def test_the_aksk_digest_is_what_openssl_computes():
    # printf '%s' "$NONCE$CREATED" | openssl dgst -sha256 -hmac secret -binary | base64
    assert aksk_digest("secret", NONCE, CREATED) == "nLcsIwh4/dE7K56zsLQ/A4SG1mrtpkJFfOpnmMpyaCs="


def test_the_wsse_digests_are_what_openssl_computes():
    # printf '%s' "$NONCE$CREATED"secret | openssl dgst -sha256 -binary | base64, and of its hex
    raw, lower, upper = wsse_digests("secret", NONCE, CREATED)

    assert raw == "kDRNkr5dAqha/R7NU4vr6Wa8ZDA0j5Z+VAc6XZ0Vm2k="
    assert lower == "OTAzNDRkOTJiZTVkMDJhODVhZmQxZWNkNTM4YmViZTk2NmJjNjQzMDM0OGY5NjdlNTQwNzNhNWQ5ZDE1OWI2OQ=="
    assert upper == "OTAzNDREOTJCRTVEMDJBODVBRkQxRUNENTM4QkVCRTk2NkJDNjQzMDM0OEY5NjdFNTQwNzNBNUQ5RDE1OUI2OQ=="


def test_a_push_is_signed_with_the_headers_a_customer_would_send():
    headers = sign("key", "secret", NONCE, datetime(2018, 2, 12, 15, 30, 20, tzinfo=UTC))

    assert headers == {
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": (
            'UsernameToken Username="key",PasswordDigest="nLcsIwh4/dE7K56zsLQ/A4SG1mrtpkJFfOpnmMpyaCs=",'
            f'Nonce="{NONCE}",Created="{CREATED}"'
        ),
    }


def test_the_time_of_a_push_is_written_in_utc():
    beijing = timezone(timedelta(hours=8))

    headers = sign("key", "secret", NONCE, datetime(2018, 2, 12, 23, 30, 20, tzinfo=beijing))

    assert f'Created="{CREATED}"' in headers["X-AKSK"]
