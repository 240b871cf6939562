// The environment, as this program reads it.
import type { Environment } from '../shared/environment.ts';

export const environment: Environment = process.env;
