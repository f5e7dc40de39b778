import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./adapter";
import { PACK_NAME } from "./name";
import { RULES } from "./rules";
import { keepWireMessages } from "./wire";

keepWireMessages();
new PolicyPack(PACK_NAME, { policies: policiesOf(RULES) });
