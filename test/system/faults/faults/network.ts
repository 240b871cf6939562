// A link between two that talk is cut, or answers half a second late, for a while.
import { randomInteger } from '../../../../services/shared/random.ts';
import { again, type Fault, pause } from '../fault.ts';

const PAUSE_MS = [200, 1_500] as const;
const CUT_MS = [500, 6_000] as const;
const DELAYED_MS = [2_000, 6_000] as const;
const DELAY_MS = 500;

export const cutLinks: Fault = (struck) => {
  const { system, random, ended, say } = struck;
  const links = [...system.links];
  return again(struck, PAUSE_MS, async () => {
    const [name, link] = links[randomInteger(random, links.length)]!;
    say(`cut the link to ${name}`);
    await link.cut();
    await pause(CUT_MS[0] + random() * (CUT_MS[1] - CUT_MS[0]), ended);
    await link.mend();
    return true;
  });
};

export const delayLinks: Fault = (struck) => {
  const { system, random, ended, say } = struck;
  const links = [...system.links];
  return again(struck, PAUSE_MS, async () => {
    const [name, link] = links[randomInteger(random, links.length)]!;
    say(`delay the link to ${name}`);
    await link.delay(DELAY_MS);
    await pause(DELAYED_MS[0] + random() * (DELAYED_MS[1] - DELAYED_MS[0]), ended);
    await link.delay(0);
    return true;
  });
};
