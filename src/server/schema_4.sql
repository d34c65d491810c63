-- A number is never given to anything else again: whoever still has an old page open means what was there then.
-- The tables are made anew with AUTOINCREMENT; `database` keeps foreign keys off meanwhile.
CREATE TABLE athletes_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    height_m REAL,
    body_mass_kg REAL,
    note TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL
) STRICT;
INSERT INTO athletes_4 SELECT id, name, height_m, body_mass_kg, note, created FROM athletes;
DROP TABLE athletes;
ALTER TABLE athletes_4 RENAME TO athletes;

CREATE TABLE clips_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    video TEXT,
    bytes INTEGER NOT NULL,
    athlete INTEGER REFERENCES athletes (id) ON DELETE SET NULL,
    day TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('held', 'queued', 'running', 'done', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    revision INTEGER NOT NULL DEFAULT 0,
    exercise TEXT,
    judged INTEGER NOT NULL DEFAULT 0,
    summary TEXT,
    created INTEGER NOT NULL,
    finished INTEGER,
    day_is_told INTEGER NOT NULL DEFAULT 1,
    -- What becomes of the annotated video after the clip was judged again: 1 = it is to be drawn, 2 = it could not be.
    overlay_due INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO clips_4 (id, sha256, title, video, bytes, athlete, day, told, state, attempts, error, revision, exercise, judged,
    summary, created, finished, day_is_told, overlay_due)
SELECT id, sha256, title, video, bytes, athlete, day, told, state, attempts, error, revision, exercise, judged,
    summary, created, finished, day_is_told, revision > 1 AND video IS NOT NULL FROM clips;
DROP TABLE clips;
ALTER TABLE clips_4 RENAME TO clips;
CREATE INDEX clips_by_state ON clips (state, id);
CREATE INDEX clips_by_athlete ON clips (athlete, day);

CREATE TABLE notes_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
INSERT INTO notes_4 SELECT id, clip, author, text, created FROM notes;
DROP TABLE notes;
ALTER TABLE notes_4 RENAME TO notes;

CREATE TABLE shares_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('report', 'overlay')),
    author TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
INSERT INTO shares_4 SELECT id, clip, hash, scope, author, created, expires FROM shares;
DROP TABLE shares;
ALTER TABLE shares_4 RENAME TO shares;

CREATE TABLE tokens_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('coach', 'viewer')),
    hash TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    last_used INTEGER
) STRICT;
INSERT INTO tokens_4 SELECT id, name, role, hash, created, last_used FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_4 RENAME TO tokens;
