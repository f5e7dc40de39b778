// Writes to a database at a steady rate, in small transactions, until it is killed. Arguments: file, rows per second, name.
const Database = require("better-sqlite3");

const [, , file, rowsPerSecond, name] = process.argv;
const PERIOD_MS = 20;
const db = new Database(file, { timeout: 10_000 });
const insert = db.prepare("INSERT INTO events(writer, body) VALUES (?, ?)");
const change = db.prepare("UPDATE balance SET amount = amount + ?, changed = ? WHERE id = ?");
const start = Date.now();
let count = 0;

// Every transaction moves one unit between two balances: the sum is the same in every consistent snapshot.
const write = db.transaction(() => {
  for (const due = ((Date.now() - start) * Number(rowsPerSecond)) / 1000; count < due; count += 1)
    insert.run(name, `event ${count} ${"x".repeat(count % 200)}`);
  change.run(-1, count, 1 + (count % 50));
  change.run(1, count, 1 + ((count + 7) % 50));
});

setInterval(() => write.immediate(), PERIOD_MS);
