import { playSeeds } from './play-seeds.ts';

playSeeds(1000, 2000);
