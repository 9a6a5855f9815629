import { examineReader } from '../postgres/channel/channel-role';
import type { RoleFinding } from '../postgres/channel/channel-role';
import { readerSettings } from '../postgres/channel/reader-session';
import { resolveEndpoint } from '../postgres/endpoint';
import { withSession } from '../postgres/session';
import { targetOf } from './targets-file';
import type { KnownTargets } from './targets-file';

/** A server that answers later than this is one that a person would not wait for. */
const PATIENCE_MS = 3_000;
const READ_LIMIT_MS = 10_000;

/** Who reads a target, and what it may do beyond that. */
export interface ReaderExamined {
  readonly role: string;
  readonly findings: readonly RoleFinding[];
}

/** Logs in to a target as its reader and looks at what that role may do. @throws CONNECT_FAILED, AUTH_FAILED, CONFIG_INVALID, … */
export async function examineReaderOf(known: KnownTargets, name: string): Promise<ReaderExamined> {
  const { connection, roles } = targetOf(known, name);
  const endpoint = await resolveEndpoint(connection, roles.reader, known.environment);
  const settings = { ...readerSettings(READ_LIMIT_MS), connectTimeoutMs: PATIENCE_MS };
  return { role: roles.reader, findings: await withSession(endpoint, settings, examineReader) };
}
