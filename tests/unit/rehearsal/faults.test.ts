import fc from "fast-check";
import { expect, it } from "vitest";
import { FAULT_KINDS, type Fault, Faults, saidOf } from "../../../rehearsal/faults";

it("each change that is named goes wrong as it was told, and no other", () => {
  const faults = fc.uniqueArray(
    fc.record<Fault>({ at: fc.integer({ min: 1, max: 30 }), kind: fc.constantFrom(...FAULT_KINDS) }),
    { selector: ({ at }) => at },
  );
  fc.assert(
    fc.property(faults, (planned) => {
      const decided = new Faults(planned);
      const told = Array.from({ length: 30 }, () => decided.next());
      expect(told).toEqual(told.map((_, index) => planned.find(({ at }) => at === index + 1)?.kind));
    }),
  );
});

it("without a plan nothing goes wrong, and what is said of a fault tells that it was injected", () => {
  expect(new Faults().next()).toBeUndefined();
  const said = FAULT_KINDS.map(saidOf);
  expect(new Set(said).size).toBe(FAULT_KINDS.length);
  for (const sentence of said) expect(sentence).toMatch(/\[injected by the rehearsal\]$/);
});
