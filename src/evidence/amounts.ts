/** 850 → `850 ms`, 61_000 → `1 min 1 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** An ISO time to the second, in UTC. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** 43_008 → `43.0 kB`; by thousands. */
export function bytes(count: number): string {
  if (Math.abs(count) < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(Math.abs(count)) / 3));
  return `${(count / 1000 ** power).toFixed(1)} ${units[power - 1] ?? 'kB'}`;
}

/** `1 tier`, `2 tiers`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** 1,234,567 with the separators of the reports. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A digest as far as people compare it. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}

/** How long ago an ISO time was. */
export function ago(iso: string, now: number): string {
  return `${duration(Math.max(0, now - Date.parse(iso)))} ago`;
}
