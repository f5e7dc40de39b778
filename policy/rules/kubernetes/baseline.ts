import { all, at, type Check, distinct, each, leftOut, oneOf, optional, structure } from "../../checks/parts";
import { mustNotBeTrue, shown, unverified, violated } from "../../checks/property";
import { readStructure, readText } from "../../reading/reader";
import { ALWAYS, type ResourceRule } from "../../rule";
import { ofContainers, ofPod, POD_TYPES, podOf, podPath, unlessInUserNamespace } from "./pods";

/** What a container runtime gives to containers by itself. */
const CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
] as const;

/** Kernel parameters that a pod has to itself. */
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
] as const;

const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"] as const;

const confined = at(["type"], optional(oneOf("RuntimeDefault", "Localhost")));

/** What a pod and each of its containers may set alike. */
const securityContext = at(
  ["securityContext"],
  structure(
    all(
      at(["windowsOptions", "hostProcess"], mustNotBeTrue),
      at(["appArmorProfile"], confined),
      at(["seccompProfile"], confined),
      at(["seLinuxOptions", "type"], optional(oneOf(...SELINUX_TYPES))),
      at(["seLinuxOptions", "user"], leftOut),
      at(["seLinuxOptions", "role"], leftOut),
    ),
  ),
);

const pod = all(
  at(["hostNetwork"], mustNotBeTrue),
  at(["hostPID"], mustNotBeTrue),
  at(["hostIPC"], mustNotBeTrue),
  at(["volumes"], each(at(["hostPath"], leftOut))),
  securityContext,
  at(["securityContext", "sysctls"], each(at(["name"], oneOf(...SYSCTLS)))),
);

/** A probe that names a host makes the machine's agent ask any address. */
const probeHosts = [
  ...["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => [probe]),
  ...["postStart", "preStop"].map((hook) => ["lifecycle", hook]),
].flatMap((handler) => ["httpGet", "tcpSocket"].map((kind) => at([...handler, kind, "host"], leftOut)));

const container = all(
  at(["securityContext", "privileged"], mustNotBeTrue),
  at(["securityContext", "capabilities", "add"], each(oneOf(...CAPABILITIES))),
  at(["ports"], each(at(["hostPort"], leftOut))),
  securityContext,
  ...probeHosts,
);

/** All of `/proc` may be seen by a pod that is nobody outside of its user namespace. */
const procMount = unlessInUserNamespace(podOf, at(["securityContext", "procMount"], optional(oneOf("Default"))));

/** Profiles of AppArmor as they were told before they had a field. */
const OLD_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

const oldAppArmor: Check = (from, ...path) => {
  const annotations = readStructure(from, ...path);
  const keys = annotations.state === "known" ? Object.keys(annotations.value) : [];
  return keys
    .filter((key) => key.startsWith(OLD_APP_ARMOR))
    .flatMap((key) => {
      const profile = readText(from, ...path, key);
      if (profile.state === "unknown") return unverified(`An AppArmor profile in ${shown(path)} is`);
      const confines = profile.state === "known" && /^(|runtime\/default|localhost\/.*)$/.test(profile.value);
      return confines ? [] : violated(`An annotation in ${shown(path)} takes AppArmor's confinement away.`);
    });
};

/** The controls of the level "baseline" of the Pod Security Standards, as of Kubernetes 1.36. */
export const k8sBaseline: ResourceRule = {
  scope: "resource",
  name: "k8s-baseline",
  description: "No pod reaches its machine: no host namespaces, paths or ports, no privileges, no confinement undone.",
  why: "Whoever breaks into such a pod has the machine, and with it the credentials of every other pod there.",
  remedy:
    "Leave out what the message names. Only agents of the cluster itself need it, and those get an exemption and a namespace of their own.",
  ids: [
    ...[2, 3, 4, 5, 11, 12, 13].map((number) => `CIS-K8s 5.2.${number}`),
    ...[16, 17, 18, 19, 26, 27, 39].map((number) => `CKV_K8S_${number}`),
  ],
  levels: ALWAYS,
  types: POD_TYPES,
  check: (resource) =>
    distinct([
      ...ofPod(resource, pod),
      ...ofContainers(resource, all(container, procMount)),
      ...oldAppArmor(resource.props, ...podPath(resource.type), "metadata", "annotations"),
    ]),
};
