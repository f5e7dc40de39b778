import type { StackResource } from "../../../policy/reading/stackView";
import type { Value } from "../../../policy/reading/value";
import { type Case, having } from "./cases";

/** A case on one line: its kind, its title, the resources, and what the rule says, in order. */
export const caseOf = (
  kind: Case["kind"],
  title: string,
  resources: StackResource | readonly StackResource[],
  ...verdicts: Case["verdicts"]
): Case => ({ kind, title, resources: [resources].flat(), verdicts });

/** As `caseOf`, with some properties of a sound resource replaced; `undefined` leaves one out. */
export const casesWith =
  (sound: StackResource, beside: readonly StackResource[] = []) =>
  (
    kind: Case["kind"],
    title: string,
    changes: Readonly<Record<string, Value | undefined>>,
    ...verdicts: Case["verdicts"]
  ): Case =>
    caseOf(
      kind,
      title,
      [
        Object.entries(changes).reduce((changed, [name, value]) => having(changed, name.split("."), value), sound),
        ...beside,
      ],
      ...verdicts,
    );

/** A case of several resources on one line, with what else its messages must or must not say. */
export const one = (
  kind: Case["kind"],
  title: string,
  resources: readonly StackResource[],
  verdicts: Case["verdicts"] = [],
  more: Partial<Case> = {},
): Case => ({ kind, title, resources, verdicts, ...more });
