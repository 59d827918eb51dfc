"""A customer's client as such were written in Python: `urllib`, certificates not looked at.

`client.py BASE_URL` reads requests from its standard input and writes an answer for each; what a
line holds says `customer.py` beside the tests.
"""

import base64
import hashlib
import hmac
import json
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def build_headers(scheme, key, secret):
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    nonce = str(uuid.uuid4()).replace("-", "")
    if scheme == "AKSK":
        raw = hmac.new(secret.encode(), (nonce + created).encode(), hashlib.sha256).digest()
    else:
        raw = hashlib.sha256((nonce + created + secret).encode()).digest()
    digest = base64.b64encode(raw).decode()
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": f'{scheme} realm="SDP",profile="UsernameToken",type="Appkey"',
        f"X-{scheme}": f'UsernameToken Username="{key}",PasswordDigest="{digest}",'
        f'Nonce="{nonce}",Created="{created}"',
    }


def read_value(text):
    return json.loads(text[1:]) if text.startswith(":") else text


def send(base, line):
    scheme, key, secret, method, path, *pairs = line.split("\t")
    fields = dict(pair.split("=", 1) for pair in pairs)
    url, data = base + path, None
    if method in ("POST", "PUT"):
        data = json.dumps({name: read_value(text) for name, text in fields.items()}).encode("ascii")
    elif fields:
        url += "?" + urllib.parse.urlencode(fields)
    context = ssl._create_unverified_context()  # noqa: S323 - as they do
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), _NoRedirect()
    )
    request = urllib.request.Request(  # noqa: S310 - the address is the test's
        url, data=data, headers=build_headers(scheme, key, secret), method=method
    )
    try:
        answer = opener.open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers.get("Location", ""), answer.read().decode("utf-8")


for given in sys.stdin:
    print(*send(sys.argv[1], given.rstrip("\n")), sep="\t", flush=True)  # noqa: T201 - its answer
