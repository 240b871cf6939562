// How people sign in, from the environment: by the OIDC provider whose tokens the registry believes.
import { createHash, randomBytes } from 'node:crypto';
import { invalid } from '../../shared/errors.ts';
import { type OidcConfig, readKey } from '../../shared/identity/identity-config.ts';

export interface SignInConfig {
  readonly issuer: string;
  readonly rolesClaim: string;
  readonly clientId: string;
  /** Undefined: a public client, which the code's proof alone protects. */
  readonly clientSecret: string | undefined;
  /** Where people reach the label tool; undefined on the loopback. */
  readonly publicUrl: string | undefined;
  /** Of 32 bytes, by which cookies are sealed. */
  readonly sessionKey: Buffer;
}

const CLIENT = 'CPRAL_LABEL_TOOL_OIDC_CLIENT_ID';
const SECRET_FILE = 'CPRAL_LABEL_TOOL_OIDC_SECRET_FILE';
const SESSION_FILE = 'CPRAL_LABEL_TOOL_SESSION_KEY_FILE';
const URL_NAME = 'CPRAL_LABEL_TOOL_URL';

/**
 * @param oidc undefined: nobody signs in
 * @throws INVALID_ARGUMENT naming the variable
 */
export function readSignIn(
  environment: Readonly<Record<string, string | undefined>>,
  oidc: OidcConfig | undefined,
  { onLoopback }: { readonly onLoopback: boolean },
): SignInConfig | undefined {
  if (!oidc) return undefined;
  const clientId = environment[CLIENT];
  if (!clientId) throw invalid(`${CLIENT}: expected the client that people sign in by, got nothing`, { field: CLIENT });
  if (!oidc.audiences.includes(clientId)) {
    throw invalid(`CPRAL_OIDC_AUDIENCE: expected "${clientId}" among them, which people's tokens are for`, {
      field: 'CPRAL_OIDC_AUDIENCE',
    });
  }
  const publicUrl = environment[URL_NAME] || undefined;
  const isSecure = publicUrl !== undefined && URL.canParse(publicUrl) && publicUrl.startsWith('https://');
  if (publicUrl === undefined ? !onLoopback : !isSecure) {
    throw invalid(`${URL_NAME}: expected the https:// address that people use, got ${publicUrl ?? 'nothing'}`, {
      field: URL_NAME,
    });
  }
  const secretFile = environment[SECRET_FILE];
  const sessionFile = environment[SESSION_FILE];
  return {
    ...{ issuer: oidc.issuer, rolesClaim: oidc.rolesClaim, clientId, publicUrl },
    clientSecret: secretFile ? readKey(secretFile, SECRET_FILE, 1) : undefined,
    // Without a file a start signs everybody out, and replicas do not know each other's people.
    sessionKey: sessionFile
      ? createHash('sha256').update(readKey(sessionFile, SESSION_FILE)).digest()
      : randomBytes(32),
  };
}
