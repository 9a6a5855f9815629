import type { FailureCode } from './failures';

/**
 * SQLSTATE → code. What another session or the server did is tried again; all else is the statement's own fault.
 * Source: PostgreSQL documentation, appendix A.
 */
export function classifySqlState(state: string): FailureCode {
  return BY_STATE[state] ?? BY_CLASS[state.slice(0, 2)] ?? 'STATEMENT_FAILED';
}

const BY_STATE: Readonly<Record<string, FailureCode>> = {
  '55P03': 'LOCK_TIMEOUT', // lock_not_available
  '40001': 'SERIALIZATION',
  '40P01': 'SERIALIZATION', // deadlock_detected
  '57P01': 'SESSION_LOST', // admin_shutdown
  '57P02': 'SESSION_LOST', // crash_shutdown
  '57P03': 'CONNECT_FAILED', // cannot_connect_now
  '57P05': 'SESSION_LOST', // idle_session_timeout
  '25P03': 'SESSION_LOST', // idle_in_transaction_session_timeout
  '53300': 'CONNECT_FAILED', // too_many_connections
  '28P01': 'AUTH_FAILED',
  '28000': 'AUTH_FAILED',
  '3D000': 'WRONG_DATABASE',
  '42501': 'PRIVILEGE_MISSING',
};

const BY_CLASS: Readonly<Record<string, FailureCode>> = { '08': 'SESSION_LOST' };
