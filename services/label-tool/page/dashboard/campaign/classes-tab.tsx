// How the classes fare: what was picked of each, how well each is known, what is taken for what.
import { useState } from 'preact/hooks';
import type { CampaignDetail } from '../../../dashboard-types.ts';
import { Chart } from '../../plot/chart.tsx';
import { Figure } from '../../plot/figure.tsx';
import { Nothing } from '../../site/states.tsx';
import { CycleSelect } from '../cycle-select.tsx';
import { ClassIou } from './class-iou.tsx';
import { classHistogram, classShares, classTable } from './class-shares.ts';
import { Confusion } from './confusion.tsx';

export function ClassesTab({ campaign: { classes, cycleList } }: { readonly campaign: CampaignDetail }) {
  const trained = cycleList.filter(({ evaluation }) => evaluation);
  const [chosen, setChosen] = useState<number>();
  const shown = trained.find(({ cycle }) => cycle === chosen) ?? trained.at(-1);
  if (!shown)
    return (
      <Nothing icon="curve" title="No model is trained yet">
        <p>How well each class is known can be said when the first training has ended.</p>
      </Nothing>
    );
  const newest = trained.findLast(({ picks }) => picks);
  const picked = shown.picks ? shown : chosen === undefined ? newest : shown;
  const shares = picked && classShares(classes, picked);
  return (
    <>
      <ClassIou classes={classes} cycles={trained} />
      <div class="screen-head">
        <CycleSelect cycles={trained.map(({ cycle }) => cycle)} cycle={shown.cycle} choose={setChosen} />
      </div>
      <div class="two-columns">
        {shares ? (
          <Figure
            title={`What cycle ${picked.cycle + 1} labelled`}
            note="Against the classes that its model sees in the validation images, which are like the pool."
            table={classTable(shares)}
          >
            <Chart
              spec={classHistogram(shares)}
              label="Bars: the share of each class in what was labelled and in the prediction"
            />
          </Figure>
        ) : (
          <section class="panel">
            <h2>What cycle {shown.cycle + 1} labelled</h2>
            <p class="quiet">This cycle picked nothing, or has not yet.</p>
          </section>
        )}
        <Confusion classes={classes} cycle={shown.cycle} confusion={shown.evaluation!.confusion} />
      </div>
    </>
  );
}
