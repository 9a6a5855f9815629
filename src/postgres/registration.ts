import { ReleaseError } from '../core/rules/release-error';
import type { Registration } from './prepare';
import type { Session } from './session';

/** The marker that we put into a clone's comment; a copy of the database does not inherit it. */
export const MARKER = /^one-roof clone (\{.*\})$/;

/**
 * Is this the database that is meant? Production by the nonce that targets.yaml repeats; a clone by its own registration
 * *and* the marker in its comment, for a physical copy of production would carry production's registration. Invariant 9.
 * @throws NOT_PREPARED without schema one_roof, WRONG_REGISTRATION otherwise.
 */
export async function verifyRegistration(
  session: Session,
  expected: Omit<Registration, 'name'>,
): Promise<void> {
  const prepared = await session.query(`select pg_catalog.to_regclass('one_roof.target') is not null as yes`);
  if (prepared.rows[0]?.['yes'] !== true) {
    throw new ReleaseError('NOT_PREPARED', `database ${await nameOf(session)} has no schema one_roof`);
  }
  const answer = await session.query(
    `select t.name, t.kind, t.nonce, d.oid::text, pg_catalog.shobj_description(d.oid, 'pg_database') as comment
       from one_roof.target t, pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`,
  );
  const row = answer.rows[0];
  if (row === undefined)
    throw new ReleaseError('NOT_PREPARED', `database ${await nameOf(session)} is not registered`);
  const comment = typeof row['comment'] === 'string' ? row['comment'] : '';
  const marked = MARKER.test(comment);
  const markedAsThis =
    comment.includes(`"oid":"${String(row['oid'])}"`) && comment.includes(`"nonce":"${expected.nonce}"`);
  if (
    row['kind'] !== expected.kind ||
    row['nonce'] !== expected.nonce ||
    (expected.kind === 'clone' ? !markedAsThis : marked)
  ) {
    throw new ReleaseError(
      'WRONG_REGISTRATION',
      `database ${await nameOf(session)} is registered as ${standing({ ...row, marked })}; ` +
        `${expected.kind === 'clone' ? 'a clone' : 'a target'} with another registration was meant`,
    );
  }
}

/** What it says of itself, and whether its marker agrees. */
function standing(found: { readonly kind?: unknown; readonly name?: unknown; marked: boolean }): string {
  const name = String(found.name);
  if (found.kind === 'clone') return `a clone of ${name}${found.marked ? '' : ', but not marked as one'}`;
  return `target ${name}${found.marked ? ', but marked as a clone' : ''}`;
}

/** targets.yaml repeats no registration: nobody could tell whether this is the database that is meant. */
export function unregistered(target: string): ReleaseError {
  return new ReleaseError('NOT_PREPARED', `targets.yaml gives no registration for target ${target}`, {
    hint:
      `Run \`one-roof target prepare ${target}\`, let a DBA run the SQL that it prints, ` +
      `and put the nonce that it prints into \`registration:\` of ${target} in targets.yaml.`,
  });
}

async function nameOf(session: Session): Promise<string> {
  const answer = await session.query('select pg_catalog.current_database() as name');
  return String(answer.rows[0]?.['name']);
}
