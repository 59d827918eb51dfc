-- What stands behind the steps of traces: SIP messages without numbers, and facts. Kept for a
-- shorter time than the steps, so that it is apart from them.
ALTER TABLE call_trace ADD COLUMN details BLOB;
CREATE INDEX call_trace_with_details ON call_trace (began_at) WHERE details IS NOT NULL;
