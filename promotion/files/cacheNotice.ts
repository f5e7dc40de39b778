/**
 * What is to be announced of the cache at a cut-over: nothing is moved, sessions are made anew at the login (S1-37, S1-46). Undefined
 * when the cache stays as it is, and with it the sessions.
 */
export function cacheNotice(from: { readonly type: string }, to: { readonly type: string }): string | undefined {
  if (from.type === to.type) return undefined;
  return `The cache changes from ${from.type} to ${to.type}, and nothing of it is moved: all sessions end when the application restarts, and everybody logs in again. Announce it.`;
}
