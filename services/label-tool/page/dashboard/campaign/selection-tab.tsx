// What each cycle picked: images with the frames of their regions, and what was known and learnt about them.
import { useEffect, useState } from 'preact/hooks';
import '../../styles/picture.css';
import type { CampaignDetail, CycleView, SelectedImage } from '../../../dashboard-types.ts';
import { getSelection } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { useResource } from '../../client/resource.ts';
import { Legend } from '../../picture/legend.tsx';
import { Picture } from '../../picture/picture.tsx';
import { plural } from '../../plot/numbers.ts';
import { say } from '../../site/notice.tsx';
import { Failure, Nothing, Waiting } from '../../site/states.tsx';
import { CycleSelect } from '../cycle-select.tsx';
import { Segmented } from '../segmented.tsx';
import { LargeView } from './large-view.tsx';
import { LAYER_TEXT, layersOf, SELECTION_LAYERS, type SelectionLayer } from './selection-layers.ts';

export function SelectionTab({ campaign }: { readonly campaign: CampaignDetail }) {
  const cycles = campaign.cycleList.filter((each) => hasSelection(campaign, each)).map(({ cycle }) => cycle);
  const [chosen, setChosen] = useState<number>();
  const cycle = chosen ?? cycles.at(-1);
  if (cycle === undefined)
    return (
      <Nothing icon="picture" title="No cycle has picked anything yet">
        <p>When the first model is trained, it rates the pool, and what it picks is shown here.</p>
      </Nothing>
    );
  return <Selection key={cycle} campaign={campaign} cycle={cycle} cycles={cycles} choose={setChosen} />;
}

/** Whether the cycle's regions are found; what becomes of them may not be known yet. */
function hasSelection({ cycle: present, step }: CampaignDetail, { cycle, picks }: CycleView): boolean {
  return picks !== null || cycle < present || (cycle === present && (step === 'annotate' || step === 'extend'));
}

interface SelectionProps {
  readonly campaign: CampaignDetail;
  readonly cycle: number;
  readonly cycles: readonly number[];
  readonly choose: (cycle: number) => void;
}

function Selection({ campaign, cycle, cycles, choose }: SelectionProps) {
  const { campaignId, classes } = campaign;
  // Labels of the present cycle come with its steps; those of others are as they are.
  const step = cycle === campaign.cycle ? campaign.step : 'done';
  const page = useResource(() => getSelection(campaignId, cycle), [campaignId, cycle, step]);
  const [layer, setLayer] = useState<SelectionLayer>('image');
  const [large, setLarge] = useState<number>();
  const loaded = page.state.value;
  const images = loaded.kind === 'ready' ? loaded.value.images : [];
  const has = (each: SelectionLayer) => each === 'image' || images.some(({ pictures }) => pictures[each] !== null);
  useEffect(() => {
    if (loaded.kind === 'ready' && !has(layer)) setLayer('image');
  }, [loaded]);
  const more = async () => {
    if (loaded.kind !== 'ready') return;
    try {
      const next = await getSelection(campaignId, cycle, loaded.value.nextPageToken);
      page.set({ ...next, images: [...images, ...next.images] });
    } catch (error) {
      say(describeError(error));
    }
  };
  return (
    <>
      <div class="screen-head">
        <CycleSelect cycles={cycles} cycle={cycle} choose={choose} />
        <Segmented
          name="layer"
          label="What lies over the images"
          choices={SELECTION_LAYERS.map((value) => ({ value, text: LAYER_TEXT[value], disabled: !has(value) }))}
          value={layer}
          choose={setLayer}
        />
        <span class="quiet">Framed: the regions that were asked for</span>
      </div>
      {layer !== 'image' && layer !== 'entropy' && <Legend classes={classes} />}
      {loaded.kind === 'loading' && <Waiting what="The selection" />}
      {loaded.kind === 'failed' && (
        <Failure title="The selection could not be loaded" message={loaded.message} retry={() => void page.reload()} />
      )}
      {loaded.kind === 'ready' && images.length === 0 && (
        <Nothing icon="picture" title={`Cycle ${cycle + 1} has picked nothing yet`}>
          <p>Its images appear when their regions are found.</p>
        </Nothing>
      )}
      <ul class="gallery">
        {images.map((image, at) => (
          <li key={image.imageId}>
            <button type="button" class="thumb" aria-label={`Enlarge ${captionOf(image)}`} onClick={() => setLarge(at)}>
              <Picture
                image={image.pictures.image}
                label={`${image.imageId}, ${LAYER_TEXT[layer].toLowerCase()}`}
                size={image.size}
                classes={classes}
                layers={layersOf(image.pictures, layer)}
                frames={image.regions}
              />
            </button>
            <p>
              <strong>{image.imageId}</strong>
              <span class="quiet"> {captionOf(image).slice(image.imageId.length + 2)}</span>
            </p>
          </li>
        ))}
      </ul>
      {loaded.kind === 'ready' && loaded.value.nextPageToken && (
        <button type="button" onClick={() => void more()}>
          More images
        </button>
      )}
      {large !== undefined && images[large] && (
        <LargeView
          images={images}
          at={large}
          classes={classes}
          layer={layer}
          setLayer={setLayer}
          go={setLarge}
          close={() => setLarge(undefined)}
        />
      )}
    </>
  );
}

function captionOf({ imageId, regions }: SelectedImage): string {
  const best = Math.min(...regions.map(({ rank }) => rank));
  return `${imageId}, ${plural(regions.length, 'region')}, best rank ${best + 1}`;
}
