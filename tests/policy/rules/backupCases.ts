import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, propertyCases, resource } from "./cases";
import { caseOf } from "./oneCase";

const vault = resource("aws:backup/vault:Vault", { kmsKeyArn: UNKNOWN, forceDestroy: false });
const withKey = resource("aws:backup/vault:Vault", { kmsKeyArn: "arn" });

const COPY = { destinationVaultArn: UNKNOWN, lifecycle: { deleteAfter: 35 } };
const SOUND = { lifecycle: { deleteAfter: 35 }, copyActions: [COPY] };
const plan = (...rules: readonly Value[]) => resource("aws:backup/plan:Plan", { rules });
const sound = plan(SOUND);
const kept = (deleteAfter: Value) => plan({ ...SOUND, lifecycle: { deleteAfter } });
const copied = (...copyActions: readonly Value[]) => plan({ ...SOUND, copyActions });

const RULE: readonly Case[] = [
  ...propertyCases(sound, ["rules"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { "an empty list": [[], "violated"] },
  }),
  caseOf("pass", "longer", kept(36)),
  caseOf("fail", "a day less", kept(34), "violated"),
  {
    ...caseOf(
      "pass",
      "a week on dev",
      plan({ ...SOUND, lifecycle: { deleteAfter: 7 }, copyActions: [{ ...COPY, lifecycle: { deleteAfter: 7 } }] }),
    ),
    profile: "dev",
  },
  { ...caseOf("fail", "six days on dev", kept(6), "violated"), profile: "dev" },
  caseOf("fail", "no copy", copied(), "violated"),
  caseOf("fail", "a copy for a day less", copied({ ...COPY, lifecycle: { deleteAfter: 34 } }), "violated"),
  caseOf("fail", "a copy to nowhere", copied({ lifecycle: COPY.lifecycle }), "violated"),
  {
    ...caseOf(
      "fail",
      "one rule of two, one copy of two",
      plan(SOUND, { ...SOUND, copyActions: [COPY, {}] }),
      "violated",
      "violated",
    ),
    says: ["`rules[1].copyActions[1].destinationVaultArn`", "`rules[1].copyActions[1].lifecycle.deleteAfter`"],
  },
  caseOf("absent", "no lifecycle", plan({ copyActions: [COPY] }), "violated"),
  caseOf("absent", "nothing in a rule", plan({}), "violated", "violated"),
  caseOf("wrong type", "days as a text", kept("35"), "violated"),
  caseOf("unknown", "days", kept(UNKNOWN), "unverified"),
  caseOf("unknown", "copies", plan({ ...SOUND, copyActions: UNKNOWN })),
  caseOf("unknown", "a copy", copied(UNKNOWN), "unverified"),
  caseOf("secret", "secret days", kept(new Secret(34)), "violated"),
];

export const CASES: Cases = {
  "vault-cmk": [
    ...propertyCases(withKey, ["kmsKeyArn"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { "an empty text": ["", "violated"] },
    }),
    ...propertyCases(vault, ["forceDestroy"], {
      absent: "passes",
      false: "passes",
      true: "violated",
      unknown: "unverified",
      secret: "passes",
    }),
  ],
  "backup-rule": RULE,
};
