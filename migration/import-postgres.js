// The documented path of: ladder import-postgres
const path = require("node:path");
require("../cli/bootstrap.cjs").start(path.join(__dirname, "../cli/main.ts"), [
  "import-postgres",
  ...process.argv.slice(2),
]);
