/** The parts of a URN: `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
export interface UrnParts {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
}

/** Takes a URN apart; a name may hold `::` itself. Undefined for what is no URN. */
export function urnParts(urn: string): UrnParts | undefined {
  const [head = "", , types, ...name] = urn.split("::");
  const stack = /^urn:pulumi:(.+)$/.exec(head)?.[1];
  if (stack === undefined || types === undefined || name.length === 0) return undefined;
  return { stack, type: types.split("$").at(-1) ?? types, name: name.join("::") };
}

/** Type token of the resource, such as `aws:rds/instance:Instance`. */
export const typeOf = (urn: string): string => urnParts(urn)?.type ?? "";

/** Name of the resource in the program. */
export const nameOf = (urn: string): string => urnParts(urn)?.name ?? urn;
