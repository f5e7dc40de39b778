/**
 * What the bundled program has in place of `glob` and `jiti`: node-pg-migrate imports both to find and load migrations from
 * folders, and here they come from memory. Whoever calls one of them has asked for a folder.
 */
export const createJiti = (): { import(path: string): never } => ({
  import: (path) => {
    throw new Error(`${path}: migrations in JavaScript or TypeScript are not supported`);
  },
});

export const glob = (pattern: string): never => {
  throw new Error(`${pattern}: migrations are not looked for by a pattern`);
};
