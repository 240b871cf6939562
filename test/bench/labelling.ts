// Seconds and clicks to label 10 regions of CamVid to 95 % agreement with the truth: superpixels and lines against polygons alone, by
// scripted annotators that know the truth. Actions take the stated times of labelling/action-times.ts.
//   CPRAL_TEST_CAMVID=DIR node test/bench/labelling.ts [REGIONS] [AGREEMENT]
import { SUPERPIXEL_SIZES } from '../../services/label-tool/page/geometry/superpixel-steps.ts';
import { camvidFolder } from '../support/camvid.ts';
import { ACROSS_S, type Effort } from './labelling/action-times.ts';
import { labelByPolygons } from './labelling/polygon-annotator.ts';
import { camvidRegions } from './labelling/region.ts';
import { labelBySuperpixels } from './labelling/superpixel-annotator.ts';

const [count = '10', goal = '0.95'] = process.argv.slice(2);
if (!camvidFolder) throw new Error('CamVid is not there: name its folder in CPRAL_TEST_CAMVID');
const regions = await camvidRegions(camvidFolder, Number(count));
const ways: Record<string, Effort[]> = {
  polygons: regions.map((region) => labelByPolygons(region, Number(goal))),
};
for (const name of SUPERPIXEL_SIZES)
  for (const acrossSeconds of ACROSS_S)
    ways[`${name} superpixels, ${acrossSeconds} s across each`] = regions.map((region) =>
      labelBySuperpixels(region, Number(goal), { name, acrossSeconds }),
    );

console.log(`| region | ${Object.keys(ways).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(Object.keys(ways).length)}`);
const cell = ({ seconds, clicks }: Effort) => `${seconds.toFixed(0)} s, ${clicks} clicks`;
regions.forEach(({ name }, i) => {
  console.log(
    `| ${name} | ${Object.values(ways)
      .map((efforts) => cell(efforts[i]!))
      .join(' | ')} |`,
  );
});
const sum = (efforts: readonly Effort[], field: 'seconds' | 'clicks') =>
  efforts.reduce((total, effort) => total + effort[field], 0);
console.log(
  `| together | ${Object.values(ways)
    .map((efforts) => cell({ seconds: sum(efforts, 'seconds'), clicks: sum(efforts, 'clicks'), agreement: 0 }))
    .join(' | ')} |`,
);
