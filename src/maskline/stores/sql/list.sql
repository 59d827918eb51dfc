-- Conditions of lists, which are put together with their selects in `stores/list_sql.py`.

-- name: of_tenant
-- Of one tenant.
tenant_id = $1;

-- name: of_application
-- Of one application.
app_key = $1;

-- name: of_applications
-- Of any of some applications.
app_key IN (SELECT value FROM json_each($1));

-- name: of_session
-- Of one call.
session_id = $1;

-- name: of_host
-- Of one worker.
host = $1;

-- name: of_x
-- Of one virtual number.
x = $1;

-- name: of_y
-- Of one virtual number that is Y.
y = $1;

-- name: of_mode
-- Of one mode.
mode = $1;

-- name: in_area
-- Numbers of one city.
area_code = $1;

-- name: begins_at
-- Numbers that begin so, or come later.
number >= $1;

-- name: begins_before
-- Numbers that come before what begins so.
number < $1;

-- name: may_message
-- Numbers that may, or may not, carry short messages.
may_message = $1;

-- name: is_free
-- Numbers on which no binding counts.
pairs = 0;

-- name: due_before
-- That had to be done before a moment.
due_at < $1;

-- name: expires_before
-- Bindings that expire before a moment.
expires_at < $1;

-- name: of_outcome
-- Calls that ended in one of the classes of outcomes.
outcome = $1;

-- name: is_failed
-- Calls that we or a network failed.
outcome = 'failed';

-- name: failed_records
-- The call records, where those that are failed are looked for.
call_record INDEXED BY call_record_failed;

-- name: failed_records_of_application
-- The same of an application: told nothing, SQLite may walk through all it has.
call_record INDEXED BY call_record_failed_of_application;

-- name: of_release
-- Calls that ended with one release code.
release = $1;

-- name: called_as
-- Calls by one of the parties of a binding.
caller_role = $1;

-- name: has_recording
-- Calls with, or without, a recording that is kept.
has_recording = $1;

-- name: talked_for
-- Calls in which people talked so long or longer.
talk_s >= $1;

-- name: answered_with
-- Notices whose last try was answered with a status that begins so.
error LIKE $1;

-- name: was_not_answered
-- Notices whose last try had no answer.
error NOT LIKE 'HTTP %';

-- name: of_kind
-- Of one kind.
kind = $1;

-- name: in_scope
-- Rules for so much of the platform.
scope = $1;

-- name: made_by_tenant
-- Rules that tenants made, or the platform.
by_tenant = $1;

-- name: in_direction
-- Blocked as a caller, as a callee, or both.
direction = $1;

-- name: of_purpose
-- For one of an application's addresses.
purpose = $1;

-- name: in_state
-- In one state.
state = $1;

-- name: in_status
-- In one status.
status = $1;

-- name: with_result
-- Over with one result.
result = $1;

-- name: ended_since
-- That ended at a moment or later.
ended_at >= $1;

-- name: ended_until
-- That ended before a moment.
ended_at < $1;

-- name: started_since
-- That started at a moment or later.
started_at >= $1;

-- name: started_until
-- That started before a moment.
started_at < $1;

-- name: came_since
-- That came at a moment or later.
came_at >= $1;

-- name: came_until
-- That came before a moment.
came_at < $1;

-- name: written_since
-- Written at a moment or later.
created_at >= $1;

-- name: written_until
-- Written before a moment.
created_at < $1;

-- name: called_by
-- A call from one real number.
caller = $1;

-- name: called_to
-- A call to one real number, from another one.
callee = $1 AND caller <> $1;

-- name: call_of
-- A call from or to one real number.
(caller = $1 OR callee = $1);

-- name: as_a
-- Whose A is one real number.
a = $1;

-- name: as_b
-- Whose B is one real number.
b = $1;

-- name: as_b_only
-- Whose B is one real number, and not their A.
b = $1 AND a <> $1;

-- name: as_party
-- Whose A or B is one real number.
(a = $1 OR b = $1);

-- name: sent_by
-- Sent by one real number.
sender = $1;

-- name: got_by
-- For one real number, from another one.
receiver = $1 AND sender <> $1;

-- name: message_of
-- From or for one real number.
(sender = $1 OR receiver = $1);

-- name: message_is
-- One message.
message_id = $1;

-- name: binding_is
-- One binding.
binding_id = $1;

-- name: number_is
-- One number.
number = $1;

-- name: is_live
-- What has not expired.
(expires_at IS NULL OR expires_at > $1);

-- name: is_unfinished
-- Recordings whose call, or way into the storage, is not over.
state = 'writing';

-- name: waits
-- Notices that are not dead.
state < 3;

-- name: is_dead
-- Dead notices.
state = 3;

-- name: of_stream
-- Notices of a call or a virtual number.
stream = $1;

-- name: notices_of_stream
-- The same in the place of all notices: each state has an index of its own.
(SELECT * FROM outbox WHERE stream = $1 AND state < 3
    UNION ALL SELECT * FROM outbox WHERE stream = $1 AND state = 3) AS outbox;

-- name: notices_of_push
-- The notices of one push, in the place of all.
(SELECT * FROM outbox WHERE notice_id = $1 OR batch_id = $1) AS outbox;

-- name: posted_since
-- That was posted at a moment or later.
at >= $1;

-- name: posted_until
-- That was posted before a moment.
at < $1;

-- name: in_bucket
-- Notices of one bucket.
bucket = $1;

-- name: bindings_of_relation
-- The parts of a relation, in the place of all bindings.
(SELECT * FROM binding WHERE relation = $1) AS binding;

-- name: bindings_of_party
-- What a real number is bound in, in the place of all bindings.
(SELECT binding.* FROM route JOIN binding ON binding.sequence = route.binding
    WHERE route.caller = $1) AS binding;
