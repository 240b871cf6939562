// Calls that outlive their server are told so: UNAVAILABLE, the word for which clients try elsewhere. A server that is ended by force
// resets them instead, and that is taken for a call which the client itself cancelled.
import { ResponderBuilder, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';

export interface OpenCalls {
  /** Of the server whose calls they are. */
  readonly interceptor: ServerInterceptor;
  /** Ends all of them; what their handlers still say is dropped. */
  end(): void;
}

export function trackCalls(): OpenCalls {
  const open = new Set<ServerInterceptingCall>();
  return {
    interceptor(_, next) {
      const forget = () => open.delete(call);
      const responder = new ResponderBuilder()
        .withStart((start) => start({ onCancel: () => void forget() }))
        .withSendMessage((message, send) => {
          if (open.has(call)) send(message);
        })
        .withSendStatus((told, send) => {
          if (forget()) send(told);
        })
        .build();
      const call = new ServerInterceptingCall(next, responder);
      open.add(call);
      return call;
    },
    end() {
      for (const call of [...open]) call.sendStatus({ code: status.UNAVAILABLE, details: 'the server is stopping' });
    },
  };
}
