import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { isObject, uuid } from "../values";

/** A published application: what must be consented to, and the parameters that its template takes. */
interface Application {
  readonly capabilities: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * The applications that are used here. Source: AWS CDK, packages/aws-cdk-lib/aws-secretsmanager/lib/secret-rotation.ts, and the
 * example of the provider's resource.
 */
const APPLICATIONS: Readonly<Record<string, Application>> = {
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser": {
    capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
    required: ["endpoint", "functionName"],
    optional: ["vpcSubnetIds", "vpcSecurityGroupIds", "excludeCharacters", "kmsKeyArn"],
  },
};

function check({ applicationId, capabilities, parameters, semanticVersion }: Values): Refusal[] {
  if (applicationId === UNKNOWN) return [];
  const application = APPLICATIONS[text(applicationId)];
  if (application === undefined)
    return [
      {
        property: "applicationId",
        reason: `NotFoundException: the rehearsal knows no application ${text(applicationId)}`,
      },
    ];
  const given = isObject(parameters) ? parameters : {};
  const consented: unknown[] = Array.isArray(capabilities) ? capabilities : [];
  const lacking = application.capabilities.filter((capability) => !consented.includes(capability));
  const strange = Object.keys(given).filter(
    (name) => ![...application.required, ...application.optional].includes(name),
  );
  const missing = application.required.filter((name) => given[name] === undefined);
  const tooLong = text(given.functionName).length > 64;
  return [
    ...(lacking.length > 0
      ? [{ property: "capabilities", reason: `Requires capabilities: [${lacking.join(", ")}]` }]
      : []),
    ...(strange.length > 0
      ? [{ property: "parameters", reason: `Parameters: [${strange.join(", ")}] do not exist in the template` }]
      : []),
    ...missing.map((name) => ({ property: "parameters", reason: `Parameters: [${name}] must have values` })),
    ...(tooLong ? [{ property: "parameters", reason: "functionName must be at most 64 characters" }] : []),
    ...(/^\d+\.\d+\.\d+$/.test(text(semanticVersion)) || semanticVersion === undefined
      ? []
      : [{ property: "semanticVersion", reason: "must be a version such as 1.1.671" }]),
  ];
}

const stack: ResourceModel = {
  type: "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
  replaces: ["applicationId", "name"],
  source: "hashicorp/terraform-provider-aws internal/service/serverlessrepo/cloudformation_stack.go",
  seconds: { create: 90, update: 60, delete: 60 },
  unique: ({ name }, { region }) => (text(name) === "" ? undefined : `${region}/${text(name)}`),
  check,
  id: ({ name }, { arn, hex }) => arn("cloudformation", `stack/serverlessrepo-${text(name)}/${uuid(hex(32, "stack"))}`),
  outputs: ({ parameters }, { arn }) => ({
    outputs: {
      RotationLambdaARN: arn("lambda", `function:${isObject(parameters) ? text(parameters.functionName) : ""}`),
    },
  }),
};

/** Serverless Application Repository: stacks of published applications. */
export const serverlessrepo: readonly ResourceModel[] = [stack];
