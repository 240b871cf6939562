// `cpral serve`: all services in this process tree, until Ctrl-C.
import { once } from 'node:events';
import type { CommandOf } from '../command.ts';
import { type Io, print, tell } from '../io.ts';
import { readSecurity, startEmbedded } from '../serve.ts';

export async function serve(
  { home, listen, pageListens, workers, logLevel }: CommandOf<'serve'>,
  io: Io,
): Promise<void> {
  const security = readSecurity({ listen, pageListens });
  const services = await startEmbedded({ home, listen, pageListens, workers, logLevel, ...security });
  try {
    const asked = listen.endsWith(':0') || services.address === listen;
    if (!asked) {
      print(io, services.address);
      tell(io, `another process serves ${home} already, at ${services.address}`);
      return;
    }
    print(io, services.address);
    tell(io, `cpral serves ${home} at ${services.address}; Ctrl-C ends it`);
    if (!security.identity) tell(io, 'access is open: whoever reaches these addresses is the owner');
    if (services.labelToolUrl) tell(io, `the label tool, for people: ${services.labelToolUrl}`);
    if (!io.signal.aborted) await once(io.signal, 'abort');
    tell(io, 'ending ...');
  } finally {
    await services.close();
  }
}
