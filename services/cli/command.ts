// What a user can ask for, with everything that the command line decides. Parsing makes one of these; nothing else reads flags.
import type { CampaignFlags, PresetName } from '../shared/campaign/campaign-flags.ts';
import type { Role } from '../shared/identity/roles.ts';
import type { FigureName } from './study/figures.ts';

/** Where the services are: somewhere already, or in this process with their state in a folder. */
export interface Connection {
  /** host:port of running services; undefined: start them embedded. */
  readonly address: string | undefined;
  readonly home: string;
  /** Of embedded services: pieces of work at once. */
  readonly workers: number;
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LABEL_FORMATS = ['png', 'coco'] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

export const MODEL_FORMATS = ['safetensors', 'onnx'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export const CONTROLS = ['random', 'none'] as const;
export const WORK_STATES = ['open', 'leased', 'done', 'parked', 'cancelled', 'split'] as const;
export type WorkState = (typeof WORK_STATES)[number];

export interface RunOptions {
  readonly connection: Connection;
  /** FORMAT:PATH or FORMAT:KEY=VALUE,... */
  readonly dataset: string;
  readonly strategy: string;
  /** undefined: the one that suits the dataset. */
  readonly preset: PresetName | undefined;
  readonly flags: CampaignFlags;
  /** A path, "none", or undefined for the weights that come with the installation. */
  readonly encoderWeights: string | undefined;
  readonly control: (typeof CONTROLS)[number];
  readonly full: boolean;
  /** Only the plan: nothing is imported, trained or written. */
  readonly dryRun: boolean;
  readonly out: string;
  readonly json: boolean;
}

export interface ReproduceOptions {
  readonly connection: Connection;
  /** FORMAT:PATH or FORMAT:KEY=VALUE,... */
  readonly dataset: string;
  readonly figures: readonly FigureName[];
  readonly seeds: number;
  /** Campaigns under way at once. */
  readonly parallel: number;
  readonly preset: PresetName | undefined;
  readonly flags: CampaignFlags;
  readonly encoderWeights: string | undefined;
  readonly dryRun: boolean;
  readonly out: string;
  /** The words that it was asked for with, for the report. */
  readonly command: string;
}

export interface CompareOptions {
  readonly connection: Connection;
  readonly ids: readonly string[];
  readonly control: string | undefined;
  readonly out: string;
}

export type Command =
  | { readonly name: 'help'; readonly text: string }
  | { readonly name: 'health'; readonly addresses: readonly string[]; readonly waitSeconds: number }
  | ({ readonly name: 'serve'; readonly listen: string; readonly pageListens: readonly string[] } & Omit<
      Connection,
      'address'
    >)
  | { readonly name: 'run'; readonly options: RunOptions }
  | { readonly name: 'demo'; readonly options: RunOptions }
  | { readonly name: 'reproduce'; readonly options: ReproduceOptions }
  | { readonly name: 'compare'; readonly options: CompareOptions }
  | { readonly name: 'dataset import'; readonly connection: Connection; readonly dataset: string }
  | List<'dataset list'>
  | Show<'dataset show'>
  | List<'campaign list'>
  | Show<'campaign show'>
  | { readonly name: 'campaign watch'; readonly connection: Connection; readonly id: string }
  /** Without an id: every campaign that has not ended. */
  | { readonly name: 'campaign resume'; readonly connection: Connection; readonly id: string | undefined }
  | WorkList
  | {
      readonly name: 'work redrive';
      readonly connection: Connection;
      /** Either items or a campaign. */
      readonly itemIds: readonly string[];
      readonly campaignId: string | undefined;
    }
  | {
      readonly name: 'key create';
      readonly connection: Connection;
      readonly displayName: string;
      readonly role: Role;
      /** Empty: the caller's own. */
      readonly project: string;
      readonly expireTime: Date | undefined;
    }
  | List<'key list'>
  | { readonly name: 'key revoke'; readonly connection: Connection; readonly id: string }
  | AuditList
  | (Export<'export labels'> & { readonly format: LabelFormat })
  | (Export<'export model'> & { readonly format: ModelFormat });

interface List<Name extends string> {
  readonly name: Name;
  readonly connection: Connection;
  readonly json: boolean;
}

interface WorkList extends List<'work list'> {
  readonly campaignId: string | undefined;
  /** undefined: what is open, leased or parked. */
  readonly state: WorkState | undefined;
}

interface AuditList extends List<'audit list'> {
  readonly subject: string | undefined;
  readonly limit: number;
}

interface Show<Name extends string> extends List<Name> {
  readonly id: string;
}

interface Export<Name extends string> {
  readonly name: Name;
  readonly connection: Connection;
  readonly id: string;
  readonly out: string;
}

export type CommandOf<Name extends Command['name']> = Extract<Command, { readonly name: Name }>;
