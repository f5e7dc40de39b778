import type { Progress } from "./types";

const EVERY_MS = 15_000;

/** `1 min 5 s`, `12 s` */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs `work` and gives a sign of life every 15 s: what it is doing and for how long. */
export async function withHeartbeat<T>(progress: Progress, doing: () => string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => progress(`${doing()} (${formatElapsed(Date.now() - started)})`), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
