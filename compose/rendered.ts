import { composeFile, composeText, exampleText } from "./document";
import { BIND_ADDRESS, type Part, type Service, type Variable } from "./service";

/** What a tier is made of on one server. */
export interface TierParts {
  readonly app: Service;
  readonly parts: readonly Part[];
  /** What differs from the stack in its cloud, one sentence each. */
  readonly notes: readonly string[];
}

export interface Rendered {
  /** Path in the folder → text. Those that end in `.sh` are programs. */
  readonly files: Readonly<Record<string, string>>;
  /** What `.env` must or may hold. */
  readonly variables: readonly Variable[];
  readonly notes: readonly string[];
}

/** The file that Docker Compose finds by itself. */
export const COMPOSE_FILE = "compose.yaml";

/** The files of a tier, as text. */
export function rendered(stack: string, name: string, { app, parts, notes }: TierParts): Rendered {
  const file = composeFile(name, { app }, parts);
  const variables = [...parts.flatMap((part) => part.variables), ...(binds(file.services) ? [BIND_ADDRESS] : [])];
  return {
    files: {
      [COMPOSE_FILE]: composeText(file, variables, head(stack)),
      ".env.example": exampleText(variables),
      ".gitignore": "# Passwords.\n.env*\n!.env.example\n",
      ...Object.assign({}, ...parts.map(({ files }) => files)),
    },
    variables,
    notes,
  };
}

const binds = (services: Readonly<Record<string, Service>>): boolean =>
  JSON.stringify(services).includes(`__${BIND_ADDRESS.name}__`);

const head = (stack: string): string =>
  [
    `Rendered by \`ladder compose ${stack}\` from Pulumi.${stack}.yaml; rendering it again replaces it.`,
    "What you want otherwise goes into compose.override.yaml beside it, which Docker Compose reads as well.",
    "Passwords come from .env; .env.example names them. More: docs/compose.md of the project.",
  ].join("\n");
