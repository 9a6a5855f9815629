import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  isGrpcServiceError,
} from '@temporalio/client';
import { ReleaseError } from '../core/rules/release-error';

/** The gRPC status codes that mean something to us. https://grpc.io/docs/guides/status-codes/ */
const GRPC = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Who failed to answer a question: the server itself, or the worker behind it. */
export type Silence = 'server' | 'worker';

/** Why a query has no answer; undefined where the failure is neither the server's nor the worker's silence. */
export function silenceOf(error: unknown): Silence | undefined {
  if (isUnknownQuery(error)) return undefined;
  const code = grpcCodeOf(error);
  if (code === GRPC.unavailable) return 'server';
  if (isOutOfTime(code) || code === GRPC.failedPrecondition) return 'worker';
  return undefined;
}

/** How a silence showed, without the transport's own words for a time that is over. */
export function silenceWords(error: unknown): string {
  return isOutOfTime(grpcCodeOf(error)) ? 'no answer in time' : wordsOf(error);
}

/** Does the workflow answer, but know no such query? */
export function isUnknownQuery(error: unknown): boolean {
  return error instanceof QueryNotRegisteredError;
}

/** Is there no such workflow, or has it ended and takes no more signals? */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCodeOf(error) === GRPC.notFound;
}

/** Did the server refuse the request itself? */
export function isInvalidRequest(error: unknown): boolean {
  return grpcCodeOf(error) === GRPC.invalidArgument;
}

/** A failed call as the error that the user sees; what is none of the server's comes back as it is. */
export function asServerError(error: unknown, where: string): unknown {
  if (error instanceof ReleaseError) return error;
  const code = grpcCodeOf(error);
  if (code === GRPC.unauthenticated || code === GRPC.permissionDenied) {
    return new ReleaseError('SERVER_UNREACHABLE', `${where} refuses us: ${wordsOf(error)}`, {
      hint: 'Give the API key or client certificate that this server asks for: TEMPORAL_API_KEY, TEMPORAL_TLS_….',
      cause: error,
    });
  }
  if (code === undefined && !(error instanceof ServiceError)) return error;
  return new ReleaseError('SERVER_UNREACHABLE', `${where} does not answer: ${wordsOf(error)}`, {
    cause: error,
  });
}

/** The server's own words, from the innermost error that has some. */
export function wordsOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details === '' ? error.message : error.details;
  if (error instanceof Error && error.cause instanceof Error) return wordsOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}

/** The client cancels a call whose time is over, and may be faster than the server. */
function isOutOfTime(code: number | undefined): boolean {
  return code === GRPC.deadlineExceeded || code === GRPC.cancelled;
}

function grpcCodeOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcCodeOf(error.cause) : undefined;
}
