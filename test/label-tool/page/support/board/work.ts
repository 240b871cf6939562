// Queue, workers, parked work and models.
import type { ModelView, WorkSummary, WorkView } from '../../../../../services/label-tool/dashboard-types.ts';

export const WORK: WorkSummary = {
  queues: [
    { kind: 'rate', open: 8, leased: 2, parked: 0 },
    { kind: 'train', open: 1, leased: 1, parked: 0 },
    { kind: 'annotate', open: 0, leased: 0, parked: 2 },
  ],
  workers: [
    {
      worker: 'scorer-7f4c',
      kind: 'rate',
      itemId: 'item-40',
      campaignId: 'streets-cpral',
      unitsDone: 12,
      unitsTotal: 32,
      leaseExpiresAt: '2026-11-20T10:05:00Z',
    },
    {
      worker: 'trainer-1',
      kind: 'train',
      itemId: 'item-44',
      campaignId: 'streets-core-set',
      unitsDone: 410,
      unitsTotal: 600,
      leaseExpiresAt: '2026-11-20T10:05:00Z',
    },
  ],
  truncated: false,
};

const PARKED_ITEM: WorkView = {
  itemId: 'item-31',
  campaignId: 'streets-cpral',
  cycle: 1,
  step: 'annotate',
  kind: 'annotate',
  state: 'parked',
  attempts: 5,
  failures: 5,
  worker: 'oracle-2',
  cause: 'image 0006R0_f02910: the image cannot be decoded, expected a PNG or JPEG, got 14 bytes of text',
  unitsDone: 0,
  unitsTotal: 1,
  createdAt: '2026-11-20T09:00:00Z',
  leaseExpiresAt: null,
};

export const PARKED: readonly WorkView[] = [
  PARKED_ITEM,
  { ...PARKED_ITEM, itemId: 'item-32', kind: 'extend_labels', step: 'extend', cause: 'the worker ran out of memory' },
];

export const MODELS: readonly ModelView[] = [0, 1, 2].map((cycle) => ({
  modelId: `model-${cycle}`,
  campaignId: 'streets-cpral',
  cycle,
  encoder: 'mobilenetv2',
  classCount: 11,
  size: { height: 180, width: 240 },
  miou: 0.4 + 0.05 * cycle,
  sizeBytes: 12_345_678,
  createdAt: '2026-11-20T09:00:00Z',
  trainingDigest: `${'5f0c9d77ab12'.repeat(5)}${cycle}abc`,
  download: `/api/v1/models/model-${cycle}/weights`,
}));
