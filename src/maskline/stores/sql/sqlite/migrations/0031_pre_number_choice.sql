-- Until when a virtual number is kept from binds that name none; at the end of time it is locked.

ALTER TABLE number ADD COLUMN held_until INTEGER;
