// `cpral compare`: finished campaigns side by side, those that differ only in their seed as one arm.
import { invalid } from '../../shared/errors.ts';
import type { CompareOptions } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { describeMachine, describeVersions } from '../machine.ts';
import { openReportFolder } from '../report/write-report.ts';
import { collectCampaign, collectStudyDataset } from '../study/collect-study.ts';
import { groupCampaigns } from '../study/group-campaigns.ts';
import { studyText } from '../study/study-text.ts';
import { writeStudy } from '../study/write-study.ts';

export async function compare(options: CompareOptions, io: Io): Promise<void> {
  await openReportFolder(options.out);
  await withClient(options.connection, io.signal, async (client) => {
    const ids = [...new Set(options.ids)];
    const datasets = new Set(
      (await Promise.all(ids.map((id) => client.getCampaign(id)))).map((each) => each.datasetId),
    );
    const [datasetId] = datasets;
    if (datasetId === undefined || datasets.size > 1) {
      throw invalid(`campaigns: expected campaigns on one dataset, got ${[...datasets].join(', ')}`);
    }
    const dataset = await collectStudyDataset(client, datasetId);
    const collected = await Promise.all(
      ids.map(async (id) => {
        const campaign = await collectCampaign(client, id, dataset.rareClasses);
        if (!campaign)
          throw invalid(`campaign ${id}: expected one that has succeeded; cpral campaign show ${id} tells more`);
        return campaign;
      }),
    );
    const results = groupCampaigns(collected, { control: options.control, poolImages: dataset.trainImages });
    const study = {
      title: `${results.arms.length} strategies side by side`,
      dataset,
      figures: [results],
      config: null,
      command: `cpral compare ${options.ids.join(' ')}`,
      failures: [],
      missing: 0,
      machine: describeMachine(),
      versions: describeVersions(),
    };
    const written = await writeStudy(options.out, study);
    print(io, `${studyText(study)}\n\nReport: ${written.url}\nData:   ${written.csv}`);
  });
}
