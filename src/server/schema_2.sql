-- A coach's disagreement with a finding; it stays when the clip is judged again.
CREATE TABLE opinions (
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    fault TEXT NOT NULL,
    metric TEXT NOT NULL,
    side TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (clip, fault, metric, side)
) STRICT;

-- What an athlete was given: of the link only the hash is kept.
CREATE TABLE shares (
    id INTEGER PRIMARY KEY,
    clip INTEGER NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('report', 'overlay')),
    author TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
