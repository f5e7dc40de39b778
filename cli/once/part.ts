/** What a part of `ladder migrate-storage` found, as JSON, and whether both sides are the same or there is only one yet. */
export interface Part {
  readonly result: unknown;
  readonly agrees: boolean;
}
