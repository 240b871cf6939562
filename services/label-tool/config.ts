// The settings of this service, from the environment.
import { tmpdir } from 'node:os';
import { type Environment, isLoopback, readAddress, readLogLevel, readTls, required } from '../shared/environment.ts';
import { invalid } from '../shared/errors.ts';
import type { TlsFiles } from '../shared/grpc/certificate-files.ts';
import { readIdentity } from '../shared/identity/identity-config.ts';
import { readTelemetryConfig, type TelemetryConfig } from '../shared/telemetry/telemetry-config.ts';
import { readSignIn, type SignInConfig } from './people/sign-in-config.ts';

const DEFAULT_LISTEN = '127.0.0.1:8080';

export interface LabelToolConfig {
  /** host:port of the HTTP server. Beyond the loopback its encryption ends in front of it. */
  readonly listen: string;
  readonly registry: string;
  /** Towards the registry; absent: plaintext. */
  readonly tls: TlsFiles | undefined;
  /** Names that people reach it by, where a proxy is in front. */
  readonly hosts: readonly string[];
  /** How people sign in; absent: whoever reaches it is the owner. */
  readonly signIn: SignInConfig | undefined;
  readonly uploadFolder: string;
  readonly logLevel: string;
  readonly telemetry: TelemetryConfig;
  readonly healthListen: string | undefined;
}

/** @throws INVALID_ARGUMENT naming the variable */
export function readConfig(environment: Environment = process.env): LabelToolConfig {
  const listen = readAddress(environment, 'CPRAL_LABEL_TOOL_LISTEN') ?? DEFAULT_LISTEN;
  checkPagePlaintext(environment, listen);
  required(environment, 'CPRAL_REGISTRY');
  return {
    listen,
    registry: readAddress(environment, 'CPRAL_REGISTRY') ?? '',
    tls: readTls(environment),
    hosts: (environment.CPRAL_LABEL_TOOL_HOSTS ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
    signIn: readSignIn(environment, readIdentity(environment)?.oidc, { onLoopback: isLoopback(listen) }),
    uploadFolder: environment.CPRAL_LABEL_TOOL_UPLOADS || tmpdir(),
    logLevel: readLogLevel(environment),
    telemetry: readTelemetryConfig(environment),
    healthListen: readAddress(environment, 'CPRAL_HEALTH_LISTEN'),
  };
}

/** There is no encryption here: beyond the loopback it is the business of what stands in front, which must have been meant. */
export function checkPagePlaintext(environment: Environment, listen: string, field = 'CPRAL_LABEL_TOOL_LISTEN'): void {
  if (isLoopback(listen) || environment.CPRAL_LABEL_TOOL_ALLOW_PLAINTEXT === '1') return;
  throw invalid(
    `${field}: "${listen}" is not the loopback: set CPRAL_LABEL_TOOL_ALLOW_PLAINTEXT=1 where a proxy in front encrypts, and knows who comes where nobody signs in here`,
    { field },
  );
}
