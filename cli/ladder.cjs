#!/usr/bin/env node
"use strict";
const path = require("node:path");
require("./bootstrap.cjs").start(path.join(__dirname, "main.ts"), process.argv.slice(2));
