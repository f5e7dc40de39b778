import type { Reading } from "../reading/reader";
import { type Judgements, unverified, violated } from "./property";

/** What a demand on several resources comes to: kept, broken, or not to be decided before `pulumi up`. */
export type Answer = "yes" | "no" | "unknown";

export const all = (answers: readonly Answer[]): Answer =>
  answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";

export const any = (answers: readonly Answer[]): Answer =>
  answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";

export const not = (answer: Answer): Answer => (answer === "yes" ? "no" : answer === "no" ? "yes" : "unknown");

export const yesIf = (condition: boolean): Answer => (condition ? "yes" : "no");

/** Whether a value is there and meets a condition. */
export const holds = <T>(reading: Reading<T>, condition: (value: T) => boolean): Answer =>
  reading.state === "unknown" ? "unknown" : yesIf(reading.state === "known" && condition(reading.value));

/** The same of a value whose absence is right. */
export const holdsIfSet = <T>(reading: Reading<T>, condition: (value: T) => boolean): Answer =>
  reading.state === "absent" ? "yes" : holds(reading, condition);

/** The judgement of an answer. `open` completes "… not known before `pulumi up`". */
export const judged = (answer: Answer, urn: string, broken: string, open: string): Judgements =>
  answer === "yes" ? [] : answer === "no" ? violated(broken, urn) : unverified(open, urn);
