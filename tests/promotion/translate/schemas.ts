/** Schemas of SQLite with what each of them is here for. Rows come with them where the rows matter. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  "identity, defaults and checks": `
    CREATE TABLE users (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL DEFAULT 'it''s',
      title VARCHAR(20) DEFAULT "quoted",
      active BOOLEAN NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
      level INTEGER DEFAULT (1 + 1) CHECK (level BETWEEN 0 AND 100),
      share REAL DEFAULT .5 CHECK (share >= 0 AND share <= 1),
      balance DECIMAL(10,2) DEFAULT -1.5,
      role TEXT DEFAULT 'user' CONSTRAINT known_role CHECK (role IN ('user', 'admin')),
      avatar BLOB DEFAULT x'00ff',
      small SMALLINT DEFAULT 0x1F,
      yes BOOLEAN DEFAULT TRUE,
      void TEXT DEFAULT NULL,
      CHECK (level <> 13 OR role = 'admin'),
      CHECK (length(name) > 0 AND name NOT LIKE '% ' AND name NOT GLOB '*[0-9]*')
    );`,
  "times and chance": `
    CREATE TABLE events (
      id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
      number INTEGER DEFAULT (abs(random()) % 1000),
      at DATETIME DEFAULT CURRENT_TIMESTAMP,
      at_text TEXT DEFAULT CURRENT_TIMESTAMP,
      day DATE DEFAULT (date('now', '+1 day')),
      day_text TEXT DEFAULT (date('now')),
      hour TEXT DEFAULT CURRENT_TIME,
      seconds INTEGER DEFAULT (strftime('%s', 'now')),
      epoch INTEGER DEFAULT (unixepoch()),
      milliseconds INTEGER DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
      iso TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      month TEXT DEFAULT (datetime('now', '+1 month'))
    );`,
  "names: reserved, mixed case, long, awkward": `
    CREATE TABLE "Order" ("select" INTEGER PRIMARY KEY, "From" TEXT, [two words] TEXT, \`back\`\`tick\` TEXT, "quo""te" TEXT, xmin INTEGER);
    CREATE TABLE a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_lose_it (
      a_column_whose_name_is_so_long_that_postgresql_would_cut_it_off_first INTEGER,
      a_column_whose_name_is_so_long_that_postgresql_would_cut_it_off_second INTEGER);
    CREATE TABLE "größe" ("maß" TEXT);
    CREATE INDEX users ON "Order" ("From");
    CREATE TABLE "Users_x" (a);
    CREATE INDEX "a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_find_it" ON "Order" ("two words", "select" DESC);`,
  "keys: composite, text, without rowid, none": `
    CREATE TABLE pair (a TEXT, b INTEGER, c REAL, PRIMARY KEY (b, a)) WITHOUT ROWID;
    CREATE TABLE worded (code TEXT PRIMARY KEY, n INTEGER);
    CREATE TABLE loose (a INTEGER, b TEXT);
    CREATE TABLE strict (id INTEGER PRIMARY KEY, a INT, b ANY, c TEXT) STRICT;`,
  "foreign keys: composite, cyclic, to itself, bare, with actions, broken": `
    CREATE TABLE child (
      id INTEGER PRIMARY KEY, parent INTEGER DEFAULT 1 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE CASCADE,
      x TEXT, y INTEGER, up INTEGER REFERENCES child(id) ON DELETE CASCADE,
      code TEXT REFERENCES parent(code) ON DELETE RESTRICT, loose TEXT REFERENCES parent(note),
      gone INTEGER REFERENCES nowhere(id), unlike TEXT REFERENCES parent(id),
      FOREIGN KEY (x, y) REFERENCES grid (x, y) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE, note TEXT, favourite INTEGER REFERENCES child(id));
    CREATE TABLE grid (x TEXT, y INTEGER, UNIQUE (y, x));
    INSERT INTO grid VALUES ('a', 1);
    INSERT INTO parent VALUES (1, 'one', NULL, 1);
    INSERT INTO child VALUES (1, 1, 'a', 1, 1, 'one', NULL, NULL, NULL);`,
  "indexes: partial, expression, descending, collations, unique": `
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, mail TEXT, padded TEXT COLLATE RTRIM, born INTEGER,
      gone BOOLEAN, doc JSON, UNIQUE (mail, born));
    INSERT INTO people VALUES (1, 'Ann', 'A@x', 'a ', 1980, 0, '{"a":{"b":1}}'), (2, 'É', 'b@x', 'b', 1990, 1, '{}'), (3, 'é', NULL, NULL, NULL, NULL, NULL);
    CREATE INDEX by_born ON people (born DESC, name);
    CREATE UNIQUE INDEX by_mail ON people (lower(mail)) WHERE gone = 0 AND mail IS NOT NULL;
    CREATE UNIQUE INDEX by_mail_nocase ON people (mail COLLATE NOCASE, born);
    CREATE UNIQUE INDEX by_padded ON people (padded);
    CREATE INDEX by_path ON people (json_extract(doc, '$.a.b'));
    CREATE INDEX by_glob ON people (mail) WHERE mail GLOB 'a*';
    CREATE INDEX by_sum ON people (born + 1, substr(mail, 1, 2));`,
  "generated columns": `
    CREATE TABLE lines (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL, price DECIMAL(6,2), rate REAL, name TEXT,
      total DECIMAL(12,2) AS (quantity * price) STORED,
      taxed REAL GENERATED ALWAYS AS (rate * 1.2) VIRTUAL,
      shout TEXT AS (upper(name)) VIRTUAL,
      twice TEXT AS (shout || '/' || quantity) STORED,
      shown TEXT AS (printf('%05d', quantity)) STORED,
      late BOOLEAN AS (name > 'A' COLLATE NOCASE),
      low TEXT AS (name || lower('X')),
      big BOOLEAN AS (quantity > 10));
    INSERT INTO lines (id, quantity, price, rate, name) VALUES (1, 3, 1.25, 0.1, 'ab'), (2, 11, 99.75, NULL, 'é'), (3, 0, NULL, 3, NULL);`,
  views: `
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT, alive BOOLEAN);
    CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors, title TEXT, price DECIMAL(8,2), sold INTEGER, at DATETIME);
    INSERT INTO authors VALUES (1, 'Ann', 1), (2, 'bob', 0), (3, 'Zoe', NULL);
    INSERT INTO books VALUES (1, 1, 'One', 9.5, 3, '2024-01-01 00:00:00'), (2, 1, 'two', 5, NULL, NULL), (3, 2, 'Three', NULL, 7, NULL);
    CREATE VIEW later AS SELECT * FROM bestsellers WHERE copies > 3;
    CREATE VIEW bestsellers AS SELECT a.id, a.name AS author, count(*) AS copies_of, coalesce(sum(b.sold), 0) AS copies, max(title) AS last
      FROM authors a LEFT JOIN books b ON b.author = a.id GROUP BY a.id ORDER BY copies DESC, a.name;
    CREATE VIEW living (who, since) AS SELECT name, id + 1 FROM authors WHERE alive ORDER BY name;
    CREATE VIEW cheap AS SELECT DISTINCT author FROM books WHERE price < 9 OR title LIKE 't%';
    CREATE VIEW flags AS SELECT id, sold IS NULL AS unsold, CASE WHEN sold > 5 THEN 'hit' ELSE 'miss' END AS kind, at FROM books;
    CREATE VIEW nested AS SELECT * FROM (SELECT 1);
    CREATE VIEW loose AS SELECT author, title FROM books GROUP BY author;
    CREATE VIEW onlost AS SELECT * FROM nested;`,
  "search and triggers": `
    CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
    INSERT INTO notes VALUES (1, 'Hello', 'the quick brown fox');
    CREATE VIRTUAL TABLE notes_search USING fts5(title, body, content='notes', content_rowid='id');
    CREATE VIRTUAL TABLE own_search USING fts5(text);
    CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1);
    CREATE TRIGGER notes_added AFTER INSERT ON notes BEGIN INSERT INTO notes_search (rowid, title, body) VALUES (new.id, new.title, new.body); END;`,
};
