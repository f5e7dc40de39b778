import { Secret, UNKNOWN, type Value } from "../../../../policy/reading/value";
import type { Case, Cases } from "../cases";
import {
  ALL_KINDS,
  ALL_LISTS,
  CONTAINER,
  container,
  deployment,
  one,
  placeCases,
  podSpec,
  SPEC,
  setting,
  settingCases,
} from "./workloads";

const sound = deployment();
const inPod = (...path: string[]) => [...SPEC, "securityContext", ...path];
const inContainer = (...path: string[]) => [...CONTAINER, "securityContext", ...path];
const both = (...path: string[]) => [inPod(...path), inContainer(...path)];

const OLD_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/app";
const annotated = (value: Value, key = OLD_APP_ARMOR) =>
  setting(sound, ["spec", "template", "metadata", "annotations"], { [key]: value });
const withVolumes = (...volumes: readonly Value[]) => setting(sound, [...SPEC, "volumes"], volumes);
const userNamespace = (hostUsers: Value, path: readonly (string | number)[], value: Value) =>
  setting(setting(sound, [...SPEC, "hostUsers"], hostUsers), path, value);

const PROBE_HOSTS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
].flatMap((path) => ["httpGet", "tcpSocket"].map((kind) => [...CONTAINER, ...path, kind, "host"]));

