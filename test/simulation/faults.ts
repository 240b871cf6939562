// What can go wrong, and how often. Each seed draws some of the faults and leaves the others out, so that no fault hides behind another.

export const FAULT_NAMES = [
  'crash',
  'queryFails',
  'commitUnanswered',
  'requestLost',
  'replyLost',
  'requestTwice',
  'requestSlow',
  'messageLost',
  'messageTwice',
  'publishFails',
  'publishUnanswered',
  'busForgets',
  'storeFails',
  'childCrashes',
  'childHangs',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** The probability of each fault where it could happen. */
export type Faults = Readonly<Record<FaultName, number>>;

const MOST: Faults = {
  crash: 0.02,
  queryFails: 0.02,
  commitUnanswered: 0.05,
  requestLost: 0.15,
  replyLost: 0.15,
  requestTwice: 0.3,
  requestSlow: 0.1,
  messageLost: 0.6,
  messageTwice: 0.5,
  publishFails: 0.1,
  publishUnanswered: 0.1,
  busForgets: 0.05,
  storeFails: 0.05,
  childCrashes: 0.15,
  childHangs: 0.05,
};

const SHARE_IN_USE = 0.5;

export const NO_FAULTS = faultsOf(() => 0);

export function drawFaults(random: () => number): Faults {
  return faultsOf((name) => (random() < SHARE_IN_USE ? random() * MOST[name] : 0));
}

function faultsOf(rate: (name: FaultName) => number): Faults {
  return Object.fromEntries(FAULT_NAMES.map((name) => [name, rate(name)])) as Record<FaultName, number>;
}
