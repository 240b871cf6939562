// What a client shows of itself, from the environment: its key, by a file, and the project that it works in.
import { invalid } from '../errors.ts';
import type { Bearer } from '../grpc/send-token.ts';
import { readKey } from './identity-config.ts';
import { checkProject } from './project.ts';

const KEY_FILE = 'CPRAL_KEY_FILE';

/**
 * @param isPrivate nobody else reads what goes to the address: it is the loopback, or the connection is encrypted
 * @throws INVALID_ARGUMENT naming the variable
 */
export function readBearer(
  environment: Readonly<Record<string, string | undefined>>,
  { isPrivate }: { readonly isPrivate: boolean },
): Bearer | undefined {
  const project = environment.CPRAL_PROJECT ? checkProject(environment.CPRAL_PROJECT, 'CPRAL_PROJECT') : '';
  const file = environment[KEY_FILE];
  if (!file) return project === '' ? undefined : { token: '', project };
  if (!isPrivate && environment.CPRAL_ALLOW_PLAINTEXT !== '1') {
    const how = 'certificates (CPRAL_TLS_CERT_FILE and others), or CPRAL_ALLOW_PLAINTEXT=1 where nobody else listens';
    throw invalid(`${KEY_FILE}: expected an encrypted connection to send a key over: name ${how}`, { field: KEY_FILE });
  }
  return { token: readKey(file, KEY_FILE), project };
}
