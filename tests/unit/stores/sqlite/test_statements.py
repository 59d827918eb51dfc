"""No hot statement may walk a table: its cost would grow with what is stored."""

import re

import apsw
import pytest

from maskline.stores.migration import load_migrations, migrations_of
from maskline.stores.named_sql import load_sql
from maskline.stores.sqlite.migration import migrate

HOT = {
    "account": [
        "user_seen",
        "user_get",
        "user_of_login",
        "user_list",
        "user_list_of_tenant",
        "user_count",
        "user_tops",
        "user_has_role",
        "link_drop_replaced",
        "link_get",
        "link_list_of_tenant",
        "session_drop_unused",
        "session_get",
        "session_list",
        "session_use",
        "sessions_remove",
        "session_sweep",
    ],
    "directory": ["tenant_key", "tenant_key_of_application", "application_get", "number_get"],
    "binding": [
        "bind_number",
        "bind_routes",
        "bind_count",
        "choice_in_area",
        "choice_anywhere",
        "holder",
        "binding_state",
        "binding_get",
        "expired",
        "expired_on_number",
        "all_on_number",
        "route_of_call",
        "binding_of_route",
        "list_of_number",
        "list_of_party",
    ],
    "call": ["call_save", "record_add"],
    "audit": [
        "event_list",
        "event_list_of_target",
        "event_list_of_user",
        "event_list_of_action",
        "event_list_of_tenant",
        "event_sweep",
        "token_get",
        "token_count",
        "token_list_of_tenant",
        "token_use",
    ],
    "prompt": [
        "prompt_get",
        "prompt_digests",
        "sound_add",
        "sound_is_there",
        "sound_get",
        "sound_drop",
    ],
    "recording": [
        "recording_save",
        "recording_get",
        "recording_expired",
    ],
    "registrant": [
        "file_add",
        "file_is_there",
        "file_photo",
        "file_list",
        "file_list_named",
        "photo_is_used",
        "registrant_save",
        "registrant_get",
        "registrant_status",
        "registrant_list_of_tenant",
        "registrant_list_of_tenant_in_status",
        "failure_keep",
        "failure_get",
        "amount_get",
    ],
    "tenant_token": ["token_add", "token_drop_expired", "token_count", "token_get", "token_list"],
    "idempotency": [
        "key_get",
        "key_count",
        "key_replace",
        "key_answer",
        "key_release",
        "key_sweep",
        "key_uncount",
    ],
    "push": ["delivered_add", "delivered_take", "delivered_forget_stream"],
    "outbox": [
        "notice_add",
        "endpoint_heads",
        "claim",
        "due_batch",
        "claim_again",
        "claim_batch",
        "settle_delivered",
        "settle_failed",
        "settle_dead",
        "release",
    ],
    "message": [
        "message_mark",
        "message_marks_sweep",
        "connection_heard",
        "message_save",
        "part_save",
        "day_count",
        "message_claim",
        "message_release",
        "part_taken_as",
        "receipt_save",
        "message_get",
        "parts_of",
        "texts_sweep",
        "message_sweep",
        "parts_forget",
        "days_forget",
    ],
    "message_segment": [
        "segment_get",
        "segments_forget_used",
        "segment_save",
        "segments_unused",
        "segment_use",
        "segments_stale",
        "segments_sweep",
    ],
    "message_list": [
        "standing",
        "block_save",
        "block_remove",
        "tag_renew",
        "tag_next",
        "tag_free",
        "tag_oldest",
        "tag_save",
        "tag_get",
        "tags_sweep",
    ],
    "notice": [
        "revive_of_push",
        "revive_mates",
        "revive",
        "remove_dead",
        "trouble_save",
        "trouble_forget",
    ],
}
# A scan of these is of one row, or of what the statement was given or has just found itself.
SCANS_THAT_END = {
    "SCAN head",
    "SCAN found",
    "SCAN CONSTANT ROW",
    "SCAN (subquery-1)",
    "SCAN 2-ROW VALUES CLAUSE",
    "SCAN json_each VIRTUAL TABLE INDEX 1:",
    "SCAN done VIRTUAL TABLE INDEX 1:",
}
FIRST_OF_INDEX = "SCAN outbox USING COVERING INDEX outbox_due"  # with LIMIT 1


@pytest.fixture(scope="module")
def database():
    connection = apsw.Connection(":memory:")
    migrate(connection, load_migrations(migrations_of("sqlite")), 0)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("subject", "name"), [(subject, name) for subject, names in HOT.items() for name in names]
)
def test_it_searches_by_key_and_sorts_nothing_big(
    database: apsw.Connection, subject: str, name: str
):
    statement = getattr(load_sql(subject), name)
    parameters = max(map(int, re.findall(r"\?(\d+)", statement)), default=0)
    plan = database.execute(f"EXPLAIN QUERY PLAN {statement}", (None,) * parameters)
    scans = {row[3] for row in plan if row[3].startswith("SCAN")}
    if name == "endpoint_heads":
        scans -= {FIRST_OF_INDEX}
    assert scans <= SCANS_THAT_END


def test_looking_for_due_endpoints_costs_the_same_with_a_long_queue(database: apsw.Connection):
    sql = load_sql("outbox")

    def steps() -> int:
        count = 0

        def step() -> bool:
            nonlocal count
            count += 1
            return False

        database.set_progress_handler(step, 10)
        database.execute(sql.endpoint_heads).fetchall()
        database.set_progress_handler(None)
        return count

    def wait(first: int, last: int) -> None:
        for sequence in range(first, last):
            app_key, stream = f"app-{sequence % 5}", f"s{sequence}"
            row = (sequence, "n", stream, app_key, "status", "https://one.example", 5, b"")
            database.execute(sql.notice_add, row)

    wait(1, 11)
    before = steps()
    wait(11, 5_000)
    assert steps() <= before * 1.2
