import type { Outcome } from '../whole-channel';

/** How many texts came to what. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(outcome: Outcome): void {
    const name = nameOf(outcome);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  get permitted(): number {
    return this.sum((name) => name.startsWith('permitted'));
  }

  toString(): string {
    const rows = [...this.counts].sort(([a], [b]) => a.localeCompare(b, 'en'));
    return rows.map(([name, count]) => `${String(count).padStart(7)} ${name}`).join('\n');
  }

  private sum(fits: (name: string) => boolean): number {
    return [...this.counts].reduce((sum, [name, count]) => sum + (fits(name) ? count : 0), 0);
  }
}

function nameOf(outcome: Outcome): string {
  if (outcome.end === 'answered') return 'permitted, answered';
  if (outcome.end === 'refused') return `refused: ${outcome.layer}`;
  return `permitted, ended with ${outcome.code}`;
}
