-- What calls are found by. Null in records of earlier releases, which these filters do not find.
ALTER TABLE live_call ADD COLUMN state TEXT COLLATE "C";
ALTER TABLE call_record ADD COLUMN mode TEXT COLLATE "C";
ALTER TABLE call_record ADD COLUMN outcome TEXT COLLATE "C";
ALTER TABLE call_record ADD COLUMN release INTEGER;
ALTER TABLE call_record ADD COLUMN caller_role TEXT COLLATE "C";
ALTER TABLE call_record ADD COLUMN talk_s INTEGER;
ALTER TABLE call_record ADD COLUMN has_recording BOOLEAN;

-- Calls that we or a network failed are few, and what operators look for.
CREATE INDEX call_record_failed ON call_record (ended_at, sequence) WHERE outcome = 'failed';
CREATE INDEX call_record_failed_of_application ON call_record (app_key, ended_at, sequence)
    WHERE outcome = 'failed';
