// The stream of work is deleted, with every message and every consumer in it.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { WORK_STREAM } from '../../../../services/shared/bus/nats/topology.ts';
import { again, type Fault } from '../fault.ts';

const PAUSE_MS = [500, 3_000] as const;

export const deleteStream: Fault = async (struck) => {
  const connection = await connect({ servers: struck.system.servers.nats.url });
  try {
    const manager = await jetstreamManager(connection);
    return await again(struck, PAUSE_MS, async () => {
      const deleted = await manager.streams.delete(WORK_STREAM).catch(() => false);
      if (deleted) struck.say('deleted the stream of work');
      return deleted;
    });
  } finally {
    await connection.close();
  }
};
