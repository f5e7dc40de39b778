"use strict";
// Lets one run at a time install the dependencies. Plain JavaScript without dependencies, for the same reason as
// bootstrap.cjs. The lock is a file that names two processes, the run that holds it and its npm: an npm goes on when its
// run is killed, and a second one beside it would tear the installation apart.
const fs = require("node:fs");
const path = require("node:path");

/** How often the holder shows that it lives, by the file's time. */
const RENEW_MS = 15_000;
/** A file that was not renewed for so long names nobody who lives, where the system does not tell more. */
const STALE_MS = 60_000;

/**
 * Takes the lock, once: undefined when another run, or the npm that it left, lives and holds it.
 * Throws the file system's error when the folder cannot be written.
 */
function takeInstallLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const self = identity(process.pid);
  // Written under another name and then linked or renamed: nobody ever reads half a lock.
  fs.writeFileSync(draft, self);
  try {
    while (!link(draft, file)) {
      const found = read(file);
      if (found !== undefined && !removeStale(file, found)) return undefined;
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  const isOurs = () => read(file)?.text.split("\n")[0] === self;
  const renewing = setInterval(() => {
    if (isOurs()) fs.utimesSync(file, new Date(), new Date());
  }, RENEW_MS);
  return {
    /** Names the npm that works under this lock. */
    name(npm) {
      fs.writeFileSync(draft, `${self}\n${identity(npm)}`);
      fs.renameSync(draft, file);
    },
    release() {
      clearInterval(renewing);
      if (isOurs()) fs.rmSync(file, { force: true });
    },
  };
}

function link(draft, file) {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function read(file) {
  try {
    return { text: fs.readFileSync(file, "utf8"), mtimeMs: fs.statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes a lock that nobody holds any more; false when somebody does. */
function removeStale(file, { text, mtimeMs }) {
  const fresh = Date.now() - mtimeMs < STALE_MS;
  if (text.split("\n").some((process) => lives(process, fresh))) return false;
  // Two runs may find the same stale lock. What the slower one moves aside may be the new lock of the quicker one.
  const aside = `${file}.${process.pid}.old`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return true;
    throw error;
  }
  if (fs.readFileSync(aside, "utf8") !== text) link(aside, file);
  fs.rmSync(aside, { force: true });
  return true;
}

/** A process by its number and, where the system tells it, its start: numbers are given again, also to ourselves. */
function identity(pid) {
  return `${pid} ${startOf(pid) ?? ""}`.trim();
}

function lives(written, fresh) {
  const [pid, start] = written.split(" ");
  if (!(Number(pid) > 0) || Number(pid) === process.pid || !isAlive(Number(pid))) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined ? fresh : start === now;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** When a process began, in ticks since the machine did; undefined where there is no /proc. */
function startOf(pid) {
  try {
    // The name in parentheses may hold blanks; the start is the 20th field after it.
    return fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}

module.exports = { takeInstallLock };
