// The documented path of: ladder export-sqlite
const path = require("node:path");
require("../cli/bootstrap.cjs").start(path.join(__dirname, "../cli/main.ts"), [
  "export-sqlite",
  ...process.argv.slice(2),
]);
