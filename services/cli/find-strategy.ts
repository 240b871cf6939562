// A strategy by the name that a flag gives, before an import that would have been for nothing.
import type { Strategy } from '../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../shared/errors.ts';
import { namesParts, strategyOfParts } from '../shared/strategy-parts.ts';
import type { RegistryClient } from './client.ts';

/** @throws INVALID_ARGUMENT naming the strategies that there are */
export async function findStrategy(client: RegistryClient, name: string): Promise<Strategy> {
  if (namesParts(name)) return strategyOfParts(name);
  const strategies = await client.strategies();
  const found = strategies.find((strategy) => strategy.name === name);
  if (found) return found;
  const names = strategies.map((strategy) => strategy.name).join(', ');
  throw invalid(`--strategy: expected one of ${names}, got ${name}`, { field: '--strategy' });
}
