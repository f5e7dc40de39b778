/** How the application is pointed at the other database. The command knows the stack's settings; a promotion only needs this. */
export interface Flip {
  /** What `flip` will do or what the user is to do, a line each; no password. */
  describe(): string[];
  /** Points the application at PostgreSQL. May be called again when it was cut off. */
  flip(): Promise<void>;
  /** Points it at SQLite again. */
  unflip(): Promise<void>;
  /** What the settings name now. */
  state(): Promise<"old" | "new">;
}