const BASELINE: readonly Case[] = [
  ...placeCases({ ...container, securityContext: { privileged: true } }, ALL_KINDS, ALL_LISTS),
  ...["hostNetwork", "hostPID", "hostIPC"].flatMap((name) =>
    settingCases(sound, [...SPEC, name], { good: [false], bad: [true, "false"] }),
  ),
  ...settingCases(sound, inContainer("privileged"), { good: [false], bad: [true] }),
  ...both("windowsOptions", "hostProcess").flatMap((path) => settingCases(sound, path, { good: [false], bad: [true] })),
  ...both("seccompProfile", "type").flatMap((path) =>
    settingCases(sound, path, { good: ["RuntimeDefault", "Localhost"], bad: ["Unconfined", ""] }),
  ),
  ...both("appArmorProfile", "type").flatMap((path) =>
    settingCases(sound, path, { good: ["RuntimeDefault", "Localhost"], bad: ["Unconfined"] }),
  ),
  ...both("seLinuxOptions", "type").flatMap((path) =>
    settingCases(sound, path, {
      good: ["container_t", "container_init_t", "container_kvm_t", "container_engine_t", ""],
      bad: ["spc_t"],
    }),
  ),
  ...["user", "role"].flatMap((name) =>
    both("seLinuxOptions", name).flatMap((path) => settingCases(sound, path, { good: [""], bad: ["system_u", 7] })),
  ),
  ...PROBE_HOSTS.flatMap((path) => settingCases(sound, path, { good: [""], bad: ["metadata.internal"] })),
  ...settingCases(sound, [...CONTAINER, "ports", 0, "hostPort"], { good: [0], bad: [80, 1] }),
  ...[
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD",
    "NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT",
  ].map((names) => one("pass", names, setting(sound, inContainer("capabilities", "add"), names.split(" ")))),
  one("pass", "no capability", setting(sound, inContainer("capabilities", "add"), [])),
  one(
    "fail",
    "one capability of several",
    setting(sound, inContainer("capabilities", "add"), ["CHOWN", "SYS_ADMIN", "KILL"]),
    "violated",
  ),
  one("fail", "two", setting(sound, inContainer("capabilities", "add"), ["NET_RAW", "ALL"]), "violated", "violated"),
  one("unknown", "one capability", setting(sound, inContainer("capabilities", "add"), ["KILL", UNKNOWN]), "unverified"),
  one("unknown", "all capabilities", setting(sound, inContainer("capabilities", "add"), UNKNOWN), "unverified"),
  one("wrong type", "capabilities as a text", setting(sound, inContainer("capabilities", "add"), "KILL"), "violated"),
  one(
    "wrong type",
    "a security context that is none",
    setting(sound, inContainer(), 7),
    "violated",
    "violated",
    "violated",
    "violated",
  ),
  one("unknown", "the pod's security context", setting(sound, inPod(), UNKNOWN), "unverified", "unverified"),
  {
    ...one(
      "fail",
      "a path of the machine",
      withVolumes({ name: "a", emptyDir: {} }, { name: "b", hostPath: { path: "/" } }),
      "violated",
    ),
    says: ["volumes[1].hostPath"],
  },
  one("unknown", "a path", withVolumes({ name: "b", hostPath: UNKNOWN }), "unverified"),
  one("unknown", "a volume", withVolumes(UNKNOWN), "unverified"),
  ...[
    "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_wmem",
    "net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_fin_timeout net.ipv4.tcp_rmem",
    "net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time net.ipv4.tcp_syncookies",
  ].map((names) =>
    one(
      "pass",
      names,
      setting(
        sound,
        inPod("sysctls"),
        names.split(" ").map((name) => ({ name, value: "1" })),
      ),
    ),
  ),
  one("fail", "a parameter of the machine", setting(sound, inPod("sysctls"), [{ name: "kernel.msgmax" }]), "violated"),
  one("absent", "a parameter without a name", setting(sound, inPod("sysctls"), [{ value: "1" }]), "violated"),
  ...settingCases(sound, inContainer("procMount"), { good: ["Default"], bad: ["Unmasked"] }),
  one("pass", "all of /proc in a user namespace", userNamespace(false, inContainer("procMount"), "Unmasked")),
  one(
    "fail",
    "all of /proc, of the machine's users",
    userNamespace(true, inContainer("procMount"), "Unmasked"),
    "violated",
  ),
  one("fail", "hostUsers as a text", userNamespace("false", inContainer("procMount"), "Unmasked"), "violated"),
  {
    ...one("unknown", "hostUsers", userNamespace(UNKNOWN, inContainer("procMount"), "Unmasked"), "unverified"),
    says: ["hostUsers"],
  },
  one("unknown", "hostUsers does not matter", userNamespace(UNKNOWN, inContainer("procMount"), "Default")),
  ...["runtime/default", "localhost/mine", ""].map((profile) => one("pass", `AppArmor ${profile}`, annotated(profile))),
  one("pass", "another annotation", annotated("unconfined", "example.org/note")),
  one("fail", "AppArmor taken away", annotated("unconfined"), "violated"),
  one("fail", "a profile that only looks local", annotated("my-localhost/x"), "violated"),
  one("wrong type", "AppArmor as a number", annotated(1), "violated"),
  { ...one("unknown", "AppArmor", annotated(UNKNOWN), "unverified"), says: ["AppArmor"] },
];

const badPod = (path: readonly string[], value: Value | undefined) => setting(sound, inPod(...path), value);
const own = (path: readonly string[], podValue: Value | undefined, value: Value | undefined) =>
  setting(setting(sound, inPod(...path), podValue), inContainer(...path), value);
const NON_ROOT = ["runAsNonRoot"];
const SECCOMP = ["seccompProfile", "type"];

