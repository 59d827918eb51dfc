-- name: prompt_save
-- Add or replace a prompt.
INSERT INTO prompt (app_key, name, state, approved, submitted, sealed)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (app_key, name) DO UPDATE SET
state = excluded.state, approved = excluded.approved, submitted = excluded.submitted,
sealed = excluded.sealed;

-- name: prompt_remove
-- Forget a prompt.
DELETE FROM prompt WHERE app_key = $1 AND name = $2;

-- name: prompt_get
-- One prompt.
SELECT app_key, name, sealed FROM prompt WHERE app_key = $1 AND name = $2;

-- name: prompt_digests
-- The sounds a prompt refers to.
SELECT approved, submitted FROM prompt WHERE app_key = $1 AND name = $2;

-- name: prompt_list
-- Prompts by application and name.
SELECT app_key, name, sealed FROM prompt ORDER BY app_key, name;

-- name: sound_add
-- Keep a sound, once.
INSERT INTO prompt_sound (digest, sound) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING;

-- name: sound_is_there
-- Whether a sound is kept.
SELECT 1 FROM prompt_sound WHERE digest = $1;

-- name: sound_get
-- One sound.
SELECT sound FROM prompt_sound WHERE digest = $1;

-- name: sound_drop
-- Forget a sound that no prompt refers to.
DELETE FROM prompt_sound WHERE digest = $1
AND NOT EXISTS (SELECT 1 FROM prompt WHERE approved = $1)
AND NOT EXISTS (SELECT 1 FROM prompt WHERE submitted = $1);
