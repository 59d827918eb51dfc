-- name: of_applications
-- Of any of some applications.
app_key = ANY($1);

-- name: failed_records
-- The call records.
call_record;

-- name: failed_records_of_application
-- The call records.
call_record;

-- `OFFSET 0` keeps apart what is found from the order it is listed in: else the planner may walk
-- through all in that order until it comes upon those that are few.

-- name: bindings_of_relation
-- The parts of a relation, in the place of all bindings.
(SELECT * FROM binding WHERE relation = $1 OFFSET 0) AS binding;

-- name: bindings_of_party
-- What a real number is bound in, in the place of all bindings.
(SELECT binding.* FROM route JOIN binding
    ON binding.x = route.home AND binding.sequence = route.binding
    WHERE route.caller = $1 OFFSET 0) AS binding;

-- name: notices_of_push
-- The notices of one push, in the place of all.
(SELECT * FROM outbox WHERE notice_id = $1 OR batch_id = $1 OFFSET 0) AS outbox;
