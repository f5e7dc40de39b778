/** Quotes any text for a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The `export …` lines that let a user type plain `pulumi` against the same engine and state: everything in which the
 * engine's environment differs from the user's. Holds the path of the passphrase file, never the passphrase.
 */
export function shellExports(user: NodeJS.ProcessEnv, engine: NodeJS.ProcessEnv): string[] {
  return Object.keys(engine)
    .filter((name) => engine[name] !== user[name] && /^[A-Za-z_]\w*$/.test(name))
    .sort()
    .map((name) => `export ${name}=${shellQuote(engine[name] ?? "")}`);
}
