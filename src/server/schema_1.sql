CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE athletes (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    height_m REAL,
    body_mass_kg REAL,
    note TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL
) STRICT;

-- A clip: the content, what was told of it, how far its analysis is.
CREATE TABLE clips (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    -- Name of the video inside the clip's folder; none where results were brought in without it.
    video TEXT,
    bytes INTEGER NOT NULL,
    athlete INTEGER REFERENCES athletes (id) ON DELETE SET NULL,
    day TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('held', 'queued', 'running', 'done', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    -- Folder `r<revision>` holds the current results; 0 = none yet.
    revision INTEGER NOT NULL DEFAULT 0,
    exercise TEXT,
    judged INTEGER NOT NULL DEFAULT 0,
    summary TEXT,
    created INTEGER NOT NULL,
    finished INTEGER
) STRICT;
CREATE INDEX clips_by_state ON clips (state, id);
CREATE INDEX clips_by_athlete ON clips (athlete, day);

-- Of the current results alone.
CREATE TABLE metrics (
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    metric TEXT NOT NULL,
    side TEXT,
    value REAL,
    unit TEXT NOT NULL,
    sd REAL,
    n INTEGER,
    uncertainty REAL
) STRICT;
CREATE INDEX metrics_by_clip ON metrics (clip, metric);
CREATE TABLE findings (
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    fault TEXT NOT NULL,
    status TEXT NOT NULL,
    severity TEXT,
    metric TEXT NOT NULL,
    side TEXT,
    value REAL,
    unit TEXT NOT NULL,
    uncertainty REAL,
    cue TEXT,
    reason TEXT
) STRICT;
CREATE INDEX findings_by_clip ON findings (clip, place);

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

-- Uploads under way, and for a day those that became clips. The file's length is how far one is.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    length INTEGER NOT NULL,
    title TEXT NOT NULL,
    fields TEXT NOT NULL,
    clip INTEGER REFERENCES clips (id) ON DELETE CASCADE,
    is_duplicate INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    role TEXT NOT NULL CHECK (role IN ('coach', 'viewer')),
    password TEXT NOT NULL
) STRICT;
-- Of logins and tokens only the hash is kept.
CREATE TABLE logins (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    expires INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('coach', 'viewer')),
    hash TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    last_used INTEGER
) STRICT;
