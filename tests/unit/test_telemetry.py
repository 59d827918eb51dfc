import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from maskline.settings_log import LogSection
from maskline.telemetry import configure_logging, mask_numbers


@pytest.fixture
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+8613900001001", "+86139****1001"),
        ("from 008613900001001 now", "from 0086139****1001 now"),
        ("8613900001001, 13900001001", "86139****1001, 139****1001"),
        ("075528000001", "0755****0001"),
        ("<sip:5551234567@192.0.2.1:5060>", "<sip:55****4567@192.0.2.1:5060>"),
        ("INVITE sip:+8617010000001@h;user=phone", "INVITE sip:+86170****0001@h;user=phone"),
        ("+14155550100", "+141****0100"),
        ("/bindings?party=%2B8613900001001&limit=1", "/bindings?party=%2B86139****1001&limit=1"),
    ],
)
def test_phone_numbers_are_masked_wherever_they_stand(text: str, masked: str):
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "1201_612_4294967295_20261120080000@host",
        "2026-11-20T08:00:00.123456Z",
        "86139000-0010-4001-8000-139000010010",
        "took 1234567890 ns",
        "port 5060",
        "icid-13900001001x",
    ],
)
def test_ids_times_and_sizes_keep_their_digits(text: str):
    assert mask_numbers(text) == text


@pytest.mark.usefixtures("_restored_logging")
def test_json_lines_mask_nested_values_and_traces():
    stream = io.StringIO()
    configure_logging(LogSection(format="json"), stream)
    log = structlog.get_logger()
    log.info("call_arrived", caller="+8613900001001", headers={"From": ["sip:13900001001@h"]})
    try:
        raise ValueError("no route for +8613900002002")  # noqa: TRY301 - a trace to log
    except ValueError:
        log.exception("call_failed")
    logging.getLogger("library").error("refused 13900001001")
    assert "3900001001" not in stream.getvalue()
    assert "3900002002" not in stream.getvalue()
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == [
        "call_arrived",
        "call_failed",
        "refused 139****1001",
    ]


@pytest.mark.usefixtures("_restored_logging")
def test_the_operator_may_turn_masking_off_and_the_level_up():
    stream = io.StringIO()
    configure_logging(LogSection(level="warning", mask_numbers=False), stream)
    log = structlog.get_logger()
    log.info("call_arrived", caller="+8613900001001")
    assert stream.getvalue() == ""
    log.warning("call_refused", caller="+8613900001001")
    assert "+8613900001001" in stream.getvalue()


@pytest.mark.usefixtures("_restored_logging")
def test_bytes_and_deep_nesting_are_not_written_out():
    stream = io.StringIO()
    configure_logging(LogSection(format="json"), stream)
    deep: list[object] = ["+8613900001001"]
    for _ in range(10):
        deep = [deep]
    structlog.get_logger().info("odd", body=b"+8613900001001", deep=deep, kind=object())
    assert "3900001001" not in stream.getvalue()
    assert '"14 bytes"' in stream.getvalue()
