#!/bin/sh
# Brings the schema of a SQLite database up, as `ladder up` does for one on this machine, with the same record of what it got
# (local/sqlite/migrate.ts). Runs before the application, in the image with sqlite3. Safe to repeat.
#
# DATABASE_FILE    the database; made when it is not there
# CATALOGUE        logical database that it holds
# BUSY_TIMEOUT_MS  how long to wait for a lock
# MIGRATIONS       folder with history.sql, the migrations, and migrations.tsv: version, catalogue, name, checksum, file
# SCRATCH          folder to write in
set -eu
umask 077

refuse() {
  echo "$1; it was left as it is" >&2
  exit 1
}

# Without the checkpoint that the last one to close a database makes: Litestream, which may not have opened it yet, would find
# another write-ahead log than it left, and would send the whole database anew at each start.
sql() {
  sqlite3 -batch -bail -list -noheader -cmd ".timeout $BUSY_TIMEOUT_MS" \
    -cmd '.output /dev/null' -cmd '.dbconfig no_ckpt_on_close on' -cmd '.output stdout' "$@"
}

list="$MIGRATIONS/migrations.tsv"
recorded="$SCRATCH/recorded.tsv"
model="$SCRATCH/model.db"
tab=$(printf '\t')

# A file of SQL whose last statement may lack its semicolon.
statements() {
  cat "$1"
  printf '\n;\n'
}

# What the database got, oldest first; nothing when it never got a migration.
history() {
  [ "$(sql "$DATABASE_FILE" "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ladder_migrations'")" = 1 ] || return 0
  sql -separator "$tab" "$DATABASE_FILE" 'SELECT version, catalogue, name, checksum FROM ladder_migrations ORDER BY version'
}

# A history that is not a beginning of ours: another catalogue, a newer schema, an altered file.
refuse_foreign_history() {
  index=0
  while IFS="$tab" read -r version of name checksum; do
    index=$((index + 1))
    [ "$of" = "$CATALOGUE" ] || refuse "$DATABASE_FILE holds the logical database $of, not $CATALOGUE"
    ours=$(sed -n "${index}p" "$list")
    [ -n "$ours" ] || refuse "$DATABASE_FILE has a newer schema than the $((index - 1)) migrations of this release"
    [ "$version" = "$(echo "$ours" | cut -f 1)" ] || refuse "$DATABASE_FILE lacks migration $index in its history"
    [ "$checksum" = "$(echo "$ours" | cut -f 4)" ] || refuse "migration $version ($name) of $CATALOGUE was altered after $DATABASE_FILE got it"
  done <"$recorded"
}

# Tables that stood there before, without columns that the migrations would have made: IF NOT EXISTS would pass over them.
refuse_different_tables() {
  rm -f "$model"
  depth=$(wc -l <"$recorded")
  [ "$depth" -gt 0 ] || depth=1
  head -n "$depth" "$list" | cut -f 5 | while read -r file; do statements "$MIGRATIONS/$file" | sql "$model"; done
  missing=$(
    sql "$DATABASE_FILE" "ATTACH '$model' AS model" \
      "SELECT 'the table ' || t.name || ' without the column ' || c.name
       FROM model.sqlite_schema AS t, pragma_table_info(t.name, 'model') AS c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
         AND EXISTS (SELECT 1 FROM pragma_table_info(t.name, 'main'))
         AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name, 'main') AS o WHERE o.name = c.name COLLATE NOCASE)
       LIMIT 1"
  )
  rm -f "$model"
  [ -z "$missing" ] || refuse "$DATABASE_FILE has $missing"
}

# Each migration in a transaction of its own, so that a killed run leaves whole versions only.
apply() {
  [ -r "$MIGRATIONS/$5" ] || refuse "$MIGRATIONS/$5 cannot be read, so that $DATABASE_FILE does not get it"
  {
    echo 'PRAGMA foreign_keys = ON;'
    echo 'BEGIN IMMEDIATE;'
    statements "$MIGRATIONS/history.sql"
    statements "$MIGRATIONS/$5"
    printf "INSERT INTO ladder_migrations (version, catalogue, name, checksum) VALUES (%d, '%s', '%s', '%s');\n" "$1" "$2" "$3" "$4"
    echo 'COMMIT;'
  } | sql "$DATABASE_FILE"
}

history >"$recorded"
refuse_foreign_history
refuse_different_tables
mode=$(sql "$DATABASE_FILE" 'PRAGMA journal_mode = WAL')
[ "$mode" = wal ] || refuse "$DATABASE_FILE stays in journal mode $mode: its volume cannot hold a write-ahead log"

got=$(wc -l <"$recorded")
applied=0
while IFS="$tab" read -r version of name checksum file; do
  [ "$version" -gt "$got" ] || continue
  apply "$version" "$of" "$name" "$checksum" "$file"
  applied=$((applied + 1))
done <"$list"
# Said by the database, as a shell does not tell of everything that ended early.
[ "$(sql "$DATABASE_FILE" 'SELECT count(*) FROM ladder_migrations')" -eq "$((got + applied))" ] || {
  echo "$DATABASE_FILE did not get all migrations" >&2
  exit 1
}
echo "$CATALOGUE has schema version $((got + applied)); $applied applied now"
