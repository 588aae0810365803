-- The tables as linewatch made them before faults had people's steps.
CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    kind TEXT NOT NULL CHECK (kind IN ('real', 'simulated'))
) STRICT;
CREATE TRIGGER store_kind_is_fixed BEFORE UPDATE ON store
    BEGIN SELECT RAISE(ABORT, 'the kind of a store is fixed'); END;
CREATE TRIGGER store_kind_stays BEFORE DELETE ON store
    BEGIN SELECT RAISE(ABORT, 'the kind of a store is fixed'); END;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    bytes TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_has_no_holes BEFORE INSERT ON journal
    WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only and has no holes'); END;
CREATE TABLE heartbeat (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at_ms INTEGER NOT NULL,
    waiting TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS quality (
    block INTEGER NOT NULL, line TEXT NOT NULL, hours BLOB NOT NULL,
    PRIMARY KEY (block, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE lines (
    line TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER,
    name TEXT NOT NULL, class TEXT NOT NULL, township TEXT NOT NULL, village TEXT NOT NULL,
    address TEXT NOT NULL, probe TEXT NOT NULL, upstream TEXT, carrier TEXT NOT NULL, circuit_no TEXT NOT NULL,
    bandwidth_kbps INTEGER, access TEXT NOT NULL, rent_fen_month INTEGER, contact TEXT NOT NULL,
    phone TEXT NOT NULL, install_address TEXT NOT NULL, opened_ms INTEGER, closed_ms INTEGER,
    latitude_e6 INTEGER, longitude_e6 INTEGER, note TEXT NOT NULL,
    PRIMARY KEY (line, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX lines_in_force ON lines (line) WHERE until_ms IS NULL;
CREATE TABLE gaps (
    all_lines INTEGER NOT NULL CHECK (all_lines IN (0, 1)), line TEXT NOT NULL, from_ms INTEGER NOT NULL,
    until_ms INTEGER, cause TEXT NOT NULL,
    PRIMARY KEY (all_lines, line, from_ms), CHECK (all_lines = 0 OR line = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX gaps_by_end ON gaps (until_ms);
CREATE TABLE outages (
    outage INTEGER PRIMARY KEY, line TEXT NOT NULL, start_ms INTEGER NOT NULL, last_reply_ms INTEGER,
    confirmed_at_ms INTEGER NOT NULL, cause TEXT NOT NULL, gap_from_ms INTEGER,
    end_ms INTEGER, last_loss_ms INTEGER, first_reply_ms INTEGER, end_confirmed_at_ms INTEGER, end_reason TEXT
) STRICT;
CREATE INDEX outages_of_a_line ON outages (line, start_ms);
CREATE INDEX outages_by_start ON outages (start_ms);
CREATE INDEX outages_by_end ON outages (end_ms);
CREATE INDEX outages_by_return ON outages (first_reply_ms);
CREATE TABLE segments (
    outage INTEGER NOT NULL, from_ms INTEGER NOT NULL, attribution TEXT NOT NULL, upstream TEXT,
    PRIMARY KEY (outage, from_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE bridges (
    outage INTEGER NOT NULL, gap_start_ms INTEGER NOT NULL, gap_end_ms INTEGER NOT NULL,
    PRIMARY KEY (outage, gap_start_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE faults (
    fault TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL, line TEXT NOT NULL, opened_ms INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL, restored_ms INTEGER, relapses INTEGER NOT NULL, merged_into TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX faults_by_opening ON faults (opened_ms);
CREATE INDEX faults_of_a_line ON faults (line, opened_ms);
CREATE INDEX faults_unmerged ON faults (restored_ms) WHERE merged_into IS NULL;
CREATE TABLE points (
    fault TEXT NOT NULL, outage INTEGER NOT NULL, line TEXT NOT NULL, from_ms INTEGER NOT NULL, left_ms INTEGER,
    PRIMARY KEY (fault, outage)
) STRICT, WITHOUT ROWID;
CREATE INDEX points_of_a_line ON points (line, from_ms);
CREATE TABLE serials (day TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE horizon (
    one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL, waiting TEXT NOT NULL
) STRICT;
CREATE TABLE statements (
    subject TEXT NOT NULL, number INTEGER NOT NULL, line TEXT, from_ms INTEGER, until_ms INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX statements_of_a_line ON statements (subject, line, from_ms);
