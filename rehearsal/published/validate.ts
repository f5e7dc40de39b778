import Ajv, { type ValidateFunction } from "ajv";
import { type Refusal, type ResourceModel, UNKNOWN, type Values } from "../model";
import { holdsUnknown } from "../wire";
import published from "./schemas.json";

/** The part of AWS's schema of a type that is used: its properties and the definitions that they point to. */
interface PublishedType {
  readonly properties: Readonly<Record<string, object>>;
  readonly definitions?: Readonly<Record<string, object>>;
}

const TYPES: Readonly<Record<string, PublishedType | undefined>> = published.types;

/** Which release of the schemas is used. */
export const PUBLISHED_RELEASE: string = published.release;

const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, coerceTypes: true });
const validators = new Map<string, ValidateFunction | undefined>();

/** The published property of an input: the same name with a capital, unless the model says otherwise. */
export function propertyOf({ names }: NonNullable<ResourceModel["published"]>, input: string): string | undefined {
  const named = names?.[input];
  if (named === false) return undefined;
  return named ?? input.charAt(0).toUpperCase() + input.slice(1);
}

function validatorOf(type: string, property: string): ValidateFunction | undefined {
  const key = `${type}/${property}`;
  if (validators.has(key)) return validators.get(key);
  const known = TYPES[type];
  const schema = known?.properties[property];
  const validator =
    schema === undefined ? undefined : ajv.compile({ ...schema, definitions: known?.definitions ?? {} });
  validators.set(key, validator);
  return validator;
}

const isScalar = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** Checks scalars and lists of scalars against the published schema. Objects differ too much between the two to be compared. */
export function checkPublished({ type, published: schema }: ResourceModel, inputs: Values): Refusal[] {
  if (schema === undefined) return [];
  if (TYPES[schema.type] === undefined) throw new Error(`${type}: no published schema of ${schema.type}`);
  return Object.entries(inputs).flatMap(([input, value]): Refusal[] => {
    if (value === UNKNOWN || holdsUnknown(value)) return [];
    if (!isScalar(value) && !(Array.isArray(value) && value.every(isScalar))) return [];
    const property = propertyOf(schema, input);
    const validate = property === undefined ? undefined : validatorOf(schema.type, property);
    if (validate === undefined || validate(structuredClone(value))) return [];
    const reason = validate.errors?.map(({ message, params }) => [message, ...allowed(params)].join(" ")).join("; ");
    return [{ property: input, reason: `${reason} (${schema.type} ${property}, as AWS publishes it)` }];
  });
}

const allowed = (params: Record<string, unknown>): string[] =>
  Array.isArray(params.allowedValues) ? [params.allowedValues.join(", ")] : [];
