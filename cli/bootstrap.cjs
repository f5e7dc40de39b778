"use strict";
// Plain JavaScript, because it runs before anything is installed: it installs the dependencies when they are missing
// or out of date, and then starts a TypeScript file. `node cli/bootstrap.cjs <file> [arguments]`
const { createHash } = require("node:crypto");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { takeInstallLock } = require("./installLock.cjs");

const root = path.resolve(__dirname, "..");
const stamp = path.join(root, "node_modules", ".ladder-installed");
const lockFile = path.join(root, ".ladder", "install.lock");
const OLDEST_NODE = [20, 19];

const say = (line) => process.stderr.write(`${line}\n`);

class SetupError extends Error {}

/** What node_modules must have been installed for: this lockfile, on this version of Node's binary interface. */
function wanted() {
  const lockfile = fs.readFileSync(path.join(root, "package-lock.json"));
  return createHash("sha256").update(lockfile).update(process.versions.modules).update(process.arch).digest("hex");
}

function isInstalled() {
  try {
    if (fs.readFileSync(stamp, "utf8") === wanted()) return true;
  } catch {
    // No stamp: either nothing is installed, or somebody typed `npm install`.
  }
  if (!isInstalledByHand()) return false;
  fs.writeFileSync(stamp, wanted());
  return true;
}

/** True when `npm install` has put everything there that the lockfile asks for, the compiled module included. */
function isInstalledByHand() {
  if (fs.existsSync(stamp)) return false;
  try {
    const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages;
    const there = read("node_modules/.package-lock.json");
    const asked = Object.entries(read("package-lock.json")).filter(
      ([place, { optional, link }]) => place.startsWith("node_modules/") && !optional && !link,
    );
    if (!asked.every(([place, { version }]) => there[place]?.version === version)) return false;
    require(require.resolve("better-sqlite3", { paths: [root] }))(":memory:").close();
    return true;
  } catch {
    return false;
  }
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(
    `Node ${process.versions.node} is too old: scaling-ladder needs ${OLDEST_NODE.join(".")} or newer. Install a newer Node and run again.`,
  );
}

function takeLock() {
  try {
    return takeInstallLock(lockFile);
  } catch (error) {
    throw new SetupError(
      `Cannot write into the project folder ${root} (${error.code}). Run as the user who owns it, or clone it into a folder of your own.`,
    );
  }
}

async function ensureDependencies() {
  refuseOldNode();
  if (isInstalled()) return;
  let lock = takeLock();
  for (let told = false; lock === undefined; told = true, lock = takeLock()) {
    if (!told) say("Another run is installing the dependencies; waiting for it.");
    await new Promise((done) => setTimeout(done, 500));
    if (isInstalled()) return;
  }
  try {
    if (!isInstalled()) await install(lock);
  } finally {
    lock.release();
  }
}

async function install(lock) {
  refuseLink();
  say("Installing dependencies, once (about a minute; longer where better-sqlite3 must be compiled) ...");
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const heartbeat = setInterval(() => say(`  still installing, ${seconds()} s`), 15_000);
  const { code, output } = await npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], (pid) =>
    lock.name(pid),
  );
  clearInterval(heartbeat);
  if (code !== 0) throw new SetupError(installFailure(code, output));
  fs.writeFileSync(stamp, wanted());
  say(`Dependencies are installed (${seconds()} s).`);
}

/** npm would empty the folder behind a link, which belongs to somebody else. */
function refuseLink() {
  const folder = path.join(root, "node_modules");
  if (!fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new SetupError(
    `${folder} is a link, and what it leads to is not what package-lock.json asks for. Remove the link and run again, or bring its target up to date with npm ci.`,
  );
}

/** Runs npm and tells its process number. Where Node's headers lie beside it, a native module is compiled against them and nothing is downloaded. */
function npm(args, onStart) {
  const prefix = path.resolve(path.dirname(fs.realpathSync(process.execPath)), "..");
  const headers = fs.existsSync(path.join(prefix, "include", "node", "node.h"));
  const home = process.env.HOME && isWritable(process.env.HOME);
  const env = {
    ...process.env,
    ...(headers ? { npm_config_nodedir: prefix } : {}),
    // npm and node-gyp want a cache of their own; without a home they get one in the project.
    ...(home
      ? {}
      : {
          npm_config_cache: path.join(root, ".ladder", "npm-cache"),
          npm_config_devdir: path.join(root, ".ladder", "node-gyp"),
        }),
  };
  return new Promise((done) => {
    const child = spawn("npm", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    if (child.pid !== undefined) onStart(child.pid);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("error", (error) => done({ code: -1, output: error.message }));
    child.on("close", (code) => done({ code, output }));
  });
}

function isWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function installFailure(code, output) {
  if (code === -1) return `npm could not be started (${output}). Install npm beside Node and run again.`;
  const lines = output.trim().split("\n");
  const compiler = /gyp ERR|not found: make|g\+\+/.test(output)
    ? "A native module could not be compiled: install python3, make and a C++ compiler (Debian: apt-get install build-essential python3), and run again."
    : "Mend what npm says above (most often the network or a proxy), and run again: nothing half-installed is used.";
  return [...lines.slice(-25), "", `npm ci failed with exit code ${code}. ${compiler}`].join("\n");
}

/** Installs what is missing and runs a TypeScript file of the project in this process. */
async function start(file, args) {
  try {
    await ensureDependencies();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    if (args.includes("--json")) {
      process.stdout.write(`${JSON.stringify({ error: error.message, exitCode: 3 }, null, 2)}\n`);
    }
    process.exit(3);
  }
  process.argv = [process.argv[0], file, ...args];
  require("../engine/preload.cjs");
  require(file);
}

module.exports = { start, ensureDependencies, root };

if (require.main === module) {
  const [file, ...args] = process.argv.slice(2);
  start(path.resolve(root, file), args);
}
