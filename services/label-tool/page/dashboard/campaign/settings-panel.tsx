import type { CampaignDetail } from '../../../dashboard-types.ts';
import { countText, percentText, timeText } from '../../plot/numbers.ts';

/** The numbers that decide a campaign. */
export function SettingsPanel({ campaign: { settings, cycles, createdAt } }: { readonly campaign: CampaignDetail }) {
  const { size, annotation } = settings;
  const region =
    settings.regionSizePx === 0 ? 'whole images' : `${settings.regionSizePx} × ${settings.regionSizePx} px`;
  const rows: readonly (readonly [string, string])[] = [
    ['Trained and labelled at', `${size.width} × ${size.height} px`],
    ['Cycles', countText(cycles)],
    ['Initial images', countText(settings.initialImages)],
    ['Budget a cycle', `${countText(settings.budgetImages)} image equivalents`],
    ['Regions', region],
    ['Subset', `${countText(settings.subsetImages)} images`],
    ['Extension', settings.extends ? 'yes' : 'no'],
    ['Network', `${settings.encoder}, batch ${settings.batchSize}, ${trainingLength(settings)}`],
    ['Stochastic passes', countText(settings.passes)],
    ...(annotation
      ? ([
          ['Review', annotation.review ? 'every label' : 'none'],
          ['Second opinions', percentText(annotation.secondOpinionShare)],
          ['Gold regions', percentText(annotation.goldShare)],
        ] as const)
      : ([['Wrong answers', percentText(settings.oracleNoise)]] as const)),
    ['Made', timeText(createdAt)],
  ];
  return (
    <section class="panel" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function trainingLength({ steps, epochs }: CampaignDetail['settings']): string {
  return steps > 0 ? `${countText(steps)} steps` : `${countText(epochs)} epochs`;
}
