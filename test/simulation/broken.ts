/** A promise that does not hold. */
export class Broken extends Error {}

/** The end of a campaign is not that of the undisturbed one. */
export class Different extends Broken {}
