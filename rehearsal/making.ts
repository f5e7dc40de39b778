import { createHash } from "node:crypto";
import type { Cloud, Making, ResourceModel, Values } from "./model";

/** The last part of a URN. */
export const nameIn = (urn: string): string => urn.split("::").at(-1) ?? urn;

const digits = (count: number, ...parts: readonly unknown[]): string =>
  createHash("sha512").update(JSON.stringify(parts)).digest("hex").slice(0, count);

/** What a model uses to make ids and outputs. The URN and the number of the creation decide all that looks random. */
export function makingOf(urn: string, serial: number, cloud: Cloud): Making {
  const { region, account } = cloud;
  const places = { regional: [region, account], global: ["", account], bare: ["", ""] } as const;
  return {
    ...cloud,
    urn,
    name: nameIn(urn),
    hex: (count, salt = "") => digits(count, urn, serial, salt),
    arn: (service, resource, where) => ["arn:aws", service, ...places[where ?? "regional"], resource].join(":"),
  };
}

/** Inputs with the name that the provider makes where none is given; once made, it stays. */
export function autonamed(model: ResourceModel, urn: string, old: Values, now: Values, seed: string): Values {
  const auto = model.autonamed;
  if (auto === undefined || now[auto.property] !== undefined || now[`${auto.property}Prefix`] !== undefined) return now;
  const suffix = `-${digits(7, urn, seed)}`;
  const made = `${nameIn(urn).slice(0, auto.limit - suffix.length)}${suffix}`;
  return { ...now, [auto.property]: old[auto.property] ?? made };
}
