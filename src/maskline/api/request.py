"""What a request carries once its sender is known: query parameters and a JSON object."""

import codecs
from typing import cast
from urllib.parse import parse_qsl

import msgspec

from maskline.api.limits import MAX_QUERY_BYTES, MAX_QUERY_FIELDS
from maskline.api.result import Refused

_decode = msgspec.json.Decoder().decode


def read_object(body: bytes) -> dict[str, object]:
    """The JSON object of a body, UTF-8 whatever the header says; of equal keys the last counts.

    Raises Refused (1010002 `body`) for anything else: other charsets, other JSON values, nesting
    deeper than the parser follows.
    """
    try:
        found = _decode(body.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError) as error:
        raise Refused.for_parameter("body") from error
    if not isinstance(found, dict):
        raise Refused.for_parameter("body")
    return cast("dict[str, object]", found)


def read_query(query: bytes) -> dict[str, str]:
    """The parameters of a query string, without empty ones; of equal names the last counts.

    An unescaped `+` is a blank, as in every form encoding. Raises Refused (1010002 `query`).
    """
    if len(query) > MAX_QUERY_BYTES:
        raise Refused.for_parameter("query")
    try:
        return dict(parse_qsl(query.decode("latin-1"), max_num_fields=MAX_QUERY_FIELDS))
    except ValueError as error:
        raise Refused.for_parameter("query") from error