const RESTRICTED: readonly Case[] = [
  ...placeCases({ ...container, securityContext: { capabilities: { drop: ["ALL"] } } }, ALL_KINDS, ALL_LISTS),
  ...settingCases(sound, inContainer("allowPrivilegeEscalation"), {
    good: [false],
    bad: [true, "false"],
    absent: "violated",
  }),
  ...settingCases(sound, inContainer("capabilities", "drop"), {
    good: [["ALL"], ["NET_RAW", "ALL"]],
    bad: [["NET_RAW"], [], ["all"]],
    absent: "violated",
  }),
  one("unknown", "one that is dropped", setting(sound, inContainer("capabilities", "drop"), [UNKNOWN]), "unverified"),
  one("pass", "a low port", setting(sound, inContainer("capabilities", "add"), ["NET_BIND_SERVICE"])),
  one(
    "fail",
    "a capability that baseline allows",
    setting(sound, inContainer("capabilities", "add"), ["CHOWN"]),
    "violated",
  ),
  ...settingCases(sound, inContainer("procMount"), { good: ["Default"], bad: ["Unmasked"] }),
  one(
    "fail",
    "all of /proc even in a user namespace",
    userNamespace(false, inContainer("procMount"), "Unmasked"),
    "violated",
  ),
  ...settingCases(sound, inPod(...NON_ROOT), { good: [true], absent: "violated" }).filter(
    ({ kind }) => kind !== "wrong type",
  ),
  {
    ...one(
      "fail",
      "root, told by the pod, once for the pod and once for its containers",
      badPod(NON_ROOT, false),
      "violated",
      "violated",
    ),
    says: ["`spec.template.spec.securityContext.runAsNonRoot`"],
  },
  one(
    "fail",
    "two containers of a pod that does not say",
    setting(deployment(podSpec([container, container])), inPod(...NON_ROOT), undefined),
    "violated",
  ),
  one("wrong type", "runAsNonRoot as a text", badPod(NON_ROOT, "true"), "violated", "violated"),
  one("pass", "each container says it", own(NON_ROOT, undefined, true)),
  {
    ...one("fail", "one container may be root", own(NON_ROOT, true, false), "violated"),
    says: ["containers[0].securityContext.runAsNonRoot"],
  },
  one("fail", "a pod that may, whatever its containers say", own(NON_ROOT, false, true), "violated"),
  one("pass", "root in a user namespace", userNamespace(false, inPod(...NON_ROOT), false)),
  one("unknown", "hostUsers", userNamespace(UNKNOWN, inPod(...NON_ROOT), false), "unverified"),
  ...[inPod("runAsUser"), inContainer("runAsUser")].flatMap((path) =>
    settingCases(sound, path, { good: [1, 10_001], bad: [0, -1, "0"] }),
  ),
  one("pass", "user 0 in a user namespace", userNamespace(false, inContainer("runAsUser"), 0)),
  one("fail", "user 0 of the machine", userNamespace(true, inContainer("runAsUser"), 0), "violated"),
  one("pass", "each container has seccomp", own(SECCOMP, undefined, "Localhost")),
  one("absent", "no seccomp", badPod(SECCOMP, undefined), "violated"),
  one(
    "fail",
    "a pod without seccomp, whatever its containers say",
    own(SECCOMP, "Unconfined", "Localhost"),
    "violated",
  ),
  {
    ...one("fail", "a container without seccomp", own(SECCOMP, "RuntimeDefault", "Unconfined"), "violated"),
    says: ["containers[0]"],
  },
  one("unknown", "the pod's seccomp", badPod(SECCOMP, UNKNOWN), "unverified"),
  one("secret", "seccomp", badPod(SECCOMP, new Secret("RuntimeDefault"))),
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"].map(
    (kind) => one("pass", `a volume of kind ${kind}`, withVolumes({ name: "a", [kind]: {} })),
  ),
  ...["hostPath", "nfs", "awsElasticBlockStore", "image"].map((kind) =>
    one(
      "fail",
      `a volume of kind ${kind}`,
      withVolumes({ name: "b", emptyDir: {} }, { name: "a", [kind]: {} }),
      "violated",
    ),
  ),
  one("pass", "a volume the content of which is not known", withVolumes({ name: "a", secret: UNKNOWN })),
  one("unknown", "a volume", withVolumes(UNKNOWN), "unverified"),
  one("wrong type", "a volume that is none", withVolumes(7), "violated"),
];

export const CASES: Cases = { "k8s-baseline": BASELINE, "k8s-restricted": RESTRICTED };
