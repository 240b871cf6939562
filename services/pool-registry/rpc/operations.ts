// Operations: one for each campaign.
import { and, desc, eq, sql } from 'drizzle-orm';
import {
  Operation,
  type OperationProgress,
  type OperationsServer,
  OperationsService,
  type WatchOperationRequest,
} from '../../../proto/gen/cpral/v1/operations.ts';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { grpcService } from '../../shared/grpc/server.ts';
import { inScope } from '../access/scope.ts';
import { lockCampaign } from '../campaign/campaign-row.ts';
import { operationProgress } from '../campaign/operation-progress.ts';
import { endCampaign } from '../campaign/state-machine.ts';
import type { RegistryContext } from '../context.ts';
import { operations } from '../schema.ts';
import { serverStream, unary } from './handlers.ts';
import { cutPage, readPage } from './pages.ts';

const MAX_WAIT_SECONDS = 60;
const WAIT_POLL_MS = 1_000;

type Row = typeof operations.$inferSelect;

export function operationsService(context: RegistryContext) {
  const { db, log, clock, changes } = context;

  const find = async (operationId: string): Promise<Row> => {
    const [row] = await db.select().from(operations).where(eq(operations.operationId, operationId));
    if (!row) throw new CpralError('NOT_FOUND', `operation "${operationId}" does not exist`, { field: 'operation_id' });
    return row;
  };

  const view = async (row: Row): Promise<Operation> => ({
    ...toOperation(row),
    progress: await operationProgress(db, row.campaignId),
  });

  return grpcService(OperationsService, {
    getOperation: unary(log, async ({ operationId }) => ({ operation: await view(await find(operationId)) })),

    listOperations: unary(log, async (request) => {
      const page = readPage(request);
      const before =
        page.after &&
        sql`(${operations.createTime}, ${operations.operationId}) < (${page.after[0]}::timestamptz, ${page.after[1]}::text)`;
      const found = await db
        .select({ row: operations, time: sql<string>`${operations.createTime}::text` })
        .from(operations)
        .where(and(inScope(operations.campaignId), before))
        .orderBy(desc(operations.createTime), desc(operations.operationId))
        .limit(page.limit + 1);
      const { rows, nextPageToken } = cutPage(found, page, ({ row, time }) => [time, row.operationId]);
      return { operations: await Promise.all(rows.map(({ row }) => view(row))), nextPageToken };
    }),

    cancelOperation: unary(log, async ({ operationId }) => {
      const { campaignId } = await find(operationId);
      await db.transaction(async (tx) => {
        const campaign = await lockCampaign(tx, campaignId);
        const [row] = await tx
          .select({ done: operations.done })
          .from(operations)
          .where(and(eq(operations.operationId, operationId), eq(operations.done, false)));
        if (!row) return;
        await endCampaign(
          tx,
          campaign,
          CampaignState.CAMPAIGN_STATE_CANCELLED,
          new CpralError('CANCELLED', 'cancelled on request'),
        );
      });
      changes.notify(campaignId);
      return { operation: await view(await find(operationId)) };
    }),

    waitOperation: unary(log, async ({ operationId, timeoutSeconds }, { signal }) => {
      if (timeoutSeconds < 0 || timeoutSeconds > MAX_WAIT_SECONDS) {
        throw invalid(`timeout_seconds: expected 0 to ${MAX_WAIT_SECONDS}, got ${timeoutSeconds}`, {
          field: 'timeout_seconds',
        });
      }
      const end = clock.now() + timeoutSeconds * 1_000;
      let row = await find(operationId);
      while (!row.done && clock.now() < end && !signal.aborted) {
        await changes.nextOf(row.campaignId, Math.min(WAIT_POLL_MS, end - clock.now()), signal);
        row = await find(operationId);
      }
      return { operation: await view(row) };
    }),

    watchOperation: serverStream(log, async function* ({ operationId }: WatchOperationRequest, { signal }) {
      const { campaignId } = await find(operationId);
      let seen = '';
      while (!signal.aborted) {
        const change = changes.nextOf(campaignId, WAIT_POLL_MS, signal);
        const operation = await view(await find(operationId));
        const now = JSON.stringify(Operation.toJSON({ ...operation, progress: withoutTimes(operation.progress) }));
        if (now !== seen) yield { operation };
        seen = now;
        if (operation.done) return;
        await change;
      }
    }),
  } satisfies OperationsServer);
}

/** What is left of the time changes without anything having happened. */
function withoutTimes(progress: OperationProgress | undefined): OperationProgress | undefined {
  return progress && { ...progress, stepTimeLeft: undefined, timeLeft: undefined };
}

function toOperation({
  operationId,
  campaignId,
  done,
  errorCode,
  errorMessage,
  createTime,
  updateTime,
}: Row): Omit<Operation, 'progress'> {
  const error = errorCode === 0 ? undefined : { code: errorCode, message: errorMessage };
  return { operationId, campaignId, done, error, createTime, updateTime };
}
