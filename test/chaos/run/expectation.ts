import type { Trial } from './trial';

/** How what was started may end: the first by the scenario and its faults, what came after it by what it was started for. */
export function outcomesOf({ plan, started, terminated, notes }: Trial, index: number): readonly string[] {
  const kinds = plan.faults.map(({ kind }) => kind);
  const first = started[0];
  const fails = plan.scenario.stock === 'broken' || plan.scenario.stock === 'one and broken';
  const good = plan.scenario.name === 'rehearsal' ? 'rehearsed' : fails ? 'rolled back' : 'released';
  const isTwo = kinds.includes('two releases at once');
  if (index > 0 && isTwo) return ['released', 'failed', 'refused', 'rolled back'];
  if (index > 0) return notes.includes('recovered: rollback') ? ['rolled back'] : [good];
  if (first !== undefined && terminated.has(first.id)) return ['terminated'];
  const isStopped = kinds.some((kind) => /cancel|abort/.test(kind));
  const stopped = [...(isStopped ? ['aborted'] : []), ...(kinds.includes('reject') ? ['rejected'] : [])];
  if (kinds.includes('disk full')) stopped.push('rolled back', 'failed'); // a verdict of the database, as far as it knows
  return isTwo ? [good, 'failed', 'refused', 'rolled back', ...stopped] : [good, ...stopped];
}
