// A client's identity on its calls: its token, and the project that it works in.
import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';

export interface Bearer {
  /** A key, or a token of the OIDC provider; empty: the connection's certificate says who calls. */
  readonly token: string;
  /** Empty: the only one that the identity has. */
  readonly project: string;
}

/** @param bearer is asked for each call, since tokens are renewed and one client may serve several people */
export function sendToken(bearer: () => Bearer | undefined): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        const { token = '', project = '' } = bearer() ?? {};
        if (token !== '') metadata.set('authorization', `Bearer ${token}`);
        if (project !== '') metadata.set('cpral-project', project);
        next(metadata, listener);
      },
    });
}
