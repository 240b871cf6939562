// `cpral export model`: the weights as safetensors or the network as ONNX, and beside it what a program needs to use them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Model } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import { readSafetensors } from '../../shared/model/safetensors.ts';
import { onnxModel } from '../../shared/onnx/onnx-model.ts';
import type { RegistryClient } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';

export async function exportModel({ connection, id, out, format }: CommandOf<'export model'>, io: Io): Promise<void> {
  await withClient(connection, io.signal, async (client) => {
    const model = await findModel(client, id);
    if (!model.weights) throw new CpralError('FAILED_PRECONDITION', `model ${model.modelId} has no weights`);
    const weights = await client.downloadObject(model.weights);
    const { datasetId } = await client.getCampaign(model.campaignId);
    const { classMap } = await client.getDataset(datasetId);
    const description = { ...(Model.toJSON(model) as object), datasetId, classes: classMap?.classes ?? [] };
    const beside = `${out.replace(/\.(safetensors|onnx)$/, '')}.json`;
    await mkdir(path.dirname(path.resolve(out)), { recursive: true });
    await writeFile(out, format === 'onnx' ? asOnnx(model, weights) : weights);
    await writeFile(beside, `${JSON.stringify(description, null, 2)}\n`);
    print(io, `${out}\n${beside}`);
  });
}

function asOnnx({ network, classCount, size, modelId, campaignId, cycle }: Model, bytes: Uint8Array): Uint8Array {
  if (!network || !size)
    throw new CpralError('FAILED_PRECONDITION', `model ${modelId} does not say what network it is`);
  const weights = readSafetensors(bytes, `weights of ${modelId}`);
  const metadata = { model: modelId, campaign: campaignId, cycle: String(cycle) };
  return onnxModel({ network, classCount, size, weights, metadata });
}

/** A model by its own id, or the newest one of a campaign. */
async function findModel(client: RegistryClient, id: string): Promise<Model> {
  const byId = await client.getModel(id).catch(unlessMissing);
  if (byId) return byId;
  const cycles = await client.cycles(id).catch(unlessMissing);
  if (!cycles) throw new CpralError('NOT_FOUND', `"${id}" is neither a model nor a campaign`);
  const newest = cycles.findLast(({ modelId }) => modelId !== '');
  if (!newest) throw new CpralError('FAILED_PRECONDITION', `campaign ${id} has no trained model yet`);
  return client.getModel(newest.modelId);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof CpralError && error.code === 'NOT_FOUND') return undefined;
  throw error;
}
