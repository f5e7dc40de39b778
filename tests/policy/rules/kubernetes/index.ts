import type { Cases } from "../cases";
import { CASES as cloudNativePg } from "./cloudNativePgCases";
import { CASES as containers } from "./containerCases";
import { CASES as objects } from "./objectCases";
import { CASES as podSecurity } from "./podSecurityCases";
import { CASES as secrets } from "./secretCases";
import { CASES as workloads } from "./workloadCases";

/** The cases of all rules about Kubernetes' objects. */
export const CASES: Cases = { ...podSecurity, ...containers, ...objects, ...secrets, ...workloads, ...cloudNativePg };
