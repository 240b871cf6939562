// What the routes share.
import type { Log } from '../shared/log.ts';
import type { Feed } from './campaigns/feed.ts';
import type { Summaries } from './campaigns/summaries.ts';
import type { Imports } from './imports/imports.ts';
import type { Registry } from './registry/registry.ts';

export interface ToolContext {
  readonly registry: Registry;
  readonly log: Log;
  readonly summaries: Summaries;
  readonly feed: Feed;
  readonly imports: Imports;
  /** Aborts when the service stops: long answers end then. */
  readonly stopping: AbortSignal;
}
