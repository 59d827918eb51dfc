-- The try with which a delivered notice was accepted. Null where it was made by hand, and in
-- notices of earlier releases: those have it among the happenings.
ALTER TABLE delivered_notice ADD COLUMN url TEXT;
ALTER TABLE delivered_notice ADD COLUMN status INTEGER;
ALTER TABLE delivered_notice ADD COLUMN took_us INTEGER;
ALTER TABLE delivered_notice ADD COLUMN notices INTEGER;
