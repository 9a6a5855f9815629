import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ReleaseError } from '../core/rules/release-error';

/** A Temporal server and namespace, and how to connect to it. */
export interface ServerPlace {
  readonly address: string;
  readonly namespace: string;
  readonly options: ConnectionOptions;
}

/** What was asked for by option; the rest comes from Temporal's standard environment configuration. */
export interface PlaceWish {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_NAMESPACE = 'default';

/**
 * The server of the standard environment configuration (`TEMPORAL_…` variables, profiles in its file; TLS and API keys
 * included), where options have the last word. Undefined where nothing names an address.
 * @throws CONFIG_INVALID
 */
export function configuredPlace({ address, namespace, environment }: PlaceWish): ServerPlace | undefined {
  const configured = loadEnvironment(environment);
  const { tls, apiKey, metadata } = configured.connectionOptions;
  const where = address ?? configured.connectionOptions.address;
  if (where === undefined || where === '') return undefined;
  return {
    address: where,
    namespace: namespace ?? configured.namespace ?? DEFAULT_NAMESPACE,
    options: {
      address: where,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

/** A server on this machine that needs neither TLS nor key: the embedded one. */
export function plainPlace(address: string, namespace?: string): ServerPlace {
  return { address, namespace: namespace ?? DEFAULT_NAMESPACE, options: { address } };
}

function loadEnvironment(environment: PlaceWish['environment']): ReturnType<typeof loadClientConnectConfig> {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError('CONFIG_INVALID', `Temporal's client configuration cannot be read: ${words}`, {
      hint: 'Correct the TEMPORAL_… variables or the configuration file that TEMPORAL_CONFIG_FILE names.',
      cause,
    });
  }
}
