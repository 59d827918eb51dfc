-- Who is frozen for arrears has a state of its own, which an operator's freeze takes the place of.
UPDATE tenant SET state = 'in_arrears' WHERE state = 'frozen' AND tenant_id IN (
    SELECT tenant_id FROM money_account WHERE arrears_since IS NOT NULL AND NOT was_frozen
);
ALTER TABLE money_account DROP COLUMN was_frozen;
