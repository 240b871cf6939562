// A NATS server of a test's own, which the test may stop, and buses on it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNats } from '../../deploy/servers/nats.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import { natsBus } from '../../services/shared/bus/nats/nats-bus.ts';
import { readNatsUrl } from '../../services/shared/bus/nats/nats-url.ts';
import { silent } from './silent.ts';

/** @param settings further lines of its configuration */
export async function startTestNats(settings?: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-nats-'));
  const { server, configFile } = await startNats(folder, () => {}, settings);
  return {
    url: server.url,
    server,
    configFile,
    async close() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A bus as one process has it, connected. */
export async function connectedBus(url: string, maxMessages?: number): Promise<Bus> {
  const bus = natsBus({ ...readNatsUrl(url), log: silent, ...(maxMessages !== undefined && { maxMessages }) });
  const end = Date.now() + CONNECT_LIMIT_MS;
  for (;;) {
    try {
      await bus.publishEvent({
        id: `probe-${process.pid}`,
        type: 'test.probe',
        subject: '',
        time: new Date(),
        data: {},
      });
      return bus;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

const CONNECT_LIMIT_MS = 20_000;
const POLL_MS = 50;
