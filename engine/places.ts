import { join } from "node:path";

/** The project's own, git-ignored folder and what the engine keeps in it. */
export function placesOf(root: string) {
  const own = join(root, ".ladder");
  return {
    own,
    /** The file backend's folder, used when the user has no backend of their own. */
    state: join(own, "state"),
    passphrase: join(own, "passphrase"),
    /** PULUMI_HOME for users whose ~/.pulumi cannot be written. */
    pulumiHome: join(own, "pulumi-home"),
  };
}

/** A folder as the file backend wants it: the engine decodes percent signs, so everything special is encoded. */
export function backendUrl(folder: string): string {
  return `file://${folder.split("/").map(encodeURIComponent).join("/")}`;
}
