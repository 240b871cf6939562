// results.csv: a row for each model of each campaign. Programs rely on the column names; new ones may be added, none change.
import { stringify } from 'csv-stringify/sync';
import { PHASES, type ReportCampaign, type ReportCycle } from '../report/report.ts';
import type { Study } from './study.ts';

type Row = Record<string, string | number | null>;

export function resultsCsv(study: Study): string {
  const rows = study.figures.flatMap(({ figure, arms, full }) => [
    ...arms.flatMap(({ arm, campaigns }) =>
      campaigns.flatMap((campaign) =>
        rowsOf(campaign, study, { figure: figure.name, arm: arm.name, panel: arm.panel, strategy: arm.strategy }),
      ),
    ),
    ...full.flatMap((campaign) =>
      rowsOf(campaign, study, { figure: figure.name, arm: 'all labels', panel: '', strategy: '' }),
    ),
  ]);
  return stringify(rows, { header: true });
}

function rowsOf(campaign: ReportCampaign, { dataset }: Study, head: Row): Row[] {
  return campaign.cycles.map((cycle) => ({
    ...head,
    seed: campaign.seed,
    campaign: campaign.id,
    cycle: cycle.cycle,
    labelled_fraction: cycle.labelled.fraction,
    labelled_images: cycle.labelled.images,
    labelled_regions: cycle.labelled.regions,
    labelled_pixels: cycle.labelled.pixels,
    void_pixels: cycle.labelled.voidPixels,
    extended_pixels: cycle.extended.pixels,
    miou: cycle.miou,
    rare_iou: cycle.rareIou,
    pixel_accuracy: cycle.pixelAccuracy,
    loss: cycle.loss,
    ...pickColumns(cycle),
    ...Object.fromEntries(PHASES.map((phase) => [`${phase}_seconds`, cycle.seconds[phase]])),
    ...Object.fromEntries(dataset.classes.map(({ name }, id) => [`iou_${columnName(name)}`, cycle.iou[id] ?? null])),
  }));
}

/** Of the acquisition after the cycle's training; empty after the last one. */
function pickColumns({ picked }: ReportCycle): Row {
  return {
    picked_pixels: picked?.pixels ?? null,
    picked_void_pixels: picked?.voidPixels ?? null,
    picked_wrong_pixels: picked?.wrongPixels ?? null,
  };
}

const columnName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
