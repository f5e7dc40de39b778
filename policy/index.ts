import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./adapter";
import { EXEMPTIONS_FILE, ExemptionBook, InvalidExemptions, readExemptions } from "./exemptions";
import { PACK_NAME } from "./name";
import { RULES } from "./rules";
import { keepWireMessages } from "./wire";

// The pack starts in its own folder (start.cjs).
const exemptions = readExemptions(
  join(process.cwd(), EXEMPTIONS_FILE),
  RULES.map(({ name }) => name),
);
if (exemptions instanceof InvalidExemptions) {
  console.error(`policy/${EXEMPTIONS_FILE} cannot be used: ${exemptions.problems.join("; ")}.`);
  process.exit(1);
}

keepWireMessages();
// "Not applicable" is thrown, for each resource by most of the rules; a fifth of the pack's time went into stack traces of it.
Error.stackTraceLimit = 0;
new PolicyPack(PACK_NAME, { policies: policiesOf(RULES, new ExemptionBook(exemptions)) });
