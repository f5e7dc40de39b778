"use strict";
// An application: writes into `users` and `posts` one transaction after the other until its standard input ends or a write is refused, and
// tells each write once SQLite has acknowledged it. `node writer.cjs <file> <name>`
const Database = require("better-sqlite3");

const [, , file, name] = process.argv;
const db = new Database(file, { timeout: 120_000 });
db.pragma("journal_mode = WAL");
let running = true;
process.stdin.on("end", () => {
  running = false;
});
process.stdin.resume();

const insert = db.prepare("INSERT INTO users (name, score) VALUES (?, ?)");
const replace = db.prepare("INSERT OR REPLACE INTO users (name, score) VALUES (?, ?)");
const update = db.prepare("UPDATE users SET score = ? WHERE name = ?");
const remove = db.prepare("DELETE FROM users WHERE name = ?");
const upsert = db.prepare(
  "INSERT INTO tags (post, tag) VALUES (?, ?) ON CONFLICT (post, tag) DO UPDATE SET tag = excluded.tag",
);

/** What a row must be once SQLite said so: null for one that is gone. In one transaction, or a part of what is refused would be there. */
const write = db.transaction((n) => {
  const user = `${name} ${n % 200}`;
  const score = n / 3;
  if (n % 7 === 6) {
    remove.run(user);
    return [user, null];
  }
  if (n % 3 === 1) replace.run(user, score);
  else if (update.run(score, user).changes === 0) insert.run(user, score);
  upsert.run(n % 50, name);
  return [user, score];
});

function go(n) {
  if (!running) return process.exit(0);
  try {
    process.stdout.write(`${JSON.stringify(write(n))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
    return process.exit(0);
  }
  setTimeout(go, 1, n + 1);
}
go(0);
