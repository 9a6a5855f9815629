/** 850 → `850 ms`, 61_000 → `1 min 1 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 60 / 24)} d ${Math.floor(minutes / 60) % 24} h`;
}

/** 1,234,567 with the separators of the reports. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** 1_500_000 → `1.5 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  const scaled = value / 1000 ** power;
  return `${power === 0 ? String(scaled) : scaled.toFixed(1)} ${units[power] ?? 'B'}`;
}

/** An ISO time as people read it, to the second, in UTC as the histories are. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** A digest as far as people compare it. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}

/** How long ago an ISO time was. */
export function ago(iso: string, now: number): string {
  return `${duration(Math.max(0, now - Date.parse(iso)))} ago`;
}
