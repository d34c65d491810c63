-- Whether somebody said the day; else it is the clip's own where it has one.
ALTER TABLE clips ADD COLUMN day_is_told INTEGER NOT NULL DEFAULT 1;
