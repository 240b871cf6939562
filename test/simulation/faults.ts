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
  queryFails: 0.03,
  commitUnanswered: 0.1,
  requestLost: 0.2,
  replyLost: 0.3,
  requestTwice: 0.9,
  requestSlow: 0.2,
  messageLost: 0.8,
  messageTwice: 0.9,
  publishFails: 0.3,
  publishUnanswered: 0.3,
  busForgets: 0.3,
  storeFails: 0.2,
  childCrashes: 0.5,
  childHangs: 0.1,
};

const SHARE_IN_USE = 0.5;

export const NO_FAULTS = faultsOf(() => 0);

export function drawFaults(random: () => number): Faults {
  return faultsOf((name) => (random() < SHARE_IN_USE ? random() * MOST[name] : 0));
}

function faultsOf(rate: (name: FaultName) => number): Faults {
  return Object.fromEntries(FAULT_NAMES.map((name) => [name, rate(name)])) as Record<FaultName, number>;
}
