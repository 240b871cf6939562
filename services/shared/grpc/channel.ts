// A channel between services: spread over all replicas, and patient with one that is going.
import type { ChannelOptions } from '@grpc/grpc-js';

/** Only what changes nothing when it arrives twice is sent again by the channel. */
const RETRIED = ['RenewLease', 'CompleteWorkItem'].map((method) => ({ service: 'cpral.v1.WorkQueue', method }));

/** A registry that was away for a minute is found again at once: by default a channel would wait up to two minutes more. */
const MAX_RECONNECT_MS = 2_000;

export const SERVICE_CHANNEL: ChannelOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_reconnect_backoff_ms': MAX_RECONNECT_MS,
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: RETRIED,
        retryPolicy: {
          maxAttempts: 4,
          initialBackoff: '0.2s',
          maxBackoff: '2s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
};
