-- What a virtual number is, and what its owner notes of it. No kind: told by its prefix.

ALTER TABLE number ADD COLUMN kind TEXT;
ALTER TABLE number ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE number ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
