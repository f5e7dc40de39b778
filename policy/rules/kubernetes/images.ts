import { at, type Check, distinct, each, optional } from "../../checks/parts";
import { shown, unverified, violated } from "../../checks/property";
import { readText } from "../../reading/reader";
import { FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";
import { ofContainers, ofPod, POD_TYPES } from "./pods";

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** The tag is what follows the last colon, unless that is the port of a registry: then a slash comes behind it. */
const tagOf = (image: string): string => /:([^:/]+)$/.exec(image)?.[1] ?? "";

const isPinned = (image: string): boolean =>
  image.includes("@") ? DIGEST.test(image) : !["", "latest"].includes(tagOf(image));

const image =
  (holds: (image: string) => boolean, must: string): Check =>
  (from, ...path) => {
    const text = readText(from, ...path);
    if (text.state === "unknown") return unverified(shown(path));
    return text.state === "known" && holds(text.value) ? [] : violated(`${shown(path)} must ${must}.`);
  };

const imageRule = (
  info: Pick<ResourceRule, "name" | "description" | "why" | "remedy" | "ids">,
  check: Check,
): ResourceRule => ({
  scope: "resource",
  ...info,
  levels: FROM_ENTERPRISE,
  types: POD_TYPES,
  check: (resource) =>
    distinct([
      ...ofContainers(resource, at(["image"], check)),
      // A volume may be an image too.
      ...ofPod(resource, at(["volumes"], each(at(["image", "reference"], optional(check))))),
    ]),
});

const k8sImagePinned = imageRule(
  {
    name: "k8s-image-pinned",
    description: "Every image is told by a tag that is not `latest`, or by its digest.",
    why: "`latest` is whatever was pushed last: two pods of one Deployment may run different programs, and nobody can go back.",
    remedy: "Name the version: `registry/name:1.2.3`, or better `registry/name@sha256:…`.",
    ids: ["C-31", "S1-49", "CKV_K8S_14"],
  },
  image(isPinned, "name a tag that is not `latest`, or a digest"),
);

const k8sImageDigest = imageRule(
  {
    name: "k8s-image-digest",
    description: "Every image is told by its digest.",
    why: "A tag can be pushed again: only the digest makes sure that what runs is what was tested.",
    remedy: "Set the image to `name@sha256:…`, as `docker buildx imagetools inspect <image>` shows it.",
    ids: ["C-31", "CKV_K8S_43"],
  },
  image((text) => DIGEST.test(text), "end in a digest, `@sha256:…`"),
);

/** What is asked of the images of containers. */
export const imageRules: readonly Rule[] = [k8sImagePinned, k8sImageDigest];
