// Claims and how they are judged: by 95 % intervals over seeds, paired where two arms share them. Pure.
import { pointsText } from '../report/numbers.ts';
import { acquisitionSeconds, bySeed, finalMiou, type Measure } from './measures.ts';
import { type BySeed, type Estimate, estimate, pairedDifference } from './statistics.ts';
import type { ArmResults, Claim, FigureResults, Judgement } from './study.ts';

/** An arm by its name and, where several panels have it, its panel. */
export interface ArmName {
  readonly name: string;
  readonly panel?: string;
}

/** @param others arms, each of which `leader` is to be ahead of at the last point */
export function isAhead(text: string, leader: ArmName, others: readonly ArmName[]): Claim {
  return {
    text,
    judge: (results) =>
      together(
        others.map((other) => {
          const difference = pairedDifference(values(results, leader), values(results, other));
          return { verdict: aboveZero(difference), found: differenceText(leader, other, difference) };
        }),
      ),
  };
}

/** @param share of the mean mIoU that the same training reaches with all labels */
export function reachesShareOfFull(text: string, arm: ArmName, share: number): Claim {
  return {
    text,
    judge(results) {
      const full = estimate(results.full.flatMap((campaign) => finalMiou(campaign) ?? []));
      const shares = full ? estimate([...values(results, arm).values()].map((miou) => miou / full.mean)) : null;
      if (!full || !shares) return nothing(arm);
      const above = shares.halfWidth === null ? null : { ...shares, mean: shares.mean - share };
      const found = `${nameOf(arm)} has ${percentWithInterval(shares)} of the ${full.mean.toFixed(3)} of all labels`;
      return { verdict: aboveZero(above), found };
    },
  };
}

/** Noise: `arm` loses no more points than each of `others`, from the clean labels of the first panel to the second's. */
export function losesLess(
  text: string,
  arm: string,
  others: readonly string[],
  panels: readonly [string, string],
): Claim {
  return {
    text,
    judge(results) {
      const loss = (name: string): BySeed => {
        const [clean, noisy] = panels.map((panel) => values(results, { name, panel })) as [BySeed, BySeed];
        return new Map(
          [...clean].flatMap(([seed, miou]) => (noisy.has(seed) ? [[seed, miou - noisy.get(seed)!]] : [])),
        );
      };
      return together(
        others.map((other) => {
          const difference = pairedDifference(loss(other), loss(arm));
          const own = estimate([...loss(arm).values()]);
          const theirs = estimate([...loss(other).values()]);
          const found =
            own && theirs
              ? `${arm} loses ${points(own.mean)}, ${other} ${points(theirs.mean)} points`
              : `too little is done`;
          return { verdict: aboveZero(difference), found };
        }),
      );
    },
  };
}

/** @param saved least share of the seconds of `slow` that `fast` does without in an acquisition */
export function savesTime(text: string, fast: ArmName, slow: ArmName, saved: number): Claim {
  return {
    text,
    judge(results) {
      const [quick, long] = [values(results, fast, acquisitionSeconds), values(results, slow, acquisitionSeconds)];
      const shares = estimate(
        [...quick].flatMap(([seed, seconds]) => (long.has(seed) ? [1 - seconds / long.get(seed)!] : [])),
      );
      if (!shares) return nothing(fast);
      const seconds = (each: BySeed) => estimate([...each.values()])!.mean.toFixed(1);
      return {
        verdict: aboveZero(shares.halfWidth === null ? null : { ...shares, mean: shares.mean - saved }),
        found: `${seconds(quick)} s against ${seconds(long)} s an acquisition: ${percentWithInterval(shares)} saved`,
      };
    },
  };
}

/** Holds where the whole interval lies above zero, does not where the whole lies below. */
function aboveZero(difference: Estimate | null): Judgement['verdict'] {
  if (!difference || difference.halfWidth === null) return 'unclear';
  if (difference.mean - difference.halfWidth > 0) return 'holds';
  return difference.mean + difference.halfWidth < 0 ? 'does not hold' : 'unclear';
}

/** All must hold; one that does not is enough against it. */
function together(judgements: readonly Judgement[]): Judgement {
  const verdicts = judgements.map(({ verdict }) => verdict);
  const verdict = verdicts.includes('does not hold')
    ? 'does not hold'
    : verdicts.every((each) => each === 'holds')
      ? 'holds'
      : 'unclear';
  return { verdict, found: judgements.map(({ found }) => found).join('; ') };
}

export function findArm({ arms }: Pick<FigureResults, 'arms'>, { name, panel }: ArmName): ArmResults | undefined {
  return arms.find(({ arm }) => arm.name === name && (panel === undefined || arm.panel === panel));
}

function values(results: FigureResults, name: ArmName, measure: Measure = finalMiou): BySeed {
  const arm = findArm(results, name);
  return arm ? bySeed(arm, measure) : new Map();
}

const nameOf = ({ name, panel }: ArmName): string => (panel === undefined ? name : `${name} (${panel})`);
const nothing = (arm: ArmName): Judgement => ({ verdict: 'unclear', found: `no campaign of ${nameOf(arm)} is done` });
const points = (miou: number): string => (miou * 100).toFixed(1);

function differenceText(leader: ArmName, other: ArmName, difference: Estimate | null): string {
  if (!difference) return `${nameOf(leader)} and ${nameOf(other)} share no finished seed`;
  const interval = difference.halfWidth === null ? ' (one seed)' : ` ± ${points(difference.halfWidth)}`;
  return `${pointsText(difference.mean)}${interval} against ${nameOf(other)}`;
}

function percentWithInterval({ mean, halfWidth }: Estimate): string {
  return halfWidth === null
    ? `${(mean * 100).toFixed(1)} % (one seed)`
    : `${(mean * 100).toFixed(1)} ± ${(halfWidth * 100).toFixed(1)} %`;
}
