import type { Fingerprint } from '../schema/fingerprint';
import type { StepProof } from '../schema/proof';
import { compareFingerprints } from './compare-fingerprints';
import { compareRuns } from './compare-runs';
import type { Runs } from './compare-runs';

/** What is said of a step, but for its name. */
export type StepFinding = Omit<StepProof, 'id'>;

/**
 * The verdict is that on the schema, as everybody who compares dumps of the schema has it; that on the rows stands
 * apart, for a rollback that is right in all else seldom gives back rows that the step removed. All differences are told.
 */
export function judgeStep(runs: Runs): StepFinding {
  const { differences, more } = compareFingerprints(runs.before, runs.after);
  const { verdict } = compareRuns(ofEach(runs, schemaOf));
  const { verdict: rows } = compareRuns(ofEach(runs, rowsIn(sharedObjects(runs))));
  return { verdict, rows, differences, more };
}

function ofEach({ before, after, again }: Runs, part: (fingerprint: Fingerprint) => Fingerprint): Runs {
  return { before: part(before), after: part(after), again: part(again) };
}

function schemaOf(fingerprint: Fingerprint): Fingerprint {
  return { ...fingerprint, contents: {} };
}

function rowsIn(objects: Fingerprint['objects']) {
  return (fingerprint: Fingerprint): Fingerprint => ({ ...fingerprint, objects });
}

/** What stands on both sides: the rows of a table that is missing are no difference of their own. */
function sharedObjects({ before, after }: Runs): Fingerprint['objects'] {
  const names = new Set(after.objects.map(({ kind, name }) => `${kind}\0${name}`));
  return before.objects.filter(({ kind, name }) => names.has(`${kind}\0${name}`));
}
